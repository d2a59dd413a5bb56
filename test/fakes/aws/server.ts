import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it came. */
export interface AwsCall {
  /** `sns`, as the signature of the request names it. */
  readonly service: string;
  readonly region: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is answered. */
export interface AwsAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** One service; it keeps its own state. */
export interface FakeService {
  /** As requests are signed for it. */
  readonly name: string;
  answer(call: AwsCall): AwsAnswer;
}

/** Services of AWS on one loopback port, told apart by what a request is signed for. */
export interface FakeAws {
  readonly endpoint: string;
  /** All that were sent, in order. */
  readonly calls: readonly AwsCall[];
  close(): Promise<void>;
}

const SCOPE = /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/** Starts a server with these services. A request that is not signed, or for a service that is not there, is answered 403. */
export async function startFakeAws(services: readonly FakeService[]): Promise<FakeAws> {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [, region = '', name = ''] = SCOPE.exec(request.headers.authorization ?? '') ?? [];
      const call = { service: name, region, headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      calls.push(call);
      const answer = services.find((each) => each.name === name)?.answer(call) ?? { status: 403, type: 'text/plain', body: 'not signed for a service here' };
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
