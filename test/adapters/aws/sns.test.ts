import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { snsCertificates } from '../../../adapters/aws/sns-certificates';
import { snsSubscriptions } from '../../../adapters/aws/sns-subscriptions';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { putSubscriptionToken, subscriptionsOf } from '../../fakes/aws/services/sns';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';

describe('a subscription', () => {
  const before = { ...process.env };
  let aws: FakeAws;
  beforeAll(async () => {
    // The SDK finds credentials by itself.
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    aws = await startFakeAws();
    putSubscriptionToken(aws.place('eu-west-1'), { topic: TOPIC, token: 'token-1' });
  });
  afterAll(async () => {
    process.env = before;
    await aws.close();
  });
  const confirm = (token: string): Promise<void> => snsSubscriptions({ timeoutMs: 5_000, endpoint: aws.endpoint }).confirm(TOPIC, token);

  test('is confirmed in the region of its topic, so that only who has credentials can end it, and once however often it is asked for', async () => {
    await confirm('token-1');
    await confirm('token-1');
    expect(subscriptionsOf(aws.place('eu-west-1'))).toEqual([{ topic: TOPIC, arn: `${TOPIC}:00000001`, authenticated: true }]);
    expect(aws.ledger.entries.map(({ region }) => region)).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test.each([
    ['by a token that is none', 'token-2', undefined, /InvalidParameter/],
    ['where AWS does not allow it', 'token-1', 'AuthorizationErrorException', /AuthorizationError/],
  ])('is not confirmed %s, and the reason of AWS is told', async (_what, token, failWith, reason) => {
    if (failWith !== undefined) aws.fault({ effect: 'error', error: { name: failWith } });
    await expect(confirm(token)).rejects.toMatchObject({ code: 'unreachable', message: expect.stringMatching(reason) as string });
  });
});

describe('a certificate', () => {
  let asked: string[];
  const servers: ReturnType<typeof createServer>[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  /** Certificates as they are fetched, but from a server of ours. */
  async function over(listener: RequestListener) {
    asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = String((server.address() as AddressInfo).port);
    return snsCertificates({
      timeoutMs: 5_000,
      send: (url, init) =>
        fetch(`http://127.0.0.1:${port}${new URL(url instanceof Request ? url.url : url).pathname}`, { ...init, headers: { connection: 'close' } }),
    });
  }
  const at = (name: string): URL => new URL(`https://sns.eu-west-1.amazonaws.com/${name}.pem`);

  test('is fetched once', async () => {
    const certificates = await over((_request, response) => response.end('PEM'));
    expect(await Promise.all([certificates.fetch(at('a')), certificates.fetch(at('a'))])).toEqual(['PEM', 'PEM']);
    expect(await certificates.fetch(at('a'))).toBe('PEM');
    expect(asked).toEqual(['/a.pem']);
  });

  test.each<[string, RequestListener, string]>([
    ['a redirection is not followed', (_q, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'unauthenticated'],
    ['what is too large is not read to its end', (_q, response) => response.end('x'.repeat(200_000)), 'unauthenticated'],
    ['one that is not there is refused', (_q, response) => response.writeHead(404).end(), 'unauthenticated'],
    ['a failure of SNS is one that passes', (_q, response) => response.writeHead(503).end(), 'unreachable'],
    ['so is a broken connection', (request) => request.socket.destroy(), 'unreachable'],
  ])('%s', async (_what, listener, code) => {
    const certificates = await over(listener);
    await expect(certificates.fetch(at('b'))).rejects.toMatchObject({ code });
    expect(asked).toEqual(['/b.pem']);
  });

  test('addresses without end are not asked all at once', async () => {
    const waiting: (() => void)[] = [];
    const certificates = await over((_request, response) => waiting.push(() => response.end('PEM')));
    const first = ['a', 'b', 'c', 'd'].map((name) => certificates.fetch(at(name)));
    await expect(certificates.fetch(at('e'))).rejects.toMatchObject({ code: 'unreachable' });
    while (waiting.length < 4) await new Promise(setImmediate);
    waiting.forEach((answer) => answer());
    expect(await Promise.all(first)).toHaveLength(4);
  });
});
