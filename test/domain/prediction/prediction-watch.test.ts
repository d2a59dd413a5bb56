import type { Alert } from '../../../domain/alert';
import { readPredictions } from '../../../domain/prediction/prediction-state';
import { endPrediction, lookAhead, NOTHING_PREDICTED } from '../../../domain/prediction/prediction-watch';
import type { PredictionLook, PredictionState } from '../../../domain/prediction/prediction-watch';
import { HANDLES, HOUR, lookAt, START } from './samples';

const FULL_SOON = [0.7, 0.8, 0.97, 1.02, 1.06, 1.2];
const CALM = [0.6, 0.6, 0.6, 0.6];
const iso = (hour: number): string => new Date(START + hour * HOUR).toISOString();

/** The alerts of each look. */
function looked(looks: readonly PredictionLook[], between: (state: PredictionState) => PredictionState = (state) => state): readonly (readonly Alert[])[] {
  let state = NOTHING_PREDICTED;
  return looks.map((look) => {
    const seen = lookAhead(between(state), HANDLES, look);
    state = seen.state;
    return seen.alerts;
  });
}

test('a breach that two looks running foresee is told once, with its range, the limit and what the backtest says', () => {
  const [first, second, third] = looked([lookAt(FULL_SOON), lookAt(FULL_SOON, 1), lookAt(FULL_SOON, 2)]);
  expect([first, third]).toEqual([[], []]);
  expect(second).toEqual([
    {
      id: `prediction:prod/bookshop/saturation:order-handles:${iso(1)}:firing`,
      fingerprint: 'prediction:prod/bookshop/saturation:order-handles',
      ...{ status: 'firing', source: 'forecast', environment: 'prod', service: 'bookshop', name: 'PredictedBreach', severity: 'sev3' },
      summary:
        'bookshop: order handles will be full in 2 to 4 hours. It will rise above 0.99 between 2026-03-01 15:00:00 UTC (in 2 h) and 2026-03-01 17:00:00 UTC (in 4 h), by the 80 % ' +
        'interval; it is 0.6 now. In 80 trials on its past mean erred 60 % of what repeating the last value did.',
      ...{ startsAt: iso(1), signal: 'saturation:order-handles', threshold: 0.99, labels: {}, value: 0.6 },
      shortage: { from: START + 3 * HOUR, until: START + 6 * HOUR, factor: 1.25 / 0.99 },
    },
  ]);
});

test('it ends when two looks running do not even expect it by the middle of the forecast', () => {
  const told = [lookAt(FULL_SOON), lookAt(FULL_SOON, 1)];
  const flicker = looked([...told, lookAt(CALM, 2), lookAt([0.9, 1.0], 3), lookAt(CALM, 4)]);
  expect(flicker.flat()).toHaveLength(1);
  const [, begun, , ended] = looked([...told, lookAt(CALM, 2), lookAt(CALM, 3)]);
  expect(ended).toMatchObject([{ status: 'resolved', fingerprint: begun?.[0]?.fingerprint, startsAt: begun?.[0]?.startsAt, endsAt: iso(3) }]);
  expect(ended?.[0]?.summary).toBe(
    'bookshop: that order handles will be full is over. It is not expected to come before 2026-03-02 15:00:00 UTC any more; it is 0.6 now.',
  );
});

test('one that comes back after its end is told anew, under another id', () => {
  const calm = [2, 3].map((hour) => lookAt(CALM, hour));
  const alerts = looked([lookAt(FULL_SOON), lookAt(FULL_SOON, 1), ...calm, lookAt(FULL_SOON, 4), lookAt(FULL_SOON, 5)]).flat();
  expect(alerts.map(({ status }) => status)).toEqual(['firing', 'resolved', 'firing']);
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(3);
});

test('without a forecast there is no prediction, and the end of one says why', () => {
  const none = (hour: number): PredictionLook => ({
    ...lookAt([], hour),
    record: { method: null, mase: null, coverage: null, why: 'No forecast: the values never change.' },
  });
  const alerts = looked([lookAt(FULL_SOON), lookAt(FULL_SOON, 1), none(2), none(3)]);
  expect(alerts[3]?.[0]?.summary).toContain('is over. No forecast: the values never change.');
});

test('when it comes true, the broken limit takes its place before the prediction ends, until it holds twice running', () => {
  const told = [lookAt(FULL_SOON), lookAt(FULL_SOON, 1)];
  const full = [2, 3, 4].map((hour) => lookAt([1.1], hour, 1));
  const mended = [5, 6].map((hour) => lookAt(CALM, hour, 0.2));
  const alerts = looked([...told, ...full, ...mended]);
  expect(alerts.map((each) => each.map(({ name, status }) => `${name} ${status}`))).toEqual([
    ...[[], ['PredictedBreach firing'], []],
    ['LimitBroken firing', 'PredictedBreach resolved'],
    ...[[], []],
    ['LimitBroken resolved'],
  ]);
  expect(alerts[3]?.[0]).toMatchObject({ severity: 'sev2', summary: 'bookshop: order handles stands at 1, above the limit of 0.99, as was predicted.' });
});

test('what is broken already is no prediction', () => {
  expect(looked([0, 1, 2].map((hour) => lookAt([1.1, 1.2], hour, 1))).flat()).toEqual([]);
});

test('saved and read back between all looks, nothing is told twice or forgotten', () => {
  const looks = [lookAt(FULL_SOON), lookAt(FULL_SOON, 1), lookAt(FULL_SOON, 2), lookAt(CALM, 3), lookAt(CALM, 4)];
  const saved = (state: PredictionState): PredictionState => {
    const text = JSON.stringify({ key: { series: HANDLES, state } });
    const kept = readPredictions(JSON.parse(text)).get('key');
    expect(kept?.series).toEqual(HANDLES);
    return kept?.state ?? NOTHING_PREDICTED;
  };
  expect(looked(looks, saved)).toEqual(looked(looks));
  expect(readPredictions({ key: { series: 1 } })).toEqual(new Map());
});

test('what stands of a series that nobody declares any more is ended', () => {
  const state = { ...NOTHING_PREDICTED, toldAt: START };
  const ending = { at: START + HOUR, why: 'Nothing is measured of it.', blind: true };
  expect(endPrediction(state, HANDLES, ending)).toMatchObject([{ status: 'resolved', endsAt: iso(1), noData: true }]);
  expect(endPrediction(NOTHING_PREDICTED, HANDLES, ending)).toEqual([]);
});
