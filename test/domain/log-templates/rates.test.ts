import { logAnomalies } from '../../../domain/log-templates/rates';
import type { CountedTemplate, RateSettings } from '../../../domain/log-templates/rates-types';
import { seededRandom } from '../../../domain/seeded-random';

const [MINUTE, DAY] = [60_000, 86_400_000];
const NOW = Date.parse('2026-03-09T12:00:00.000Z');
const WEEK_AGO = NOW - 7 * DAY;
const TIMES = { from: WEEK_AGO, now: NOW };

/** A template with lines a minute by its age at `now` in minutes: 0 is the last whole minute. */
function template(id: string, linesAt: (age: number) => number, over: Partial<CountedTemplate> = {}): CountedTemplate {
  const minutes: { at: number; lines: number }[] = [];
  for (let age = 7 * 24 * 60 - 1; age >= 0; age -= 1) {
    const lines = linesAt(age);
    if (lines > 0) minutes.push({ at: NOW - (age + 1) * MINUTE, lines });
  }
  return { id, text: `${id} <n>`, level: 'info', sample: `${id} 17`, minutes, ...over };
}

/** Poisson's counts by Knuth's method. */
function poisson(mean: number, random: () => number): number {
  let [count, product] = [0, random()];
  for (const least = Math.exp(-mean); product > least; count += 1) product *= random();
  return count;
}

const random = seededRandom(7);
const steady = template('steady', () => poisson(2, random));

function kinds(templates: readonly CountedTemplate[], over: Partial<RateSettings> = {}): string[] {
  return logAnomalies(templates, { ...TIMES, ...over }).map(({ kind, template: id }) => `${kind} ${id}`);
}

test('a service that goes on as before has no anomaly', () => {
  expect(kinds([steady])).toEqual([]);
});

test('a template that was not there in the history is new, and says so in a sentence', () => {
  const fresh = template('no free handle', (age) => (age < 3 ? 4 : 0), { level: 'error' });
  expect(logAnomalies([steady, fresh], TIMES)).toMatchObject([
    {
      kind: 'new',
      template: 'no free handle',
      lines: 12,
      since: NOW - 3 * MINUTE,
      example: 'no free handle 17',
      sentence: 'New error line “no free handle <n>”: 12 times in 5 m, not once in the 6 d 23 h before; since 2026-03-09 11:57:00 UTC.',
    },
  ]);
});

test('in the learning time nothing is new', () => {
  const fresh = template('fresh', (age) => (age < 3 ? 4 : 0));
  expect(kinds([steady, fresh], { learningMs: 8 * DAY })).toEqual([]);
});

test('a service with new templates every day does not alarm every day, but for one that is stronger than all of them', () => {
  const daily = [1, 2, 3, 4, 5].map((day) => template(`daily-${String(day)}`, (age) => (age === day * 1440 ? 3 : 0)));
  const another = template('another', (age) => (age === 1 ? 3 : 0));
  expect(kinds([steady, ...daily, another])).toEqual([]);
  expect(kinds([steady, ...daily, { ...another, level: 'error' }])).toEqual(['new another']);
  expect(kinds([steady, ...daily, template('flood', (age) => (age === 1 ? 300 : 0))])).toEqual(['new flood']);
});

test('many new templates at once, as a deployment brings them, count once', () => {
  const deployed = [1, 2, 3, 4, 5].map((i) => template(`deployed-${String(i)}`, (age) => (age < 2 * 1440 && age % 60 === 0 ? 1 : 0)));
  const fresh = template('fresh', (age) => (age === 1 ? 1 : 0));
  expect(kinds([steady, ...deployed, fresh], { alertsPerWeek: 2 })).toEqual(['new fresh']);
});

test('a rate far above its history is told with what was expected', () => {
  const burst = { ...steady, minutes: steady.minutes.map((minute) => (minute.at >= NOW - 3 * MINUTE ? { ...minute, lines: 40 } : minute)) };
  const [anomaly] = logAnomalies([burst], TIMES);
  expect(anomaly).toMatchObject({ kind: 'more', since: NOW - 3 * MINUTE });
  expect(anomaly?.expected.mean).toBeCloseTo(10, 0);
  expect(anomaly?.sentence).toMatch(
    /^More info lines “steady <n>”: 12\d times in 5 m, expected (9\.\d|10(\.\d)?) \([2-4] to (18|19|20)\); since 2026-03-09 11:57:00 UTC\.$/,
  );
});

test('a template that falls silent is told', () => {
  const silent = { ...steady, minutes: steady.minutes.filter(({ at }) => at < NOW - 5 * MINUTE) };
  expect(kinds([silent])).toEqual(['fewer steady']);
});

test('what bursts now and then does not alarm when it does so again', () => {
  const cron = template('cron', (age) => (age % 1440 === 2 ? 500 : 0));
  expect(kinds([cron])).toEqual([]);
});

test('a second incident like the first is found when the first is left out of the history', () => {
  const incident = { from: NOW - 2 * DAY, to: NOW - 2 * DAY + 60 * MINUTE };
  const twice = {
    ...steady,
    minutes: steady.minutes.map((minute) => ({
      ...minute,
      lines: minute.at >= NOW - 5 * MINUTE || (minute.at >= incident.from && minute.at < incident.to) ? 50 : minute.lines,
    })),
  };
  expect(kinds([twice], { ignored: [incident] })).toEqual(['more steady']);
});

test('a template that began not long ago has no history to be judged by', () => {
  expect(kinds([template('young', (age) => (age < 30 ? (age < 5 ? 100 : 1) : 0))])).toEqual([]);
});

test('a hundred templates that go on as before alarm less than once in the time that one alarm a week allows', () => {
  const many = Array.from({ length: 100 }, (_, i) => template(`t${String(i)}`, (age) => (age < 2880 ? poisson(0.2, random) : 0)));
  const alarms = Array.from({ length: 20 }, (_, i) => logAnomalies(many, { from: NOW - 2 * DAY, now: NOW - i * 15 * MINUTE }).length);
  expect(alarms.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
});

test('no more anomalies are told than asked for, the most severe first', () => {
  const fresh = Array.from({ length: 50 }, (_, i) => template(`f${String(i)}`, (age) => (age < 1 ? i + 1 : 0), { level: i === 7 ? 'error' : 'info' }));
  expect(kinds([steady, ...fresh], { most: 3 })).toEqual(['new f7', 'new f49', 'new f48']);
});

test('secrets and line breaks do not stand in the example', () => {
  const [anomaly] = logAnomalies([template('fresh', (age) => (age < 1 ? 1 : 0), { sample: 'password=swordfish\nforged' })], TIMES);
  expect(anomaly?.example).toBe('password=[redacted] forged');
});

test.each([
  [{ ...TIMES, windowMs: 90_000 }, /whole number of minutes/],
  [{ from: NOW, now: NOW }, /before now/],
])('times that make no sense are refused', (settings, complaint) => {
  expect(() => logAnomalies([], settings)).toThrow(complaint);
});
