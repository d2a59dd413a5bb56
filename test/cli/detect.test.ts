import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../fakes/cli-harness';
import type { CliResult, CliSetting } from '../fakes/cli-harness';
import { BEGIN, DAY, series, within } from '../domain/anomaly/made';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-detect-'));
  file = join(folder, 'requests.csv');
  const points = series(8, { trouble: (at, value) => (within(at, 6.5, 60) ? 0 : value) });
  writeFileSync(file, `time,requests\n${points.map(({ at, value }) => `${new Date(at).toISOString()},${String(value)}`).join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], setting: CliSetting = {}): Promise<CliResult> => cli('http://127.0.0.1:1', ['detect', ...argv], setting);

test('nightshift detect says what is wrong in a file, without a running system', async () => {
  const { code, out, err } = await run([file, '--kind', 'rate', '--season', '1d']);
  expect(code).toBe(0);
  expect(out).toMatch(/^ALERT {5}requests {2}score 0\.\d\d: 0 is below the expected \d/m);
  expect(err).toBe('2304 values, 1 to alert, 1 as evidence.\n');
});

test('it reads stdin, and --json gives scores, bands and anomalies', async () => {
  const { code, json } = await run(['-', '--kind', 'rate', '--season', '1d', '--json'], { typed: readFileSync(file, 'utf8') });
  const { preset, series: found } = json<{ preset: string; series: { name: string; learning: boolean; rows: object[]; anomalies: object[] }[] }>();
  expect([code, preset, found[0]?.rows.length, found[0]?.learning]).toEqual([0, 'default', 2304, false]);
  expect(found[0]?.rows.at(-1)).toEqual(
    expect.objectContaining({ score: expect.any(Number) as number, low: expect.any(Number) as number, high: expect.any(Number) as number }),
  );
  expect(found[0]?.anomalies).toEqual([
    expect.objectContaining({ alerting: false }),
    expect.objectContaining({
      ...{ since: new Date(BEGIN + 6.5 * DAY).toISOString(), direction: 'below', alerting: true, learning: false },
      sentence: expect.stringContaining('is below the expected') as string,
    }),
  ]);
});

test('--rows prints each value with its score and band as CSV', async () => {
  const { out } = await run([file, '--rows']);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toBe('series,timestamp,value,score,threshold,low,expected,high');
  expect(lines).toHaveLength(2305);
  expect(lines.at(-1)?.split(',')).toHaveLength(8);
});

test('--svg and --png draw the strongest anomaly', async () => {
  const [svg, png] = [join(folder, 'a.svg'), join(folder, 'a.png')];
  expect((await run([file, '--season', '1d', '--svg', svg, '--png', png])).code).toBe(0);
  expect(readFileSync(svg, 'utf8')).toContain('<svg xmlns=');
  expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
});

test('where there is no anomaly nothing is drawn, and it is said', async () => {
  const { code, err } = await run(['-', '--svg', join(folder, 'none.svg')], { typed: '1772323200,1\n1772323260,1\n' });
  expect([code, err]).toEqual([0, expect.stringContaining('Nothing is drawn')]);
});

test('--counter judges what counters grow by', async () => {
  const typed = [10, 70, 130, 5, 65].map((value, i) => `${String(1772323200 + 60 * i)},${String(value)}`).join('\n');
  const { out } = await run(['-', '--counter', '--rows'], { typed });
  expect(
    out
      .split('\n')
      .slice(1, 6)
      .map((line) => line.split(',')[2]),
  ).toEqual(['', '1', '1', '', '1']);
});

test('of less than two seasons it says that little is known', async () => {
  expect((await run([file])).err).toContain('less than two seasons');
});

test('lines that cannot be read are told with their number, and the code is that of wrong usage', async () => {
  const { code, out, err } = await run(['-'], { typed: '1772323200,1\nsoon,2\n' });
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('line 2: "soon" is no time');
});

test.each([
  [['--preset', 'best'], 'must be one of default, nab'],
  [['--kind', 'speed'], 'must be one of errorShare'],
  [['--season', '1s'], 'at least 24 seconds'],
  [['--budget', '0'], 'above 0'],
  [['/nowhere.csv'], 'cannot be read'],
])('%j is refused with a sentence', async (argv, text) => {
  const { code, err } = await run(argv, { typed: '1772323200,1\n' });
  expect([code, err]).toEqual([2, expect.stringContaining(text)]);
});
