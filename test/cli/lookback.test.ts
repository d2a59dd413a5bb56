import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LookbackOptions } from '../../cli/deps';
import { NightshiftError } from '../../domain/errors';
import type { LookbackReport } from '../../domain/lookback/report';
import { cli } from '../fakes/cli-harness';
import { change, lookBackOn, page } from '../fakes/past/pieces';

const report = lookBackOn([page(0, 40), change(-1), page(300, 2, { name: 'Odd\u001b[31m' })]);
const dir = mkdtempSync(join(tmpdir(), 'lookback-cli-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs the command with a launcher that answers so; tells what it was asked. */
async function run(argv: readonly string[], answer: LookbackReport | Error = report, finish: () => void = () => undefined) {
  const asked: LookbackOptions[] = [];
  const lookback = (options: LookbackOptions) => {
    asked.push(options);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ report: answer, finish: () => Promise.resolve(finish()) });
  };
  const none = (): Promise<never> => Promise.reject(new Error('not expected'));
  const launchers = { start: none, demo: none, doctor: none, upgradeCheck: none, init: none, initAws: none, restore: none, lookback };
  return { ...(await cli('http://127.0.0.1:1', ['lookback', ...argv], { deps: { launchers } })), asked };
}

const PROMETHEUS = ['--prometheus', 'http://127.0.0.1:9090'];

test('prints the conclusions and each incident, and nothing that could steer the terminal', async () => {
  const { code, out } = await run(PROMETHEUS);
  expect([code, out]).toEqual([0, expect.stringMatching(/2 pages were 2 incidents[\s\S]*likely cause +Deployment of checkout 1\.5\.0/) as string]);
  expect(out).not.toContain('\u001b');
});

test('--json prints the report with its version', async () => {
  expect((await run([...PROMETHEUS, '--json'])).json()).toMatchObject({ version: 1, totals: { pages: 2, incidents: 2 } });
});

test('--html writes the page', async () => {
  const out = join(dir, 'report.html');
  const { code, err } = await run([...PROMETHEUS, '--html', out]);
  expect([code, err, readFileSync(out, 'utf8').slice(0, 15)]).toEqual([0, `The report is in ${out}.\n`, '<!doctype html>']);
});

test('--html that cannot be written is wrong usage before anything is read, and leaves no file where nothing was read', async () => {
  const { code, err, asked } = await run([...PROMETHEUS, '--html', join(dir, 'nowhere', 'report.html')]);
  expect([code, asked, err]).toEqual([2, [], expect.stringContaining('cannot be written') as string]);
  const out = join(dir, 'never.html');
  await run([...PROMETHEUS, '--html', out], new NightshiftError('unreachable', 'away'));
  expect(existsSync(out)).toBe(false);
});

test('a page over one that others could read is for its owner only', async () => {
  const out = join(dir, 'before.html');
  writeFileSync(out, 'before', { mode: 0o644 });
  await run([...PROMETHEUS, '--html', out]);
  expect([statSync(out).mode & 0o777, readFileSync(out, 'utf8').slice(0, 15)]).toEqual([0o600, '<!doctype html>']);
});

test('what was read is forgotten only when the report is written', async () => {
  const out = join(dir, 'first.html');
  const found: string[] = [];
  await run([...PROMETHEUS, '--html', out], report, () => void found.push(readFileSync(out, 'utf8').slice(-8)));
  expect(found).toEqual([readFileSync(out, 'utf8').slice(-8)]);
});

test('two weeks, one dollar and the severities that page are what is asked when nothing else is said', async () => {
  const { asked } = await run([...PROMETHEUS, '--alertmanager', 'http://127.0.0.1:9093']);
  expect(asked).toEqual([
    expect.objectContaining({
      prometheus: 'http://127.0.0.1:9090',
      alertmanager: 'http://127.0.0.1:9093',
      sinceMs: 14 * 86_400_000,
      maxUsd: 1,
      severities: ['sev1', 'sev2', 'sev3'],
    }),
  ]);
});

test('profile and regions go to the reader of AWS', async () => {
  const { asked } = await run(['--aws', '--profile', 'ops', '--region', 'eu-west-1', '--region', 'us-east-1', '--since', '3d', '--max-usd', '0.5']);
  expect(asked).toEqual([expect.objectContaining({ aws: { profile: 'ops', regions: ['eu-west-1', 'us-east-1'] }, sinceMs: 3 * 86_400_000, maxUsd: 0.5 })]);
});

test.each([
  ['both systems', ['--aws', ...PROMETHEUS]],
  ['a region without AWS', [...PROMETHEUS, '--region', 'eu-west-1']],
  ['a secret in the address', ['--prometheus', 'http://ana:secret@127.0.0.1:9090']],
  ['no region', ['--aws', '--region', 'Frankfurt']],
  ['no time zone', [...PROMETHEUS, '--zone', 'Mars/Olympus']],
  ['no number of dollars', [...PROMETHEUS, '--max-usd', 'much']],
])('%s is wrong usage', async (_what, argv) => {
  const { code, asked } = await run(argv);
  expect([code, asked]).toEqual([2, []]);
});

test('a reading that was stopped has no report and failed; one that is too dear is refused', async () => {
  expect((await run(PROMETHEUS, new NightshiftError('refused', 'too dear'))).code).toBe(4);
  const lookback = () => Promise.resolve(undefined);
  const none = (): Promise<never> => Promise.reject(new Error('not expected'));
  const launchers = { start: none, demo: none, doctor: none, upgradeCheck: none, init: none, initAws: none, restore: none, lookback };
  expect(await cli('http://127.0.0.1:1', ['lookback', ...PROMETHEUS], { deps: { launchers } })).toMatchObject({ code: 1, out: '' });
});
