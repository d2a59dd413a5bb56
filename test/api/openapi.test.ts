import { incidentView } from '../../api/incident-schema';
import { ERRORS } from '../../domain/errors';
import { sampleView } from '../fakes/incident-samples';
import { harness } from './harness';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly object[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

test('the description is OpenAPI 3.1, needs no key, and tells each route with its security and its problems', async () => {
  const res = await (await harness()).call(undefined, 'GET', '/openapi.json');
  const document = res.json();
  expect(document.openapi).toBe('3.1.0');
  const paths = document.paths as Record<string, Record<string, Operation>>;
  expect(Object.keys(paths).length).toBeGreaterThanOrEqual(20);
  for (const [path, operations] of Object.entries(paths)) {
    for (const operation of Object.values(operations)) {
      expect([path, operation.tags.length, operation.security.length]).toEqual([path, 1, path.startsWith('/v1/') ? 1 : 0]);
      expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json']);
    }
  }
  expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
});

async function described(): Promise<{
  readonly operations: readonly (readonly [string, Operation])[];
  readonly schemas: Readonly<Record<string, object>>;
  readonly text: string;
}> {
  const { body } = await (await harness()).call(undefined, 'GET', '/openapi.json');
  const document = JSON.parse(body) as { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } };
  const operations = Object.entries(document.paths).flatMap(([path, byMethod]) => Object.values(byMethod).map((operation) => [path, operation] as const));
  return { operations, schemas: document.components.schemas, text: body };
}

test('each operation has a name of its own, and tells the problems that it can answer', async () => {
  const { operations } = await described();
  const names = operations.map(([, operation]) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[a-z][A-Za-z]+$/.test(name))).toBe(true);
  const statuses = (name: string): string[] => Object.keys(operations.find(([, operation]) => operation.operationId === name)?.[1].responses ?? {}).sort();
  expect(statuses('decide')).toEqual(['200', '400', '401', '403', '404', '409', '413', '415', '429', '503', 'default']);
  expect(statuses('sendAlerts')).toEqual(['202', '400', '401', '403', '413', '415', '429', '503', 'default']);
  expect(statuses('getHealth')).toEqual(['200', 'default']);
  for (const [path, operation] of operations.filter(([at]) => at.startsWith('/v1/'))) {
    expect([path, Object.keys(operation.responses)]).toEqual([path, expect.arrayContaining(['401', '403', '429', '503'])]);
  }
});

test('each shape that is named is there and used, and the codes of problems are the error table', async () => {
  const { schemas, text } = await described();
  const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? ''));
  expect([...named].sort()).toEqual(Object.keys(schemas).sort());
  expect([...named]).toEqual(expect.arrayContaining(['Alert', 'AuditRecord', 'Change', 'Decision', 'Evidence', 'Incident', 'Problem', 'Proposal', 'Reply']));
  expect(schemas['Problem']).toMatchObject({ properties: { code: { enum: Object.keys(ERRORS) } } });
});

test('the described incident is the one that is answered, and a wrong one is not', () => {
  expect(incidentView.parse(sampleView())).toEqual(sampleView());
  expect(incidentView.safeParse({ ...sampleView(), status: 'closed' }).success).toBe(false);
});

test('a body may be left away where the route takes none for an empty one, and nowhere else', async () => {
  const { operations, text } = await described();
  const withBody = operations.filter(([, { requestBody }]) => requestBody !== undefined);
  const optional = withBody.filter(([, { requestBody }]) => requestBody?.required === false).map(([, { operationId }]) => operationId);
  expect(withBody.length).toBeGreaterThan(optional.length);
  expect(optional).toContain('previewCorrelation');
  expect(optional).not.toContain('decide');
  expect(text).not.toContain('x-optional-body');
});

test('bodies have examples, and no pattern is longer than a line', async () => {
  const text = (await (await harness()).call(undefined, 'GET', '/openapi.json')).body;
  expect(text).toContain('"/v1/incidents/{id}/decide"');
  expect(text).toContain('ErrorShareHigh');
  const patterns = [...text.matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
  expect(Math.max(...patterns.map((pattern) => pattern.length))).toBeLessThan(100);
});

test('it listens on loopback and answers over a real socket', async () => {
  const { app } = await harness();
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const res = await fetch(`${address}/healthz`);
    expect([res.status, await res.json()]).toEqual([200, { status: 'ok' }]);
  } finally {
    await app.close();
  }
});
