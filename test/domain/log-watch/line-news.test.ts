import { anomalyText } from '../../../domain/detection/anomaly-record';
import type { CountedLine } from '../../../domain/log-templates/grouped';
import { LineCounts } from '../../../domain/log-watch/line-counts';
import { lineNews, mostFrequent } from '../../../domain/log-watch/line-news';
import type { LineNews, ToldLine } from '../../../domain/log-watch/line-news';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const NOW = Date.parse('2026-03-09T12:00:00Z');
const SHOP = { name: 'shop', environment: 'prod', tier: 'critical' as const };

/** A line with so many in each of the minutes before an end. */
function line(template: string, counts: readonly number[], more: Partial<CountedLine> & { readonly end?: number } = {}): CountedLine {
  const { end = NOW, level = 'error', sample = template } = more;
  const minutes = counts.map((lines, i) => ({ at: end - (counts.length - i) * MINUTE, lines })).filter(({ lines }) => lines > 0);
  return { level, template, sample, minutes };
}

/** Three error lines every ten minutes of a week. */
const USUAL = line(
  'payment <n> was refused',
  Array.from({ length: 7 * 1440 }, (_, i) => (i % 10 === 0 ? 3 : 0)),
);
const see = (lines: readonly CountedLine[], told: readonly ToldLine[] = [], now = NOW): LineNews =>
  lineNews(SHOP, { lines: [USUAL, ...lines], from: NOW - 7 * DAY, now, told });

const FIVE = [8, 8, 8, 8, 8];

test('a new error line that comes often opens an incident by its name, count and begin', () => {
  const { alerts, records } = see([line('order handle <n> lost', FIVE, { sample: 'order handle 17 lost' })]);
  expect(alerts).toHaveLength(1);
  expect(alerts[0]).toMatchObject({ name: 'NewErrorLine', status: 'firing', severity: 'sev2', signal: 'errorLines', value: 40, anomaly: records[0]?.id });
  expect(alerts[0]?.summary).toMatch(
    /^shop: New error line “order handle <n> lost”: 40 times in 10 m, not once in the 6 d 23 h before; since 2026-03-09 11:55/,
  );
  expect(records[0]?.anomaly).toMatchObject({ kind: 'log', alerting: true, value: 40 });
  expect(records[0] && anomalyText(records[0])).toMatch(/^new error lines “order handle <n> lost” \(lines in 10 m\): 40 is above the expected 0 to 0, for 5 m/);
});

test.each([
  ['a warning', [line('order handle <n> slow', FIVE, { level: 'warn' })]],
  ['an error that came a few times', [line('order handle <n> lost', [1, 1, 1, 1, 1])]],
  ['the errors of a restart', [line('cannot reach the store', [0, 0, 60, 40, 20])]],
])('%s is an anomaly and no alert', (_, lines) => {
  const { alerts, records } = see(lines);
  expect(alerts).toEqual([]);
  expect(records.map(({ anomaly }) => anomaly.alerting)).toEqual([false]);
});

test('an error in new words that takes the place of an old one opens nothing', () => {
  const old = line(
    'basket <n> was not saved',
    Array.from({ length: 7 * 1440 }, () => 8),
    { end: NOW - 6 * MINUTE },
  );
  expect(see([old, line('could not save basket <n>', [...FIVE, 8])]).alerts).toEqual([]);
  expect(see([line('could not save basket <n>', [...FIVE, 8])]).alerts).toHaveLength(1);
});

test('a line that comes more often than ever is an anomaly, told once an episode', () => {
  const more = (now: number): CountedLine[] => [line('payment <n> was refused', [20, 20, 20], { end: now })];
  const first = see(more(NOW));
  expect(first.records.map(({ label, anomaly }) => [label, anomaly.alerting])).toEqual([['more error lines “payment <n> was refused”', false]]);
  const next = see(more(NOW + MINUTE), first.told, NOW + MINUTE);
  expect([...next.records, ...next.alerts]).toEqual([]);
});

test('what was told ends with the lines, three minutes after the last, under the same identity', () => {
  const handles = line('order handle <n> lost', FIVE);
  const first = see([handles]);
  const soon = see([handles], first.told, NOW + 2 * MINUTE);
  expect(soon.alerts).toEqual([]);
  const over = see([handles], soon.told, NOW + 3 * MINUTE);
  const [begun, ended] = [first.alerts[0], over.alerts[0]];
  expect(ended).toMatchObject({ status: 'resolved', fingerprint: begun?.fingerprint, startsAt: begun?.startsAt, endsAt: new Date(NOW).toISOString() });
  expect(see([handles], over.told, NOW + 4 * MINUTE)).toMatchObject({ alerts: [], records: [] });
});

test('of two alerts whose lines turn out to be of one kind one ends, and the other stands for both', () => {
  const died = (name: string) => line(`worker ${name} has died of hunger`, FIVE);
  const first = see([died('alpha'), died('beta')]);
  expect(first.alerts.map(({ status }) => status)).toEqual(['firing', 'firing']);
  const all = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'theta'].map(died);
  const next = see(all, first.told, NOW + MINUTE);
  expect(next.alerts.map(({ status }) => status)).toEqual(['resolved']);
  const standing = first.alerts.filter(({ fingerprint }) => fingerprint !== next.alerts[0]?.fingerprint);
  const over = see(all, next.told, NOW + 4 * MINUTE);
  expect(over.alerts).toMatchObject([{ status: 'resolved', fingerprint: standing[0]?.fingerprint }]);
});

test('the same lines give the same ids, in whatever order they are read', () => {
  const lines = [line('order handle <n> lost', FIVE), line('order shelf empty', FIVE)];
  const ids = ({ alerts, records }: LineNews): string[] => [...alerts, ...records].map(({ id }) => id).sort();
  expect(ids(see(lines))).toEqual(ids(see([...lines].reverse())));
});

test('nothing is new in the first day of a service', () => {
  const lines = [line('order handle <n> lost', FIVE)];
  expect(lineNews(SHOP, { lines, from: NOW - DAY / 2, now: NOW, told: [] })).toEqual({ told: [], alerts: [], records: [] });
});

test('the error that came most often since a time is named', () => {
  expect(mostFrequent([USUAL, line('order handle <n> lost', FIVE)], NOW - 10 * MINUTE)).toEqual({ text: 'order handle <n> lost', lines: 40 });
  expect(mostFrequent([line('slow', FIVE, { level: 'warn' })], NOW - 10 * MINUTE)).toBeUndefined();
});

test('counts that are read again count as they were read last, and old ones are put together and forgotten', () => {
  const counts = new LineCounts(DAY);
  const one = { id: 1, ...line('lost', []) };
  counts.take([
    {
      ...one,
      minutes: [
        { at: NOW - 50 * MINUTE, lines: 2 },
        { at: NOW - 45 * MINUTE, lines: 3 },
        { at: NOW - MINUTE, lines: 4 },
      ],
    },
  ]);
  counts.take([{ ...one, minutes: [{ at: NOW - MINUTE, lines: 5 }] }]);
  expect(counts.errors(NOW - MINUTE)).toBe(5);
  counts.age(NOW);
  expect(counts.before(NOW)[0]?.minutes).toEqual([
    { at: NOW - 50 * MINUTE, lines: 5 },
    { at: NOW - MINUTE, lines: 5 },
  ]);
  counts.age(NOW + 2 * DAY);
  expect(counts.empty).toBe(true);
});
