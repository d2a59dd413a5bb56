import fc from 'fast-check';
import type { Alert } from '../../domain/alert';
import { readAlerts } from '../../domain/alert-intake';
import { readChanges } from '../../domain/change-intake';
import { NightshiftError } from '../../domain/errors';

const OPTIONS = { environment: 'prod', receivedAt: Date.parse('2026-03-01T09:32:00Z') };
const BASE = { service: 'bookshop', name: 'ErrorShareHigh', startsAt: '2026-03-01T10:30:00+01:00' };

function one(over: object = {}, options = OPTIONS): Alert {
  const [alert] = readAlerts({ ...BASE, ...over }, options);
  if (!alert) throw new Error('no alert');
  return alert;
}

function problems(body: unknown): readonly { path: string; message: string }[] {
  try {
    readAlerts(body, OPTIONS);
  } catch (error) {
    if (error instanceof NightshiftError && error.code === 'invalid_input') return error.problems;
    throw error;
  }
  throw new Error('it was accepted');
}

test('the least that is needed becomes a whole alert', () => {
  expect(one()).toMatchObject({
    status: 'firing',
    source: 'generic',
    environment: 'prod',
    severity: 'sev3',
    summary: 'ErrorShareHigh on bookshop',
    startsAt: '2026-03-01T09:30:00.000Z',
    labels: {},
  });
  expect(one({ startsAt: undefined }).startsAt).toBe('2026-03-01T09:32:00.000Z');
});

test.each([
  ['sev1', 'sev1'],
  ['CRITICAL', 'sev1'],
  ['error', 'sev2'],
  ['warning', 'sev3'],
  ['Info', 'sev4'],
  ['SEV2', 'sev2'],
])('severity %s is %s', (word, severity) => {
  expect(one({ severity: word }).severity).toBe(severity);
});

test.each(['awful', 'constructor', 'toString', ''])('a severity that is no word of ours is refused: %j', (word) => {
  expect(() => one({ severity: word })).toThrow(NightshiftError);
});

test('the same message has the same id, and anything that tells conditions apart changes it', () => {
  const ids = [
    {},
    { environment: 'test' },
    { service: 'payments' },
    { name: 'Slow' },
    { source: 'grafana' },
    { labels: { route: '/a' } },
    { startsAt: '2026-03-01T09:31:00Z' },
  ];
  expect(new Set(ids.map((over) => one(over).id)).size).toBe(ids.length);
  expect(one({ labels: { a: '1', b: '2' } }).id).toBe(one({ labels: { b: '2', a: '1' } }, { ...OPTIONS, receivedAt: 1 }).id);
});

test('firing and resolved share the fingerprint but not the id; a resolved one has an end', () => {
  const [firing, resolved] = [one(), one({ status: 'resolved' })];
  expect(resolved.fingerprint).toBe(firing.fingerprint);
  expect(resolved.id).not.toBe(firing.id);
  expect([firing.endsAt, resolved.endsAt]).toEqual([undefined, '2026-03-01T09:32:00.000Z']);
});

test('ids and fingerprints of the sender are kept', () => {
  expect(one({ id: 'x-1', fingerprint: 'fp-1' })).toMatchObject({ id: 'x-1', fingerprint: 'fp-1' });
});

test('no secret passes in any text', () => {
  const secret = `AKIA${'ABCDEFGHIJKLMNOP'}`;
  const text = JSON.stringify(
    one({
      id: secret,
      fingerprint: secret,
      name: secret,
      summary: `${'x'.repeat(990)} ${secret}`,
      labels: { [secret]: secret, password: 'hunter2' },
      signal: secret,
      link: `https://x.example/?k=${secret}`,
    }),
  );
  expect(text).not.toContain(secret.slice(0, 10));
  expect(text).not.toContain('hunter2');
});

test('an alert stays small and is one that a database and a terminal can take, whatever the text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 3000 });
  fc.assert(
    fc.property(text, fc.dictionary(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), text, { maxKeys: 24 }), (summary, labels) => {
      const json = JSON.stringify(one({ summary, labels }));
      expect(Buffer.byteLength(json)).toBeLessThan(32 * 1024);
      expect(json).not.toMatch(/\\u(00[01]|d[89a-f])/i);
    }),
    { numRuns: 50 },
  );
});

test('everything that is wrong is listed with its path', () => {
  const found = problems({ alerts: [BASE, { ...BASE, service: 'no spaces', status: 'on', endsAt: '2026-13-40', link: 'javascript:alert(1)', value: 'high' }] });
  expect(found.map((problem) => problem.path).sort()).toEqual(['alerts.1.endsAt', 'alerts.1.link', 'alerts.1.service', 'alerts.1.status', 'alerts.1.value']);
  expect(problems({ ...BASE, labels: Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`l${String(i)}`, 'x'])) })).toMatchObject([{ path: 'labels' }]);
});

test.each([[null], ['text'], [[BASE]], [{ alerts: [] }], [{ alerts: 'x' }], [{ alerts: Array.from({ length: 1001 }, () => BASE) }], [{}]])(
  'the body %#  is refused with a reason',
  (body) => {
    expect(problems(body).length).toBeGreaterThan(0);
  },
);

test('a change keeps who made it, so that authors can be told from approvers', () => {
  const authors = ['ana', 'ana@example.org', 'Ana B <ana@example.org>'].map((author) => readChanges({ service: 'bookshop', author }, OPTIONS)[0]?.author);
  expect(authors).toEqual(['ana', 'ana', 'ana']);
});

test('a change has one id however often it is told, and another for another version', () => {
  const id = (over: object): string | undefined =>
    readChanges({ service: 'bookshop', at: '2026-03-01T09:29:00Z', from: '1.4.0', to: '1.5.0', ...over }, OPTIONS)[0]?.id;
  expect(id({})).toBe(id({ summary: 'told again' }));
  expect(id({})).not.toBe(id({ to: '1.6.0' }));
});
