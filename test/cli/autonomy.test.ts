import type { LedgerOutcome } from '../../domain/incident-view';
import type { Service } from '../../domain/inventory';
import { harness, NOW } from '../api/harness';
import type { Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import type { CliResult } from '../fakes/cli-harness';
import { sketched } from '../fakes/sketched-runbooks';

const DAY = 86_400_000;
const [sketch] = sketched({ restart: { title: 'Restart', risk: 'low' } });
const restart = sketch && { ...sketch, runbook: { ...sketch.runbook, reversible: true } };
const service: Service = {
  ...{ name: 'shop', environment: 'prod', tier: 'standard', dependsOn: [], limits: { minRequests: 1 } },
  hands: { kind: 'supervisor', url: '', target: { provider: 'local', partition: '', account: '', region: '', kind: 'process', id: 'shop' } },
};
const line: LedgerOutcome = {
  ...{ round: 1, runbook: 'restart', runbookHash: restart?.hash ?? '', environment: 'prod', service: 'shop', cause: 'bad-release', verdict: 'recovered' },
  ...{ actedBy: 'nightshift', version: 1, mode: 'approve', corroborated: true, score: 0.9 },
};

let h: Harness;
let url: string;
beforeEach(async () => {
  const runbooks = { current: () => Promise.resolve(restart ? [restart] : []), repository: () => Promise.resolve(undefined) };
  h = await harness({ deps: { inventory: { services: [service] }, runbooks } });
  await h.store.keys.ensure({ name: 'ana', role: 'admin' }, FAKE_KEY, new Date(NOW).toISOString());
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => h.app.close());

const autonomy = (...args: readonly string[]): Promise<CliResult> => cli(url, ['autonomy', ...args], { deps: { clock: { now: () => NOW } } });
const grant = (...more: readonly string[]): Promise<CliResult> =>
  autonomy('grant', 'restart', '--service', 'shop', '--environment', 'prod', '--mode', 'veto', '--reason', 'rehearsed', ...more);

test('tells the rung, the numbers, why, and what is missing', async () => {
  for (let i = 0; i < 12; i += 1) h.store.outcomes.put(`inc-${String(i)}`, line, NOW - (12 - i) * DAY);
  const { code, out } = await autonomy('--runbook', 'restart');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'restart v1 for bad-release on shop in prod',
    '  approve (its record allows approve; policy at most approve)',
    expect.stringMatching(/^ {2}bound \d\d % · outcomes 12 of 12 count · harms 0 · uplift unknown · gate 95 % \d+ recoveries away$/),
    '  why:',
    '    - 12 of 12 outcomes recovered; 12 still count.',
    expect.stringMatching(/^ {4}- Success is at least \d\d %\.$/),
    '    - No incident of this kind was left alone, so nobody knows how many heal alone.',
    '  for veto:',
    expect.stringMatching(/^ {4}- Needs 8 more outcomes that count, of 20\.$/),
    expect.stringMatching(/^ {4}- Needs about \d+ more verified recoveries/),
    expect.stringMatching(/^ {4}- Needs proof that it adds at least 10 % to healing alone/),
    '',
  ]);
});

test('is one JSON value where that is asked for, with every page', async () => {
  expect((await autonomy('--json')).json()).toMatchObject({ standings: [{ runbook: { id: 'restart' }, service: 'shop', mode: 'approve' }] });
});

test('says what to look at where nothing fits', async () => {
  expect((await autonomy('--service', 'none')).out).toContain('a service needs "hands"');
});

test('grants until a time or for a duration, lists, and revokes', async () => {
  const made = await grant('--until', '30d');
  expect([made.code, made.err]).toEqual([0, expect.stringContaining('the first harm ends it')]);
  const id = made.out.trim();
  expect(h.store.grants.kept.get(id)?.grant).toMatchObject({ person: 'ana', services: ['shop'], until: new Date(NOW + 30 * DAY).toISOString() });
  expect((await grant('--until', '2026-03-05T00:00:00Z', '--json')).json()).toMatchObject({ until: '2026-03-05T00:00:00.000Z' });
  expect((await autonomy('grants')).out).toContain('veto to restart on shop in prod');
  expect((await autonomy('revoke', id, '--reason', 'over')).out).toBe(`revoked ${id}\n`);
  expect((await autonomy('grants')).out).toMatch(/revoked .*over|revoked/);
});

test('a grant that cannot be given says why, with exit code 1 or 2', async () => {
  const long = await grant('--until', '91d');
  expect([long.code !== 0, long.err]).toEqual([true, expect.stringContaining('more than 90 days')]);
  expect(await grant('--until', 'soon')).toMatchObject({ code: 2, err: expect.stringContaining('such as 30d') as string });
  expect((await grant()).code).toBe(2);
  expect(await autonomy('grant', 'restart', '--mode', 'auto', '--until', '1d', '--reason', 'r')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--service NAME') as string,
  });
  expect(h.store.grants.kept.size).toBe(0);
});
