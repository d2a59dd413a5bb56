import type { lookup } from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postOutside } from '../../../adapters/outside/post';
import type { OutsidePost } from '../../../adapters/outside/post';
import { canMakeCertificates, makeCertificates } from '../../scripts/support/certificates';
import type { FakeWebhook } from '../../fakes/webhook';
import { startWebhook } from '../../fakes/webhook';

let hook: FakeWebhook;
let port: string;
beforeAll(async () => {
  hook = await startWebhook('/hook');
  ({ port } = new URL(hook.url));
});
afterAll(() => hook.close());

const send = (url: string, over: Partial<OutsidePost> = {}): Promise<number> =>
  postOutside({ url, body: '{}', headers: {}, timeoutMs: 2000, allowPrivate: false, ...over });
/** A name server of the test's own: every answer is the next of these. */
function names(...answers: readonly (readonly string[])[]): { lookup: typeof lookup; asked: string[] } {
  const asked: string[] = [];
  const found = ((name: string, _options: unknown, callback: (error: null, found: object[]) => void) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as typeof lookup;
  return { lookup: found, asked };
}

test.each([
  'http://127.0.0.1',
  'https://127.0.0.1',
  'http://localhost',
  'https://localhost',
  'https://2130706433',
  'https://0x7f.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://10.0.0.1',
  'https://192.168.0.1',
  'https://[fd12::1]',
  'https://0.0.0.0',
  'https://169.254.169.254',
])('%s is refused where private addresses are not allowed', async (origin) => {
  await expect(send(`${origin}:${port}/hook`)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  expect(hook.received).toEqual([]);
});

test.each([
  'https://169.254.169.254/latest/meta-data',
  'http://0.0.0.0/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'http://8.8.8.8/',
  'http://[64:ff9b::a00:1]/',
])('%s is refused even where they are', async (url) => {
  await expect(send(url, { allowPrivate: true })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
});

test.each([[['127.0.0.1']], [['::1']], [['10.0.0.5', '169.254.169.254']], [['::ffff:127.0.0.1']]])('a name that leads to %j is refused', async (addresses) => {
  await expect(send(`https://hooks.example.com:${port}/hook`, { lookup: names(addresses).lookup })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
});

test('a name is looked up once, when the connection is made, so that a second answer changes nothing', async () => {
  const { lookup: answers, asked } = names(['127.0.0.1'], ['203.0.113.1']);
  const rebinding = names(['10.0.0.5', '127.0.0.1']);
  await expect(send(`https://hooks.example.com:${port}/hook`, { lookup: answers })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  expect(asked).toEqual(['hooks.example.com']);
  // Without TLS only the private ones of a name are gone to.
  await expect(send(`http://hooks.example.com:${port}/hook`, { lookup: names(['8.8.8.8', '127.0.0.1']).lookup, allowPrivate: true })).resolves.toBe(200);
  await expect(send(`http://hooks.example.com:${port}/hook`, { lookup: names(['8.8.8.8']).lookup, allowPrivate: true })).rejects.toMatchObject({
    code: 'ADDRESS_REFUSED',
  });
  await expect(send(`https://hooks.example.com:${port}/hook`, { lookup: rebinding.lookup })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
});

test('a redirection to a private address is not followed', async () => {
  const before = hook.received.length;
  hook.answer((_hook, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end());
  expect(await send(hook.url, { allowPrivate: true })).toBe(307);
  hook.answer(200);
  expect(hook.received).toHaveLength(before + 1);
});

(canMakeCertificates() ? describe : describe.skip)('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-tls-'));
  let server: Server;
  const bodies: string[] = [];
  let url: string;
  beforeAll(async () => {
    const { key, cert } = makeCertificates(folder, ['localhost']);
    server = createTlsServer({ key, cert }, (request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test('a certificate that nobody vouches for gets nothing', async () => {
    await expect(send(url, { allowPrivate: true })).rejects.toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE/) as string });
    expect(bodies).toEqual([]);
  });
});
