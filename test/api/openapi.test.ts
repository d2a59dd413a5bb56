import { harness } from './harness';

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly object[];
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
