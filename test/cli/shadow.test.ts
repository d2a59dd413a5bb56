import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShadowEntry } from '../../domain/shadow/entry';
import { shadowPage } from '../../cli/render/shadow';
import { replayPage } from '../../cli/render/replay';
import { summarise } from '../../domain/shadow/summary';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import { SAMPLE_DIGEST, SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const ENTRY: ShadowEntry = {
  ...{ incidentId: SAMPLE_ID, round: 1, environment: 'demo', service: 'bookshop', cause: 'bad-release', mode: 'suggest', seen: 9 },
  ...{ openedAt: '2026-11-20T14:02:00.000Z', at: '2026-11-20T14:03:00.000Z' },
  would: { runbook: 'rollback-release', version: 1, hash: 'h', title: 't', suspect: 'bookshop', hypothesis: 'h', parameters: { to: '1.4.0' } },
  answer: { kind: 'rejected', persons: ['ana'], code: 'wrong-cause', reason: 'the network\u001b[31m', signed: true },
  did: { kind: 'by-hand', what: 'restarted the router' },
  ended: { kind: 'resolved-by-person', at: '2026-11-20T14:09:00.000Z' },
  agreement: 'different',
};

describe('nightshift shadow', () => {
  test('shows what would have been done, what people did, and the agreement; text from people is made safe', () => {
    const page = shadowPage({ entries: [ENTRY], runbooks: summarise([ENTRY]), more: false }, Infinity);
    expect(page).toContain('rollback-release on bookshop to=1.4.0');
    expect(page).toContain('rejected by ana (wrong-cause: the network');
    expect(page).toContain('by hand: restarted the router');
    expect(page).toMatch(/rollback-release +1 +0 % +0 +0 +1 +0 +0 +resolved-by-person 1; rejected: wrong-cause 1/);
    expect(page).not.toContain('\u001b');
  });
});

describe('nightshift replay', () => {
  const report = { incidents: 2, rounds: 3, changed: [], leftOut: 0, left: [], more: false };

  test('says when nothing changes, and tells what cannot be judged again', () => {
    expect(replayPage(report, 100)).toBe('Nothing changes: 3 rounds of 2 incidents judged again.\n');
    const left = [{ incidentId: SAMPLE_ID, round: 2, why: 'its frozen evidence is gone' }];
    expect(replayPage({ ...report, leftOut: 3, left }, 100)).toContain(
      `3 rounds cannot be judged again:\n    ${SAMPLE_ID}/2: its frozen evidence is gone\n    and 2 more\n`,
    );
  });

  test('shows each thing that would come out differently', () => {
    const round = { incidentId: SAMPLE_ID, round: 1, environment: 'demo', service: 'bookshop', at: ENTRY.at, why: 'Rule 1 says observe.', already: true };
    const changed = [{ ...round, changes: [{ what: 'mode' as const, before: 'approve', after: null }] }];
    expect(replayPage({ ...report, changed }, 200)).toMatch(/mode +approve +none +\(already so by what runs now\) Rule 1 says observe\./);
  });

  test.each([
    [['--since', '1d', '--incident', SAMPLE_ID], 'one of the two'],
    [[], 'one of the two'],
  ])('refuses %j before it asks anybody', async (extra, message) => {
    const result = await cli('http://127.0.0.1:1', ['replay', '--policy', '-', ...extra]);
    expect([result.code, result.err.includes(message)]).toEqual([2, true]);
  });

  test('refuses a file that is no YAML with its line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
    const file = join(folder, 'p.yaml');
    writeFileSync(file, 'rules: [\n');
    const { code, err } = await cli('http://127.0.0.1:1', ['replay', '--since', '1d', '--policy', file]);
    rmSync(folder, { recursive: true });
    expect([code, err]).toEqual([2, expect.stringContaining('line ')]);
  });
});

describe('what people tell', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
    api.state.incidents = [sampleView()];
  });
  afterEach(() => api.close());
  const sent = (): unknown[] => api.calls.filter((call) => call.method === 'POST').map((call) => call.body);

  test('a rejection sends its code, and an unknown one is refused with the list', async () => {
    const reject = (code: string) => cli(api.url, ['incident', 'reject', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, '--code', code]);
    expect((await reject('wrong-cause')).code).toBe(0);
    expect(sent()).toEqual([{ verdict: 'reject', proposal: SAMPLE_DIGEST, code: 'wrong-cause' }]);
    const wrong = await reject('because');
    expect([wrong.code, wrong.err.includes('already-fixed')]).toEqual([2, true]);
  });

  test.each([
    ['y\nwrong-target\n', { code: 'wrong-target' }],
    ['y\n5\n', { code: 'bad-time' }],
    ['y\nno idea\n2\n', { code: 'wrong-runbook' }],
    ['y\n\n', {}],
    ['y\n', {}],
  ])('in a terminal the code is asked for after the answer, and may be left out: %j', async (typed, code) => {
    await cli(api.url, ['incident', 'reject', SAMPLE_ID], { tty: true, typed });
    expect(sent()).toEqual([{ verdict: 'reject', proposal: SAMPLE_DIGEST, ...code }]);
  });

  test('an end sends what was done by hand, and needs a note or that', async () => {
    const resolve = (...extra: string[]) => cli(api.url, ['incident', 'resolve', SAMPLE_ID, ...extra]);
    expect((await resolve('--did', 'restarted it', '--runbook', 'restart-service')).code).toBe(0);
    expect(sent()).toEqual([{ did: 'restarted it', runbook: 'restart-service' }]);
    expect([(await resolve()).code, (await resolve('--note', 'x', '--runbook', 'restart-service')).code, sent().length]).toEqual([2, 2, 1]);
  });
});
