import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import { SAMPLE_ID, sampleView } from '../fakes/incident-samples';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.state.incidents = [sampleView()];
});
afterEach(() => api.close());

describe('what a person can tell an incident', () => {
  it.each([
    [['ack'], 'acknowledge', {}, 'acknowledged'],
    [['ack', '--note', 'on it'], 'acknowledge', { note: 'on it' }, 'acknowledged'],
    [['take-over', '--note', 'mine'], 'take-over', { note: 'mine' }, 'taken-over'],
    [['hand-back'], 'hand-back', {}, 'handed-back'],
    [['resolve', '--note', 'over'], 'resolve', { note: 'over' }, 'resolved'],
  ])('%j posts to /%s', async ([verb = '', ...rest], path, body, result) => {
    const { code, out } = await cli(api.url, ['incident', verb, SAMPLE_ID, ...rest]);
    expect([code, out]).toEqual([0, `${result}: so be it\n`]);
    expect(api.calls.at(-1)).toMatchObject({ method: 'POST', path: `/v1/incidents/${SAMPLE_ID}/${path}`, body });
    expect((await cli(api.url, ['incident', verb, SAMPLE_ID, ...rest, '--json'])).json()).toEqual({ incidentId: SAMPLE_ID, result, message: 'so be it' });
  });

  it('takes the words of a note without quotes', async () => {
    await cli(api.url, ['incident', 'note', SAMPLE_ID, 'ana', 'looks', 'at', 'it']);
    expect(api.calls.at(-1)).toMatchObject({ path: `/v1/incidents/${SAMPLE_ID}/note`, body: { note: 'ana looks at it' } });
  });

  it.each([[['resolve', SAMPLE_ID]], [['note', SAMPLE_ID]], [['ack']]])('refuses %j, which lacks something, with exit code 2', async (args) => {
    const { code, err } = await cli(api.url, ['incident', ...args]);
    expect([code, api.calls]).toEqual([2, []]);
    expect(err).toMatch(/required option|missing required argument|Say what ended it/);
  });
});

describe('nightshift key', () => {
  it('prints a new key alone on stdout, so that it can be piped into a file', async () => {
    const { code, out, err } = await cli(api.url, ['key', 'create', 'ben', '--role', 'approver']);
    expect([code, out]).toEqual([0, 'nsk_k9_secret\n']);
    expect(err).toContain('shown this once');
    expect(api.calls[0]).toMatchObject({ method: 'POST', path: '/v1/keys', body: { name: 'ben', role: 'approver' } });
  });

  it('prints a new key as one JSON value', async () => {
    const { json, err } = await cli(api.url, ['key', 'create', 'ben', '--role', 'viewer', '--json']);
    expect(json()).toMatchObject({ info: { id: 'k9', name: 'ben', role: 'viewer' }, key: 'nsk_k9_secret' });
    expect(err).toBe('');
  });

  it('knows the roles', async () => {
    const { code, err } = await cli(api.url, ['key', 'create', 'ben', '--role', 'king']);
    expect(code).toBe(2);
    expect(err).toContain('viewer, responder, approver, admin');
  });

  it('lists and revokes', async () => {
    api.state.keys = [{ id: 'k1', name: 'ana', role: 'admin', createdAt: '2026-11-20T13:05:00Z', revokedAt: '2026-11-20T14:04:00Z' }];
    expect((await cli(api.url, ['key', 'list'])).out).toBe('ID  NAME  ROLE   MADE     STATE\nk1  ana   admin  1 h ago  revoked 1 m ago\n');
    expect((await cli(api.url, ['key', 'list', '--json'])).json()).toEqual({ keys: api.state.keys });
    expect((await cli(api.url, ['key', 'revoke', 'k1'])).out).toBe('revoked k1\n');
    expect(await cli(api.url, ['key', 'revoke', 'k2'])).toMatchObject({ code: 1, err: expect.stringContaining('no key k2') as string });
  });
});

describe('nightshift halt', () => {
  it('switches on with a reason and tells the state', async () => {
    const { code, out } = await cli(api.url, ['halt', 'on', '--reason', 'storm']);
    expect([code, out]).toEqual([0, 'The kill switch is ON by ana 1 m ago: storm\n']);
    expect(api.calls[0]).toMatchObject({ method: 'PUT', body: { on: true, reason: 'storm' } });
  });

  it('never keeps a hurried person from switching on: a reason is not demanded', async () => {
    expect((await cli(api.url, ['halt', 'on'])).code).toBe(0);
    expect(api.state.halt).toMatchObject({ on: true, reason: 'no reason was given' });
  });

  it('switches off, or says why it may not, with exit code 4', async () => {
    expect((await cli(api.url, ['halt', 'off', '--json'])).json()).toMatchObject({ on: false });
    api.fail('/v1/halt', 'forbidden', 'ben is responder; switching off needs admin.');
    expect(await cli(api.url, ['halt', 'off'])).toMatchObject({ code: 4, err: expect.stringContaining('needs admin') as string });
  });

  it('tells whether it is on', async () => {
    expect((await cli(api.url, ['halt', 'status'])).out).toBe('The kill switch is off\n');
    expect((await cli(api.url, ['halt', 'status', '--json'])).json()).toEqual({ on: false });
  });
});

describe('nightshift runbook list', () => {
  it('lists what the running system knows', async () => {
    const runbook = { id: 'rollback-release', version: 2, title: 'Roll back', risk: 'medium', reversible: true, causes: ['bad-release'] } as const;
    const rest = { description: '', parameters: {}, preconditions: [], steps: [], probe: {} };
    const commit = '1a'.repeat(20);
    api.state.runbooks = [{ hash: 'ab'.repeat(32), origin: `acme/ops@${commit}:runbooks/back.yaml`, runbook: { ...runbook, ...rest } }];
    expect((await cli(api.url, ['runbook', 'list'])).out).toContain(
      'rollback-release  v2       medium  yes         bad-release  abababababab  acme/ops@1a1a1a1a1a1a  Roll back\n',
    );
    expect((await cli(api.url, ['runbook', 'list', '--json'])).json()).toEqual({ runbooks: api.state.runbooks });
    expect((await cli(api.url, ['runbook', 'show', 'rollback-release'])).out).toMatch(new RegExp(`From +acme/ops@${commit}:runbooks/back.yaml\n +Hash +abab`));
    expect(await cli(api.url, ['runbook', 'show', 'rollback'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean') as string });
  });

  it('says how it stands with the repository', async () => {
    const refused = { commit: '2b'.repeat(20), at: '2026-11-20T14:00:00.000Z', problems: [{ path: 'acme/ops@2b:x.yaml: id', message: 'is missing' }] };
    const failing = { since: '2026-11-20T14:00:00.000Z', why: 'nobody answers' };
    api.state.repository = { repository: 'acme/ops', ref: 'main', path: 'runbooks', commit: '1a'.repeat(20), failing, refused };
    const { out } = await cli(api.url, ['runbook', 'list']);
    for (const text of [
      `commit ${'1a'.repeat(20)} is in use`,
      'never read yet',
      'nobody answers',
      `${'2b'.repeat(20)} is refused as a whole:\n  acme/ops@2b:x.yaml: id: is missing`,
    ])
      expect(out).toContain(text);
  });
});
