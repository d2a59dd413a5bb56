import { verifyStatement } from '../../domain/approval-signature';
import { verifyClosing } from '../../domain/closing-signature';
import { NightshiftError } from '../../domain/errors';
import type { ResolveCommand } from '../../ports/incidents';
import { sampleIncident, sampleProposal } from '../fakes/sample-incident';
import { harness, NOW, type Harness } from './harness';

const DIGEST = sampleProposal('inc-a').digest;
const APPROVE = { verdict: 'approve', proposal: DIGEST };

async function withIncident(over: Parameters<typeof sampleIncident>[1] = {}, proposal = sampleProposal('inc-a')): Promise<Harness> {
  const h = await harness();
  h.store.incidents.views.set('inc-a', sampleIncident('inc-a', over, proposal));
  return h;
}

const decide = (h: Harness, role: Parameters<Harness['call']>[0], body: object = APPROVE, headers = {}) =>
  h.call(role, 'POST', '/v1/incidents/inc-a/decide', body, headers);
const refusals = (h: Harness): string[] => h.store.audit.records.filter((r) => r.kind === 'decision-refused').map((r) => String(r.data?.['code']));

describe('deciding', () => {
  test('an approver is answered, and the incident gets a signed statement that expires with the door', async () => {
    const h = await withIncident();
    const res = await decide(h, 'approver', { ...APPROVE, parameters: { release: '1.3.0' }, reason: 'my token=abcdef123456 says so' });
    expect([res.statusCode, res.json()]).toEqual([200, { result: 'approved', message: 'The rollback begins now.' }]);
    const [sent] = h.incidents.decisions;
    expect(sent?.workflowId).toBe('incident:prod:bookshop');
    expect(sent?.decision).toMatchObject({ incidentId: 'inc-a', proposal: DIGEST, person: 'approver', parameters: { release: '1.3.0' } });
    expect(sent?.decision.reason).not.toContain('abcdef123456');
    expect(Date.parse(sent?.decision.acceptBy ?? '') - NOW).toBe(2_000);
    expect(sent && verifyStatement(await h.store.doorKey.secret(), sent.decision)).toBe(true);
  });

  test('a wrong role is forbidden, and the refusal stands in the audit', async () => {
    const h = await withIncident();
    const res = await decide(h, 'responder');
    expect([res.statusCode, res.json().code]).toEqual([403, 'forbidden']);
    expect(h.incidents.decisions).toHaveLength(0);
    expect(h.store.audit.records).toMatchObject([
      { stream: 'system', actor: 'person:responder', kind: 'decision-refused', data: { incidentId: 'inc-a', role: 'responder' } },
    ]);
  });

  test('the author of the suspected change may not approve it', async () => {
    const h = await withIncident({}, sampleProposal('inc-a', { author: 'approver' }));
    expect((await decide(h, 'approver')).json().code).toBe('forbidden');
    expect(refusals(h)).toEqual(['forbidden']);
    expect((await decide(h, 'admin')).statusCode).toBe(200);
  });

  test('break-glass is open to the role that policy names, and is in the signed statement', async () => {
    const h = await withIncident();
    expect((await decide(h, 'viewer', { ...APPROVE, breakGlass: true })).statusCode).toBe(403);
    expect((await decide(h, 'responder', { ...APPROVE, breakGlass: true })).statusCode).toBe(200);
    expect(h.incidents.decisions).toMatchObject([{ decision: { person: 'responder', breakGlass: true } }]);
  });

  test('what the incident refuses is told by its code and stands in the audit', async () => {
    const h = await withIncident();
    h.incidents.answer = () => Promise.reject(new NightshiftError('stale_proposal', 'The proposal is now e5e5.'));
    const res = await decide(h, 'approver');
    expect(res.json()).toMatchObject({ status: 409, code: 'stale_proposal', detail: 'The proposal is now e5e5.' });
    expect(refusals(h)).toEqual(['stale_proposal']);
  });

  test('no answer in time is 503 not_recorded, which is no refusal', async () => {
    const h = await withIncident();
    h.incidents.answer = () => Promise.reject(new NightshiftError('not_recorded', 'No answer came.'));
    const res = await decide(h, 'approver');
    expect([res.statusCode, res.json().code, res.headers['retry-after']]).toEqual([503, 'not_recorded', '1']);
    expect(refusals(h)).toEqual([]);
  });

  test('a closed incident is a conflict, as its workflow id may be another incident by now', async () => {
    const h = await withIncident({ status: 'resolved' });
    expect((await decide(h, 'approver')).json().code).toBe('conflict');
    expect((await h.call('responder', 'POST', '/v1/incidents/inc-a/note', { note: 'late' })).json().code).toBe('conflict');
    expect([h.incidents.decisions, h.incidents.commands]).toEqual([[], []]);
  });

  test('a misspelt field is refused, never ignored', async () => {
    const res = await decide(await withIncident(), 'approver', { ...APPROVE, parameter: { release: '1.3.0' } });
    expect(res.json()).toMatchObject({ code: 'invalid_input', problems: [{ path: 'parameter' }] });
  });

  test('one Idempotency-Key answers the same person and the same answer only', async () => {
    const h = await withIncident();
    const header = { 'idempotency-key': 'once' };
    await decide(h, 'approver', APPROVE, header);
    await decide(h, 'approver', APPROVE, header);
    await decide(h, 'approver', { ...APPROVE, verdict: 'reject' }, header);
    await decide(h, 'admin', APPROVE, header);
    await decide(h, 'approver');
    const keys = h.incidents.decisions.map((d) => d.key);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
  });
});

describe('other words to an incident', () => {
  test.each([
    ['acknowledge', undefined],
    ['take-over', { note: 'I look' }],
    ['hand-back', {}],
    ['note', { note: 'graphs are odd' }],
    ['resolve', { note: 'done by hand' }],
  ])('%s reaches it with the person and the incident', async (kind, body) => {
    const h = await withIncident();
    expect((await h.call('responder', 'POST', `/v1/incidents/inc-a/${kind}`, body)).statusCode).toBe(200);
    expect(h.incidents.commands).toMatchObject([
      { workflowId: 'incident:prod:bookshop', command: { kind, person: 'responder', incidentId: 'inc-a', ...body } },
    ]);
  });

  test.each(['note', 'resolve'])('%s without a note is refused', async (kind) => {
    const res = await (await withIncident()).call('responder', 'POST', `/v1/incidents/inc-a/${kind}`, {});
    expect(res.json()).toMatchObject({ status: 400, problems: [{ path: 'note' }] });
  });
});

describe('closing an incident with what was done by hand', () => {
  const runbooks = { current: async () => [{ runbook: { id: 'rollback-release' } }, { runbook: { id: 'restart-service' } }] as never };
  const closing = async (body: object): Promise<ResolveCommand & { readonly secret: Buffer }> => {
    const h = await harness({ deps: { runbooks: { ...runbooks, repository: async () => undefined } } });
    h.store.incidents.views.set('inc-a', sampleIncident('inc-a'));
    expect((await h.call('approver', 'POST', '/v1/incidents/inc-a/resolve', body)).statusCode).toBe(200);
    return { ...(h.incidents.commands[0]?.command as ResolveCommand), secret: await h.store.doorKey.secret() };
  };

  test('is signed as it was said, about the proposal that was there, and expires with the door', async () => {
    const { closing: signed, secret } = await closing({ did: 'rolled back, token=abcdef123456', runbook: 'rollback-release' });
    expect(signed).toMatchObject({ incidentId: 'inc-a', proposal: DIGEST, runbook: 'rollback-release', person: 'approver' });
    expect(signed?.what).not.toContain('abcdef123456');
    expect(Date.parse(signed?.acceptBy ?? '') - NOW).toBe(2_000);
    expect(signed && verifyClosing(secret, signed)).toBe(true);
    expect(signed && verifyClosing(secret, { ...signed, what: 'restarted' })).toBe(false);
  });

  test.each([{ note: 'over' }, { did: 'restarted it', runbook: 'restart-service' }, { did: 'waited' }])(
    'is not signed where it says nothing of the runbook that was proposed: %j',
    async (body) => {
      expect(await closing(body)).not.toHaveProperty('closing');
    },
  );
});

describe('keys and the kill switch', () => {
  test('an admin makes a key that works, and revokes it; both are audited', async () => {
    const h = await harness();
    const made = await h.call('admin', 'POST', '/v1/keys', { name: 'ana', role: 'approver' });
    expect(made.statusCode).toBe(201);
    const headers = { authorization: `Bearer ${String(made.json().key)}` };
    expect((await h.call(undefined, 'GET', '/v1/me', undefined, headers)).json()).toEqual({ name: 'ana', role: 'approver' });
    expect((await h.call('admin', 'DELETE', `/v1/keys/${String(made.json().info.id)}`)).statusCode).toBe(204);
    expect((await h.call(undefined, 'GET', '/v1/me', undefined, headers)).statusCode).toBe(401);
    expect(h.store.audit.records.map((r) => [r.kind, r.actor])).toEqual([
      ['key', 'person:admin'],
      ['key', 'person:admin'],
    ]);
    expect(JSON.stringify([h.store.audit.records, (await h.call('admin', 'GET', '/v1/keys')).json()])).not.toContain(made.json().key);
  });

  test('the last admin key cannot be revoked', async () => {
    const h = await harness();
    const admin = (await h.store.keys.list()).find((key) => key.role === 'admin');
    expect((await h.call('admin', 'DELETE', `/v1/keys/${admin?.id ?? ''}`)).json().code).toBe('conflict');
    expect((await h.call('admin', 'DELETE', '/v1/keys/none')).json().code).toBe('not_found');
  });

  test('a responder stops everything, only an admin lets it go on', async () => {
    const h = await harness();
    expect((await h.call('responder', 'PUT', '/v1/halt', { on: true, reason: 'drill' })).json()).toMatchObject({ on: true, by: 'responder', reason: 'drill' });
    expect((await h.call('approver', 'PUT', '/v1/halt', { on: false, reason: 'over' })).json().code).toBe('forbidden');
    expect((await h.call('viewer', 'GET', '/v1/halt')).json().on).toBe(true);
    expect((await h.call('admin', 'PUT', '/v1/halt', { on: false, reason: 'over' })).json().on).toBe(false);
  });
});
