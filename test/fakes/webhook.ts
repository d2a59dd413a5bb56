import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that the receiver got. */
export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP receiver of webhooks on loopback. */
export interface FakeWebhook {
  /** Its address, with a secret in the path as vendors have it. */
  readonly url: string;
  readonly received: ReceivedHook[];
  /** Replaces how the next requests are answered; status 0 never answers. */
  answer(with_: number | ((hook: ReceivedHook, response: ServerResponse) => void)): void;
  /** Waits until so many requests have come. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a receiver that answers 200 until told otherwise. */
export async function startWebhook(path = '/hooks/T000/s3cr3t-path'): Promise<FakeWebhook> {
  const received: ReceivedHook[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let answer: Parameters<FakeWebhook['answer']>[0] = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const hook = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(hook);
      if (typeof answer === 'function') answer(hook, response);
      else if (answer !== 0) response.writeHead(answer, { location: '/elsewhere' }).end('ok');
      for (const w of waiting) if (received.length >= w.count) w.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    received,
    answer: (next) => {
      answer = next;
    },
    until: (count) => (received.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
