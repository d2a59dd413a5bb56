import type { MeasureKind } from '../../../domain/anomaly/kinds';
import { EFFECT_FLOORS } from '../../../domain/anomaly/kinds';
import { choose } from '../../../domain/detection/choose';
import type { ChoiceHistory, LabelledAlert } from '../../../domain/detection/choose';
import { injectIncidents } from '../../../domain/detection/choose-incidents';
import { chosenSettings, readChoice } from '../../../domain/detection/choose-record';
import { seededRandom } from '../../../domain/seeded-random';

const DAY = 86_400_000;
const ROW = 15 * 60_000;
const T0 = Date.parse('2026-01-05T00:00:00Z');
const day = (at: number): number => Math.sin((at / DAY) * 2 * Math.PI);

/** Rows of 15 minutes. */
function history(days: number, kind: MeasureKind, value: (at: number, random: () => number) => number, more: Partial<ChoiceHistory> = {}): ChoiceHistory {
  const random = seededRandom(11);
  const times = Array.from({ length: (days * DAY) / ROW }, (_, i) => T0 + i * ROW);
  return { times, values: times.map((at) => value(at, random)), kind, labels: [], ...more };
}

const DAILY = history(28, 'saturation', (at, random) => 0.4 + 0.3 * day(at) + 0.01 * random());
const CHOSEN = choose(DAILY, 1);

test('a series that repeats each day gets a season of a day, with the figures that speak for it', () => {
  expect(CHOSEN).toMatchObject({ preset: 'default', seasonMs: DAY, alertsPerWeek: 0.1, kept: false });
  expect(CHOSEN.reason).toMatch(
    /^A season of 1 d and 0\.1 alerts a week chosen: 8 of 8 incidents found, 0 false alerts in 11 d \d+ h; with what is configured, \d of 8 incidents found, /,
  );
  expect(CHOSEN.figures.trials).toHaveLength(6);
});

test('a series whose weekends differ keeps the week', () => {
  const weekly = history(28, 'rate', (at, random) => (50 + 30 * day(at)) * (new Date(at).getUTCDay() % 6 === 0 ? 0.4 : 1) + 4 * random());
  expect(choose(weekly, 1)).toMatchObject({ seasonMs: 7 * DAY, alertsPerWeek: 0.1, kept: true });
});

test('where all do as well, what is configured is kept', () => {
  const quiet = history(14, 'errorShare', (_, random) => (random() < 0.9 ? 0 : 0.01 * random()), { seasonMs: DAY });
  const chosen = choose(quiet, 1);
  expect(chosen).toMatchObject({ seasonMs: DAY, alertsPerWeek: 0.1, kept: true });
  expect(chosen.reason).toMatch(/ kept: .*; nothing else that was tried is clearly better\.$/);
});

test('with under three seasons of history nothing is tried', () => {
  const short = { ...DAILY, times: DAILY.times.slice(-20 * 96), values: DAILY.values.slice(-20 * 96) };
  expect(choose(short, 1)).toMatchObject({
    kept: true,
    figures: { trials: [], heldMs: 0 },
    reason: 'What is configured is kept: a backtest needs 3 seasons of 7 d and 4 incidents to try, and there are 19 d 23 h of history.',
  });
  expect(choose({ ...short, values: short.values.map(() => null) }, 1).kept).toBe(true);
  expect(choose({ ...short, times: [], values: [] }, 1).kept).toBe(true);
  // A declared season of a day is there twenty times.
  expect(choose({ ...short, seasonMs: DAY }, 1).figures.trials).toHaveLength(3);
});

test('the same seed gives the same choice, and another seed other incidents', () => {
  expect(choose(DAILY, 1)).toEqual(CHOSEN);
  const injected = (seed: number) => injectIncidents(DAILY.values, 1000, { kind: 'saturation', floor: EFFECT_FLOORS.saturation, random: seededRandom(seed) });
  expect(injected(1)).toEqual(injected(1));
  expect(injected(2).incidents).not.toEqual(injected(1).incidents);
});

describe('an alert in the part that was held out', () => {
  const at = T0 + 12 * DAY;
  const outage = history(14, 'errorShare', (time) => (time >= at && time < at + 6 * ROW ? 0.5 : 0.001), { seasonMs: DAY });
  const judged = (...labels: readonly LabelledAlert['what'][]) => {
    const [first] = choose({ ...outage, labels: labels.map((what) => ({ at, score: 0.9, what })) }, 1).figures.trials;
    return { falseAlerts: first?.falseAlerts, incidents: first?.incidents, found: first?.found };
  };

  test('that nobody speaks of, or that people ignored, is false; noise is so twice', () => {
    expect([judged(), judged('ignored'), judged('noise')].map(({ falseAlerts }) => falseAlerts)).toEqual([1, 1, 2]);
  });

  test('that people called useful is an incident that was found', () => {
    const { incidents = 0, found = 0 } = judged();
    expect(judged('useful')).toEqual({ falseAlerts: 0, incidents: incidents + 1, found: found + 1 });
  });
});

test('incidents lie on the bad side, within what the kind can be, and leave gaps and what was before', () => {
  const values = Array.from({ length: 2000 }, (_, i) => (i % 50 === 0 ? null : 0.95));
  for (const [kind, bad] of [
    ['errorShare', 1],
    ['up', -1],
    ['saturation', 1],
  ] as const) {
    const injected = injectIncidents(values, 1000, { kind, floor: EFFECT_FLOORS[kind], random: seededRandom(3) });
    const inside = (row: number) => injected.incidents.some(({ from, to }) => row >= from && row <= to);
    // Which way each row was moved.
    const moved = injected.values.map((value) => (value === null ? null : Math.sign(value - 0.95)));
    expect(injected.incidents.length).toBe(8);
    expect(moved).toEqual(values.map((value, i) => (value === null ? null : inside(i) ? bad : 0)));
    const known = injected.values.filter((value) => value !== null);
    expect([Math.min(...known) >= 0, Math.max(...known) <= 1]).toEqual([true, true]);
  }
});

test('a choice is read back as it was saved, and nothing else is', () => {
  const choice = { at: T0, ...CHOSEN };
  expect(readChoice(JSON.parse(JSON.stringify(choice)))).toEqual(choice);
  expect(chosenSettings(choice)).toMatchObject({ alertsPerWeek: 0.1, detector: { seasonMs: DAY, holdMs: 15 * 60_000 } });
  expect(chosenSettings({ ...choice, kept: true })).toBeUndefined();
  for (const wrong of [undefined, null, {}, { ...choice, seasonMs: 0 }, { ...choice, preset: 'none' }]) expect(readChoice(wrong)).toBeUndefined();
});
