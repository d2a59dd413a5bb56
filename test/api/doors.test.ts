import { MemoryStore } from '../fakes/memory-store';
import { sampleIncident } from '../fakes/sample-incident';
import { harness } from './harness';

const ALERT = { service: 'bookshop', name: 'ErrorShareHigh', startsAt: '2026-03-01T09:30:00Z' };

describe('taking in alerts', () => {
  test('202 means committed in the inbox, and the dispatcher is woken', async () => {
    const h = await harness();
    const res = await h.call('responder', 'POST', '/v1/alerts', { alerts: [ALERT, { ...ALERT, name: 'Slow' }] });
    expect([res.statusCode, res.json().accepted, res.json().duplicates]).toEqual([202, 2, 0]);
    expect(h.store.inbox.waiting.map((item) => item.alert.id)).toEqual(res.json().ids);
    expect(h.kicks()).toBe(1);
  });

  test('the same alert again is a duplicate with the same id', async () => {
    const h = await harness();
    const [first, second] = [await h.call('responder', 'POST', '/v1/alerts', ALERT), await h.call('responder', 'POST', '/v1/alerts', ALERT)];
    expect(second.json()).toEqual({ accepted: 1, duplicates: 1, ids: first.json().ids });
    expect(h.store.inbox.waiting).toHaveLength(1);
  });

  test('a batch with one bad alert is refused whole, and every problem has its path', async () => {
    const h = await harness();
    const res = await h.call('responder', 'POST', '/v1/alerts', { alerts: [ALERT, { name: 'x', severity: 'awful', startsAt: 'yesterday' }] });
    expect(res.statusCode).toBe(400);
    expect(res.headers['content-type']).toBe('application/problem+json');
    expect(
      res
        .json()
        .problems.map((p: { path: string }) => p.path)
        .sort(),
    ).toEqual(['alerts.1.service', 'alerts.1.severity', 'alerts.1.startsAt']);
    expect(h.store.inbox.waiting).toHaveLength(0);
  });

  test('at most 20 problems are listed and the others are counted', async () => {
    const res = await (await harness()).call('responder', 'POST', '/v1/alerts', { alerts: Array.from({ length: 30 }, () => ({ name: 'x' })) });
    expect(res.json().problems).toHaveLength(20);
    expect(res.json().detail).toContain('30 things');
  });

  test('an inbox that is full answers 503 with Retry-After', async () => {
    const h = await harness({ settings: { inboxLimit: 1 } });
    const res = await h.call('responder', 'POST', '/v1/alerts', { alerts: [ALERT, { ...ALERT, name: 'Slow' }] });
    expect([res.statusCode, res.json().code, res.headers['retry-after']]).toEqual([503, 'overloaded', '10']);
    expect(h.kicks()).toBe(0);
  });

  test.each(['fails', 'hangs'])('a store that %s answers 503 with Retry-After and says nothing of the inside', async (how) => {
    const store = new MemoryStore();
    store.inbox.accept = () => (how === 'fails' ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7')) : new Promise(() => undefined));
    const h = await harness({ store, settings: { doorTimeoutMs: 50 } });
    const res = await h.call('responder', 'POST', '/v1/alerts', ALERT);
    expect([res.statusCode, res.json().code, res.headers['retry-after']]).toEqual([503, 'unreachable', '5']);
    expect(res.body).not.toContain('10.0.0.7');
  });

  test('a store that is down at sign-in answers 503, not 401', async () => {
    const h = await harness();
    h.store.keys.authenticate = () => Promise.reject(new Error('down'));
    expect((await h.call('responder', 'POST', '/v1/alerts', ALERT)).statusCode).toBe(503);
  });

  test('changes are recorded once by id', async () => {
    const h = await harness();
    const change = { service: 'bookshop', to: '1.5.0', at: '2026-03-01T09:29:00Z', author: 'Ana <ana@example.org>' };
    const first = await h.call('responder', 'POST', '/v1/changes', change);
    await h.call('responder', 'POST', '/v1/changes', { changes: [change] });
    expect(first.json()).toEqual({ accepted: 1, ids: [...h.store.changeRows.keys()] });
    expect([...h.store.changeRows.values()]).toMatchObject([{ author: 'ana', summary: 'deployment of bookshop to 1.5.0' }]);
  });
});

describe('refusals at the door', () => {
  test.each([
    ['no key', undefined, 401, 'unauthenticated'],
    ['a key that nobody made', 'Bearer nsk_k9_none', 401, 'unauthenticated'],
    ['a key in another scheme', 'Basic YTpi', 401, 'unauthenticated'],
  ])('%s', async (_name, authorization, status, code) => {
    const h = await harness();
    const res = await h.call(undefined, 'GET', '/v1/me', undefined, authorization === undefined ? {} : { authorization });
    expect([res.statusCode, res.json().code]).toEqual([status, code]);
    expect(res.headers['www-authenticate']).toContain('Bearer');
  });

  test.each([
    ['viewer', 'POST', '/v1/alerts'],
    ['viewer', 'POST', '/v1/incidents/inc-a/note'],
    ['viewer', 'PUT', '/v1/halt'],
    ['approver', 'GET', '/v1/keys'],
    ['approver', 'POST', '/v1/keys'],
  ] as const)('a %s may not %s %s', async (role, method, url) => {
    const res = await (await harness()).call(role, method, url, {});
    expect([res.statusCode, res.json().code]).toEqual([403, 'forbidden']);
  });

  test('an oversized body names the limit', async () => {
    const h = await harness({ settings: { bodyLimitBytes: 1024 } });
    const res = await h.call('responder', 'POST', '/v1/alerts', { ...ALERT, summary: 'x'.repeat(2000) });
    expect([res.statusCode, res.json().code]).toEqual([413, 'too_large']);
    expect(res.json().detail).toContain('1024 bytes');
  });

  test.each([
    ['{"service":', 'application/json', 400, 'invalid_input'],
    ['', 'application/json', 400, 'invalid_input'],
    ['[1]', 'application/json', 400, 'invalid_input'],
    ['{"__proto__":{"a":1}}', 'application/json', 400, 'invalid_input'],
    ['service=bookshop', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['bookshop', 'text/plain', 415, 'unsupported_media_type'],
  ])('the body %j as %s', async (payload, type, status, code) => {
    const res = await (await harness()).call('responder', 'POST', '/v1/alerts', payload, { 'content-type': type });
    expect([res.statusCode, res.json().code, res.headers['content-type']]).toEqual([status, code, 'application/problem+json']);
  });

  test('an unknown path, a wrong method and an address that cannot be read are problems too', async () => {
    const h = await harness();
    expect((await h.call('admin', 'GET', '/v2/nothing')).json()).toMatchObject({ status: 404, code: 'not_found' });
    const wrong = await h.call('admin', 'DELETE', '/v1/incidents/inc-a');
    expect(wrong.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(wrong.headers.allow).toBe('GET, HEAD');
    // A method that wants a body fails before it is looked for.
    expect((await h.app.inject({ method: 'QUERY' as 'GET', url: '/healthz' })).json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect((await h.call('admin', 'GET', '/v1/incidents/%zz')).json()).toMatchObject({ status: 400, code: 'invalid_input' });
  });

  test('a key that asks too often waits, and another key does not', async () => {
    const h = await harness({ settings: { rateLimitPerMinute: 2 } });
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push(await h.call('viewer', 'GET', '/v1/me'));
    expect(answers.map((res) => res.statusCode)).toEqual([200, 200, 429]);
    expect(answers[2]?.json().code).toBe('rate_limited');
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await h.call('admin', 'GET', '/v1/me')).statusCode).toBe(200);
  });

  test('guessing keys is slowed down by address', async () => {
    const h = await harness({ settings: { rateLimitPerMinute: 10 } });
    const codes = [];
    for (let i = 0; i < 8; i += 1) codes.push((await h.call(undefined, 'GET', '/v1/me', undefined, { authorization: `Bearer guess${String(i)}` })).statusCode);
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  test('an error that is not ours tells a reference and nothing of the inside', async () => {
    const h = await harness();
    h.store.incidents.list = () => Promise.reject(new Error('relation "incidents" does not exist'));
    const res = await h.call('viewer', 'GET', '/v1/incidents');
    expect(res.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(res.body).not.toContain('relation');
  });

  test('every answer carries the headers of a careful server', async () => {
    const h = await harness();
    for (const url of ['/healthz', '/v1/me', '/nowhere']) {
      const res = await h.call(undefined, 'GET', url);
      expect(res.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    }
  });
});

describe('reading', () => {
  test('incidents are filtered and paged', async () => {
    const h = await harness();
    for (let i = 1; i <= 3; i += 1)
      h.store.incidents.views.set(`inc-${String(i)}`, sampleIncident(`inc-${String(i)}`, { openedAt: `2026-03-0${String(i)}T00:00:00.000Z` }));
    h.store.incidents.views.set('inc-9', sampleIncident('inc-9', { status: 'resolved', severity: 'sev1' }));
    const ids = async (query: string): Promise<string[]> =>
      (await h.call('viewer', 'GET', `/v1/incidents?${query}`)).json().incidents.map((v: { incidentId: string }) => v.incidentId);
    const page = (await h.call('viewer', 'GET', '/v1/incidents?open=true&limit=2')).json();
    expect(page.incidents.map((v: { incidentId: string }) => v.incidentId)).toEqual(['inc-3', 'inc-2']);
    expect(await ids(`open=true&limit=2&cursor=${String(page.next)}`)).toEqual(['inc-1']);
    expect(await ids('status=resolved,escalated')).toEqual(['inc-9']);
    expect(await ids('severity=sev1&environment=prod&service=bookshop')).toEqual(['inc-9']);
  });

  test.each(['status=gone', 'open=maybe', 'limit=0', 'limit=101', 'severity=', 'status=open&status=open'])('the filter %s is refused', async (query) => {
    const res = await (await harness()).call('viewer', 'GET', `/v1/incidents?${query}`);
    expect([res.statusCode, res.json().code, res.json().problems.length]).toEqual([400, 'invalid_input', 1]);
  });

  test('an incident is shown whole, with its timeline and the evidence of its round', async () => {
    const h = await harness();
    const view = sampleIncident('inc-a');
    await h.store.transitions.apply({
      incidentId: 'inc-a',
      view,
      records: [{ seq: 1, at: view.openedAt, actor: 'nightshift', kind: 'opened', summary: 'opened' }],
    });
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-a')).json()).toEqual(view);
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-a/timeline')).json().entries).toMatchObject([{ seq: 1, kind: 'opened' }]);
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-a/evidence')).statusCode).toBe(404);
    const bundle = { incidentId: 'inc-a', round: 1, environment: 'prod', service: 'bookshop', gatheredAt: view.openedAt, onset: 1, items: [] };
    await h.store.evidence.freeze(bundle);
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-a/evidence')).json()).toEqual(bundle);
    expect((await h.call('viewer', 'GET', '/v1/incidents/inc-z/timeline')).json().code).toBe('not_found');
  });

  test('ready only when store and Temporal answer; alive all the same', async () => {
    const h = await harness({ settings: { doorTimeoutMs: 50 }, deps: { temporal: { check: () => new Promise(() => undefined) } } });
    const res = await h.call(undefined, 'GET', '/readyz');
    expect(res.json()).toMatchObject({ status: 503, code: 'unreachable', problems: [{ path: 'temporal' }] });
    expect((await h.call(undefined, 'GET', '/healthz')).statusCode).toBe(200);
    expect((await h.call('viewer', 'GET', '/v1/status')).json()).toMatchObject({
      store: 'ok',
      temporal: 'unreachable',
      openIncidents: 0,
      backlog: { count: 0 },
    });
    expect((await (await harness()).call(undefined, 'GET', '/readyz')).json()).toEqual({ store: 'ok', temporal: 'ok' });
  });

  test('metrics tell backlog, open incidents and requests, and that the store is down', async () => {
    const h = await harness();
    h.store.incidents.views.set('inc-a', sampleIncident('inc-a'));
    await h.call('responder', 'POST', '/v1/alerts', ALERT);
    await h.call('viewer', 'GET', '/v1/incidents/inc-secret');
    const text = (await h.call(undefined, 'GET', '/metrics')).body;
    expect(text).toContain('nightshift_inbox_backlog 1');
    expect(text).toContain('nightshift_incidents_open{status="awaiting-approval"} 1');
    expect(text).toContain('nightshift_http_requests_total{method="GET",route="/v1/incidents/:id",status="404"} 1');
    expect(text).not.toContain('inc-secret');
    h.store.inbox.backlog = () => Promise.reject(new Error('down'));
    const down = (await h.call(undefined, 'GET', '/metrics')).body;
    expect(down).toContain('nightshift_store_up 0');
    expect(down).not.toMatch(/nightshift_inbox_backlog \d/);
  });

  test('the audit is compared with what every open workflow remembers, however many there are', async () => {
    const asked: string[] = [];
    const memory = {
      heads: (ids: readonly string[]) => Promise.resolve((asked.push(...ids), Object.fromEntries(ids.map((id) => [id, { count: 0, hash: '' }])))),
    };
    const h = await harness({ deps: { memory } });
    for (let i = 0; i < 451; i += 1) h.store.incidents.views.set(`inc-${String(i)}`, { ...sampleIncident(`inc-${String(i)}`), workflowId: `w-${String(i)}` });
    expect((await h.call('viewer', 'GET', '/v1/audit/verify')).json()).toMatchObject({ workflows: 451 });
    expect(new Set(asked).size).toBe(451);
    expect((await h.call('viewer', 'GET', '/v1/audit/verify?incident=inc-7')).json()).toMatchObject({ workflows: 1 });
  });

  test('the audit is checked, of one incident or of all', async () => {
    const h = await harness();
    const view = sampleIncident('inc-a');
    await h.store.transitions.apply({
      incidentId: 'inc-a',
      view,
      records: [{ seq: 1, at: view.openedAt, actor: 'nightshift', kind: 'opened', summary: 'opened' }],
    });
    await h.store.killSwitch.set(true, 'ana', 'drill', view.openedAt);
    expect((await h.call('viewer', 'GET', '/v1/audit/verify')).json()).toEqual({ checked: 2, workflows: 0, faults: [] });
    const [first] = h.store.audit.records;
    if (first) h.store.audit.records[0] = { ...first, summary: 'nothing happened' };
    expect((await h.call('viewer', 'GET', '/v1/audit/verify?incident=inc-a')).json()).toMatchObject({ checked: 1, faults: [{ stream: 'inc-a', seq: 1 }] });
  });
});
