import { breaks, etaOf, surelyBroken } from '../../../domain/forecast/breach';
import { breachSentence, NO_BREACH, watchBreach } from '../../../domain/forecast/breach-watch';
import type { BreachLook, BreachState, PredictedBreach } from '../../../domain/forecast/breach-watch';
import type { LeadForecast } from '../../../domain/forecast/forecast';
import { HOUR, START } from './samples';

const record = { method: 'mean', mase: 0.6, coverage: { '0.8': 0.8 }, why: 'In 96 trials mean erred less.' } as const;
const limit = { side: 'above', value: 90 } as const;

/** Hourly values from `START`, each with an 80 % interval of 5 on either side. */
function forecastOf(values: readonly number[], half = 5): readonly LeadForecast[] {
  return values.map((value, i) => ({ at: START + i * HOUR, value, intervals: [{ nominal: 0.8, low: value - half, high: value + half }] }));
}

const RISING = [70, 80, 87, 92, 97, 99];

function lookAt(values: readonly number[], hour = 0, more: Partial<BreachLook> = {}): BreachLook {
  const forecast = forecastOf(values).map((lead) => ({ ...lead, at: lead.at + hour * HOUR }));
  return { now: START + hour * HOUR, value: 60, forecast, limit, horizonMs: 8 * HOUR, record, ...more };
}

function watched(looks: readonly BreachLook[]): readonly (readonly PredictedBreach[])[] {
  let state: BreachState = NO_BREACH;
  return looks.map((look) => {
    const seen = watchBreach(state, look);
    state = seen.state;
    return seen.predicted;
  });
}

test('the range of a breach goes from the far edge to the near edge of the interval', () => {
  expect(etaOf(forecastOf(RISING), limit, 0.8)).toEqual({ earliest: START + 2 * HOUR, expected: START + 3 * HOUR, latest: START + 4 * HOUR });
});

test('where the near edge does not cross, the end is open', () => {
  expect(etaOf(forecastOf([70, 87, 91, 92]), limit, 0.8)).toEqual({ earliest: START + HOUR, expected: START + 2 * HOUR, latest: null });
  expect(etaOf(forecastOf([70, 87]), limit, 0.8)).toEqual({ earliest: START + HOUR, expected: null, latest: null });
});

test('a limit that nothing reaches has no range', () => {
  expect(etaOf(forecastOf([70, 71]), limit, 0.8)).toBeNull();
});

test('limits below mirror those above', () => {
  const eta = etaOf(forecastOf(RISING.map((value) => -value)), { side: 'below', value: -90 }, 0.8);
  expect(eta).toEqual(etaOf(forecastOf(RISING), limit, 0.8));
});

test('no number breaks no limit', () => {
  expect([breaks(limit, NaN), breaks({ side: 'below', value: 1 }, NaN)]).toEqual([false, false]);
});

test('breaches close to each other are one', () => {
  const forecast = forecastOf([99, 70, 99, 70, 70, 70, 99]);
  expect(surelyBroken(forecast, limit, 0.8, 2 * HOUR)).toEqual([
    { from: START, to: START + 2 * HOUR },
    { from: START + 6 * HOUR, to: START + 6 * HOUR },
  ]);
});

test('a breach is told when two looks running see it, not when one does', () => {
  const [first, second] = watched([lookAt(RISING), lookAt(RISING.slice(1), 1)]);
  expect([first?.length, second?.length]).toEqual([0, 1]);
  expect(watched([lookAt(RISING), lookAt([70, 70, 70], 1), lookAt(RISING, 2)]).flat()).toEqual([]);
});

test('what is told says when, from where, and on what it rests', () => {
  const [, [breach] = []] = watched([lookAt(RISING), lookAt(RISING.slice(1), 1)]);
  expect(breach).toMatchObject({ kind: 'predicted-breach', at: START + HOUR, nominal: 0.8, value: 60, record, until: START + 5 * HOUR });
  expect(breach?.why).toBe(
    'It will rise above 90 between 2026-01-05 02:00:00 UTC (in 1 h) and 2026-01-05 04:00:00 UTC (in 3 h), by the 80 % interval; it is 60 now. In 96 trials mean erred less.',
  );
});

test('one alarm for a breach, even when the forecast wavers in between', () => {
  const looks = [lookAt(RISING), lookAt(RISING.slice(1), 1), lookAt([70, 70, 70, 70], 2), lookAt(RISING.slice(2), 2), lookAt(RISING.slice(2), 2)];
  expect(watched(looks).flat()).toHaveLength(1);
});

test('the next breach has an alarm of its own', () => {
  const quiet = Array.from({ length: 20 }, (_, i) => lookAt([70, 70], 7 + i));
  expect(watched([lookAt(RISING), lookAt(RISING, 0), ...quiet, lookAt(RISING, 30), lookAt(RISING, 30)]).flat()).toHaveLength(2);
});

test('beyond the horizon nothing is told', () => {
  const soon = { horizonMs: 3 * HOUR };
  expect(watched([lookAt(RISING, 0, soon), lookAt(RISING, 0, soon)]).flat()).toEqual([]);
});

test('a wide interval tells nothing, however far the middle is across', () => {
  const vague = { forecast: forecastOf(RISING, 30) };
  expect(watched([lookAt(RISING, 0, vague), lookAt(RISING, 0, vague)]).flat()).toEqual([]);
});

test('what is broken already is no prediction, nor is its end', () => {
  const broken = { value: 95 };
  const high = [96, 97, 98];
  expect(watched([lookAt(high, 0, broken), lookAt(high, 0, broken), lookAt(high)]).flat()).toEqual([]);
});

test('the state stays small and is plain data', () => {
  let state: BreachState = NO_BREACH;
  for (let hour = 0; hour < 500; hour += 1) state = watchBreach(state, lookAt(hour % 3 === 0 ? [99, 60, 60, 99, 60, 60, 99] : [60, 99], hour)).state;
  expect(JSON.stringify(state).length).toBeLessThan(2000);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('an open end is told', () => {
  const eta = { earliest: START + HOUR, expected: null, latest: null };
  const text = breachSentence({ now: START, value: null, limit: { side: 'below', value: 10 }, eta, nominal: 0.8, record });
  expect(text).toContain('It may fall below 10 not before 2026-01-05 01:00:00 UTC (in 1 h), with an open end, by the 80 % interval.');
});
