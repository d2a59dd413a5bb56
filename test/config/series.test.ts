import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectConfig } from '../../config/load';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-series-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function read(...series: readonly string[]) {
  writeFileSync(join(folder, 'nightshift.yaml'), `series:\n${series.map((each) => `  - { name: s, ${each} }`).join('\n')}\n`);
  const { config, problems } = inspectConfig({ env: {}, cwd: folder });
  return { series: config.series, problems: problems.map(({ path, message }) => `${path}: ${message}`) };
}

test('a series has defaults for all but its name, its stream and its measure', () => {
  expect(read('from: { metric: requests_total }, measure: rate')).toEqual({
    series: [
      {
        ...{ name: 's', from: { metric: 'requests_total', labels: {} }, measure: 'rate', by: [], unit: '1/s' },
        ...{ windowMs: 60_000, slideMs: 60_000, latenessMs: 30_000, settleMs: 5000 },
      },
    ],
    problems: [],
  });
});

test('two buckets without a value may be the end of the data', () => {
  const quiet = 'from: { metric: a }, measure: max, window: 5m, anomalies: { kind: other, quiet: 10m }';
  expect(read(quiet)).toMatchObject({ series: [{ anomalies: { quietMs: 600_000 } }], problems: [] });
});

test('an incident is watched for as long as the slowest series that is judged takes to tell an end', () => {
  writeFileSync(join(folder, 'nightshift.yaml'), 'series: [{ name: s, from: { metric: a }, measure: max, window: 2h, anomalies: { kind: other } }]');
  expect(inspectConfig({ env: {}, cwd: folder }).config.incidents.conditionEndsMs).toBeGreaterThan(8 * 3_600_000);
});

test('a limit is one side, and may say how bad it is', () => {
  const limit = (text: string) => read(`from: { metric: a }, measure: max, limit: ${text}`);
  expect(limit('{ above: 90 }').series[0]?.limit).toEqual({ side: 'above', value: 90 });
  expect(limit('{ below: 0, severity: sev2 }').series[0]?.limit).toEqual({ side: 'below', value: 0, severity: 'sev2' });
  for (const wrong of ['{}', '{ above: 9, below: 1 }'])
    expect(limit(wrong).problems).toEqual([expect.stringMatching(/^series\.0\.limit: must say one of above and below/)]);
});

test.each([
  ['no stream', 'from: {}, measure: rate', /^series\.0\.from: must name one of metric/],
  ['two streams', 'from: { metric: a, builds: true }, measure: rate', /^series\.0\.from: must name one of metric/],
  ['itself', 'from: { metric: s }, measure: max', /^series\.0\.from\.metric: is the series itself/],
  ['a quantile of lines', "from: { log: '' }, measure: p99", /^series\.0\.measure: p99 means nothing of lines of a log.*one of rate, count, error-share$/],
  ['lines in parts of a minute', "from: { log: '' }, measure: rate, window: 90s", /^series\.0\.window: must be whole minutes/],
  ['an unknown measure', 'from: { metric: a }, measure: p98', /^series\.0\.measure: /],
  ['a slide that does not go into the window', 'from: { metric: a }, measure: max, window: 1m, slide: 25s', /^series\.0\.slide: must go into the window/],
  ['a slide longer than the window', 'from: { metric: a }, measure: max, window: 1m, slide: 2m', /^series\.0\.slide: must not be longer/],
  ['too fine a slide', 'from: { metric: a }, measure: max, window: 1h, slide: 1s', /^series\.0\.slide: must be at least a 360th/],
  ['too many open windows', 'from: { metric: a }, measure: max, slide: 1s, lateness: 10m', /^series\.0\.lateness: keeps more than 180 windows open/],
  [
    'labels that are silent between two buckets',
    'from: { metric: a }, measure: max, window: 5m, anomalies: { kind: other, quiet: 9m }',
    /^series\.0\.anomalies\.quiet: must be at least 10 m, two buckets/,
  ],
  ['errors that nobody told', 'from: { metric: a }, measure: error-share', /^series\.0\.errors: is missing/],
  [
    'errors that nobody asked for',
    'from: { metric: a }, measure: rate, errors: { label: s, matches: 5.. }',
    /^series\.0\.errors: is used by error-share alone/,
  ],
  ['a pattern that is none', 'from: { metric: a }, measure: error-share, errors: { label: s, matches: "(" }', /^series\.0\.errors\.matches: is not a regular/],
  ['errors by their label', 'from: { metric: a }, measure: error-share, by: [s], errors: { label: s, matches: 5.. }', /^series\.0\.by: holds s/],
])('%s is refused', (_, series, message) => {
  expect(read(series).problems).toEqual([expect.stringMatching(message)]);
});

test('two series of one name are refused', () => {
  const one = 'from: { metric: a }, measure: max';
  expect(read(one, one).problems).toEqual(['series.1.name: s is declared twice; give each series its own name']);
});
