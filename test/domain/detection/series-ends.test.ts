import type { Judged } from '../../../domain/anomaly/watch';
import { CALM, follow, seriesEndMs } from '../../../domain/detection/condition';
import type { SeriesDefinition } from '../../../domain/series/definition';

const MINUTE = 60_000;
const DETECTOR = { enabled: true, rowMs: MINUTE };

function declared(windowMs: number, slideMs: number): SeriesDefinition {
  const times = { windowMs, slideMs, latenessMs: 30_000, settleMs: 5000 };
  return { name: 's', from: { log: '', labels: {} }, measure: 'rate', by: [], ...times, anomalies: { kind: 'errorShare' } };
}

const judged = (bad: boolean, anomaly?: Judged['anomaly']): Judged => ({ score: 1, threshold: 0.2, band: undefined, effect: bad ? 2 : 0, anomaly });

/** When the end of a condition is known at the latest, of a series that measures what was bad until `well`. */
function endKnownAt({ windowMs, slideMs, latenessMs, settleMs }: SeriesDefinition, well: number): number {
  let { state } = follow(CALM, 0, 1, judged(true, { alerting: true, since: 0 } as Judged['anomaly']), true);
  for (let end = slideMs; ; end += slideMs) {
    const step = follow(state, end, 1, judged(end - windowMs < well), true);
    state = step.state;
    // A window is made when it is whole, and a row later it is looked at.
    if (step.event?.kind === 'ends') return end + latenessMs + settleMs + DETECTOR.rowMs;
  }
}

test.each([
  ['a minute', declared(MINUTE, MINUTE)],
  ['five minutes, each minute', declared(5 * MINUTE, MINUTE)],
  ['an hour', declared(60 * MINUTE, 60 * MINUTE)],
  ['an hour, each five minutes', declared(60 * MINUTE, 5 * MINUTE)],
])('an incident is watched until a series over %s can have told the end of its trouble', (_name, series) => {
  for (const share of [0, 0.01, 0.5, 0.99]) {
    const well = (7 + share) * series.slideMs;
    expect(endKnownAt(series, well) - well).toBeLessThanOrEqual(seriesEndMs([series], DETECTOR));
  }
});

test('of several the slowest counts; series that nobody judges do not', () => {
  const [fast, slow] = [declared(MINUTE, MINUTE), declared(60 * MINUTE, 60 * MINUTE)];
  const { anomalies: _judged, ...measured } = slow;
  expect(seriesEndMs([fast, slow], DETECTOR)).toBe(seriesEndMs([slow], DETECTOR));
  expect(seriesEndMs([fast, measured], DETECTOR)).toBe(seriesEndMs([fast], DETECTOR));
  expect(seriesEndMs([measured], DETECTOR)).toBe(0);
  expect(seriesEndMs([slow], { ...DETECTOR, enabled: false })).toBe(0);
});
