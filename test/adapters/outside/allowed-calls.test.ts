import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAllowedCalls } from '../../../adapters/outside/allowed-calls';
import type { AllowedCall } from '../../../domain/actions/allowed';
import type { Service } from '../../../domain/inventory';
import type { Carrier, Effect } from '../../../ports/hands';
import { MemoryStore } from '../../fakes/memory-store';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'shop' };
const service: Service = { name: 'shop', environment: 'prod', tier: 'critical', dependsOn: [] };
const effect = (inputs: Readonly<Record<string, string>>, timeoutMs = 5_000): Effect => ({
  ...{ token: 't-1', incidentId: 'inc-a', action: 'http.call', inputs, target, intendedAt: 0, timeoutMs },
});

interface Heard {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = number | 'drop' | 'hang';

let server: Server;
let url: string;
let heard: Heard[];
let answer: Answer;
let store: MemoryStore;
beforeEach(async () => {
  [heard, answer, store] = [[], 200, new MemoryStore()];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.headers, body: Buffer.concat(chunks).toString() });
      if (answer === 'drop') request.socket.destroy();
      else if (answer !== 'hang')
        response.writeHead(answer, answer === 302 ? { Location: '/elsewhere' } : {}).end('told: password=hunter2hunter2, key hush-hush');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

const purge = (more: Partial<AllowedCall> = {}): AllowedCall => ({
  ...{ name: 'purge', method: 'POST', url: `${url}/zones/{zone}/purge?why={incident}`, body: { zone: '{zone}', all: [true, '{service}'] } },
  parameters: { zone: { type: 'string', description: 'Which.' } },
  ...{ dedupes: false, scope: {}, ...more },
});
const carrier = (call: AllowedCall): Carrier =>
  createAllowedCalls({
    calls: [call],
    headers: { purge: { 'X-Api-Key': 'hush-hush', 'content-type': 'text/plain' } },
    secrets: ['hush-hush'],
    state: store.state,
    clock: { now: () => Date.now() },
  });
const wanted = (): Effect => effect({ call: 'purge', zone: 'a/b?c' });

test('it goes out once with token, headers and values in their places, and 2xx is done', async () => {
  const hands = carrier(purge());
  await hands.act(service, wanted());
  expect(heard).toEqual([
    {
      line: 'POST /zones/a%2Fb%3Fc/purge?why=inc-a',
      headers: expect.objectContaining({ 'idempotency-key': 't-1', 'x-api-key': 'hush-hush', 'content-type': 'application/json' }) as object,
      body: '{"zone":"a/b?c","all":[true,"shop"]}',
    },
  ]);
  const seen = await hands.look(service, wanted());
  expect(seen).toMatchObject({ state: 'done', detail: expect.stringMatching(/^purge was answered with 200: told: password=/) as string });
  expect(JSON.stringify(seen)).not.toMatch(/hunter2|hush/);
});

test('a refusal has failed, and so has a redirection, which is not followed', async () => {
  for (const status of [403, 302]) {
    [answer, store] = [status, new MemoryStore()];
    const hands = carrier(purge());
    await expect(hands.act(service, wanted())).rejects.toMatchObject({ code: 'effect_failed' });
    expect(await hands.look(service, wanted())).toMatchObject({ state: 'failed' });
  }
  expect(heard).toHaveLength(2);
});

test.each(['drop', 503, 'hang'] as const)('after %s nobody knows: it is made again only where the other side takes a token twice for one', async (what) => {
  for (const dedupes of [false, true]) {
    [answer, store] = [what, new MemoryStore()];
    const hands = carrier(purge({ dedupes }));
    const error: unknown = await hands.act(service, { ...wanted(), timeoutMs: 300 }).catch((thrown: unknown) => thrown);
    expect(error).not.toHaveProperty('code', 'effect_failed');
    expect(error).not.toHaveProperty('code', 'not_begun');
    expect(await hands.look(service, wanted())).toEqual({ state: 'absent', ...(dedupes ? { again: true } : {}) });
  }
});

test('a second attempt follows one whose answer was lost only where that does no harm, and a refusal of it says nothing of the first', async () => {
  answer = 'drop';
  await expect(carrier(purge()).act(service, wanted())).rejects.toThrow(/was lost/);
  await expect(carrier(purge()).act(service, wanted())).rejects.toThrow(/was begun before/);
  expect(heard).toHaveLength(1);
  answer = 404;
  await expect(carrier(purge()).act(service, { ...wanted(), idempotent: true })).rejects.not.toHaveProperty('code');
  expect(await carrier(purge()).look(service, wanted())).toMatchObject({
    state: 'ambiguous',
    detail: expect.stringContaining('after an attempt whose answer was lost') as string,
  });
});

test('too many at once after an attempt that may have had its effect is not taken for nothing', async () => {
  const hands = carrier(purge({ dedupes: true }));
  answer = 503;
  await expect(hands.act(service, wanted())).rejects.not.toHaveProperty('code');
  answer = 429;
  await expect(hands.act(service, wanted())).rejects.not.toHaveProperty('code');
  answer = 200;
  await hands.act(service, wanted());
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['t-1', 't-1', 't-1']);
  expect(await hands.look(service, wanted())).toMatchObject({ state: 'done' });
});

test('an answer on record is found whatever the configuration says by now', async () => {
  await carrier(purge()).act(service, wanted());
  const renamed = carrier(purge({ name: 'purge-all' }));
  expect(await renamed.look(service, wanted())).toMatchObject({ state: 'done' });
});

test('too many at once, and nobody there: nothing was begun, and it may be tried again', async () => {
  answer = 429;
  const hands = carrier(purge());
  await expect(hands.act(service, wanted())).rejects.toMatchObject({ code: 'not_begun' });
  expect(await hands.look(service, wanted())).toEqual({ state: 'absent', again: true });
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
  store = new MemoryStore();
  const nobody = carrier(purge());
  await expect(nobody.act(service, wanted())).rejects.toMatchObject({ code: 'not_begun' });
  expect(await nobody.look(service, wanted())).toEqual({ state: 'absent', again: true });
});

test('a value cannot lead elsewhere, and what is not allowed is not called', async () => {
  const hands = carrier(purge());
  for (const zone of ['..', '']) expect(await hands.unmet?.(service, effect({ call: 'purge', zone }))).toMatch(/would lead to another address/);
  expect(await hands.unmet?.(service, effect({ call: 'perge', zone: 'a' }))).toMatch(/perge is not among actions\.calls; did you mean purge/);
  await expect(hands.act(service, effect({ call: 'purge', zone: '..' }))).rejects.toMatchObject({ code: 'effect_failed' });
  expect(heard).toEqual([]);
  expect(await hands.preview?.(service, wanted())).toMatch(
    /^calls \(purge [0-9a-f]{12}\) POST http:.*\/zones\/a%2Fb%3Fc\/purge\?why=%3Cincident%3E with \{"zone":"a\/b\?c","all":\[true,"shop"\]\}$/,
  );
});
