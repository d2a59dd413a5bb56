import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import { SAMPLE_DIGEST, SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const DECIDE = `/v1/incidents/${SAMPLE_ID}/decide`;

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.state.incidents = [sampleView()];
});
afterEach(() => api.close());

const sent = (): unknown[] => api.calls.filter((call) => call.method === 'POST').map((call) => call.body);

describe('nightshift incident approve --proposal', () => {
  it('sends the digest that it was given and prints the reply', async () => {
    const { code, out, err } = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, '--reason', 'seen it']);
    expect([code, out, err]).toEqual([0, 'approved: so be it\n', '']);
    expect(sent()).toEqual([{ verdict: 'approve', proposal: SAMPLE_DIGEST, reason: 'seen it' }]);
    expect(api.calls.at(-1)?.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never replaces an old digest by the newest one', async () => {
    await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', 'a'.repeat(64)]);
    expect(sent()).toEqual([{ verdict: 'approve', proposal: 'a'.repeat(64) }]);
  });

  it('sends all parameters with the edits in them', async () => {
    await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, '--set', 'to=1.3.9=b', '--break-glass']);
    expect(sent()).toEqual([{ verdict: 'approve', proposal: SAMPLE_DIGEST, parameters: { from: '1.5.0', to: '1.3.9=b' }, breakGlass: true }]);
  });

  it.each([
    [['--set', 'size=3'], 2, 'size: no such parameter. This proposal has from, to.'],
    [['--set', 'to'], 2, 'Write it as name=value.'],
    [['--set', 'to=1', '--set', 'to=2'], 2, '"to" is given twice.'],
    [['--yes'], 4, '--yes works only in the demo'],
  ])('refuses %j with exit code %d and sends nothing', async (extra, code, message) => {
    const result = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, ...extra]);
    expect([result.code, sent()]).toEqual([code, []]);
    expect(result.err).toContain(message);
  });

  it('refuses edits that were made on another proposal', async () => {
    const result = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', 'a'.repeat(64), '--set', 'to=1.3.0']);
    expect([result.code, sent()]).toEqual([4, []]);
    expect(result.err).toContain('has changed since it was shown');
  });

  it.each([
    ['stale_proposal', 4],
    ['expired', 4],
    ['forbidden', 4],
    ['halted', 4],
    ['not_recorded', 1],
    ['invalid_input', 2],
  ] as const)('ends with the exit code of %s when the API says so', async (code, exit) => {
    api.fail(DECIDE, code, 'the API says why');
    const result = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, '--json']);
    expect(result.code).toBe(exit);
    expect(result.err).toContain('the API says why');
    expect(result.json()).toEqual({ error: { code, message: 'the API says why', problems: [] } });
  });

  it('sends an answer that was not recorded again, with the same key', async () => {
    api.fail(DECIDE, 'not_recorded');
    api.before(() => {
      if (sent().length === 1) api.fail(DECIDE, undefined);
    });
    const { code, out } = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST]);
    expect([code, out]).toEqual([0, 'approved: so be it\n']);
    const keys = api.calls.filter((call) => call.method === 'POST').map((call) => call.idempotencyKey);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it('prints the reply as one JSON value', async () => {
    const result = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--proposal', SAMPLE_DIGEST, '--json']);
    expect(result.json()).toEqual({ incidentId: SAMPLE_ID, result: 'approved', message: 'so be it' });
  });
});

describe('nightshift incident approve without a digest', () => {
  it.each([['y'], ['YES']])('shows the proposal, asks, and after "%s" sends the digest of what it showed', async (typed) => {
    api.before((call) => {
      // The proposal changes after it was shown; the new one must not be approved by mistake.
      if (call.path.endsWith('/evidence')) api.state.incidents = [withDigest('f'.repeat(64))];
    });
    const { code, out, err } = await cli(api.url, ['incident', 'approve', 'abcd'], { tty: true, typed: `${typed}\n` });
    expect(code).toBe(0);
    expect(err).toContain('deploy release 1.4.0 on bookshop');
    expect(err).toContain('Approve exactly this? [y/N]');
    expect(out).toBe('approved: so be it\n');
    expect(sent()).toEqual([{ verdict: 'approve', proposal: SAMPLE_DIGEST }]);
  });

  it.each([['n\n'], ['\n'], ['yes please\n'], ['']])('takes %j for no: sends nothing and ends with exit code 4', async (typed) => {
    const { code, err } = await cli(api.url, ['incident', 'approve', SAMPLE_ID], { tty: true, typed });
    expect([code, sent()]).toEqual([4, []]);
    expect(err).toContain('Nothing was sent.');
  });

  it('says in the question what was edited', async () => {
    const { err } = await cli(api.url, ['incident', 'approve', SAMPLE_ID, '--set', 'to=1.3.0', '--break-glass'], { tty: true, typed: 'n\n' });
    expect(err).toContain('Approve exactly this with to=1.3.0 by BREAK-GLASS? [y/N]');
  });

  it.each([
    [{ tty: false }, []],
    [{ tty: true }, ['--json']],
  ])('never asks where nobody can answer (%j %j): exit code 2', async (setting, extra) => {
    const { code, err } = await cli(api.url, ['incident', 'approve', SAMPLE_ID, ...extra], { ...setting, typed: 'y\n' });
    expect([code, sent()]).toEqual([2, []]);
    expect(err).toContain('Pass --proposal');
  });

  it('says so when there is nothing to approve', async () => {
    const { proposal: _, ...rest } = sampleView({ status: 'remediating' });
    api.state.incidents = [rest];
    const { code, err } = await cli(api.url, ['incident', 'approve', SAMPLE_ID], { tty: true, typed: 'y\n' });
    expect(code).toBe(4);
    expect(err).toContain('it is remediating and has no proposal');
  });
});

describe('nightshift incident reject', () => {
  it('rejects the digest that it was given', async () => {
    const { out } = await cli(api.url, ['incident', 'reject', SAMPLE_ID, '--proposal', SAMPLE_DIGEST]);
    expect(out).toBe('rejected: so be it\n');
    expect(sent()).toEqual([{ verdict: 'reject', proposal: SAMPLE_DIGEST }]);
  });

  it('asks in a terminal', async () => {
    const { err } = await cli(api.url, ['incident', 'reject', SAMPLE_ID], { tty: true, typed: 'y\n' });
    expect(err).toContain('Reject exactly this? [y/N]');
    expect(sent()).toEqual([{ verdict: 'reject', proposal: SAMPLE_DIGEST }]);
  });
});

function withDigest(digest: string): ReturnType<typeof sampleView> {
  const { proposal } = sampleView();
  return sampleView({ proposal: { ...proposal!, proposal: { ...proposal!.proposal, digest } } });
}
