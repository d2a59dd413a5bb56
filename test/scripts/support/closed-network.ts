import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ServerResponse } from 'node:http';

/** What the far server does with a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A far server behind a proxy, both on loopback. */
export interface ClosedNetwork {
  readonly port: number;
  readonly proxyUrl: string;
  /** Targets of CONNECT, with the credentials that came along. */
  readonly tunnels: { readonly target: string; readonly authorization: string | undefined }[];
  readonly requests: string[];
  answer: Answer;
  close(): Promise<void>;
}

/** Starts a TLS server and a proxy whose every tunnel, whatever host it names, ends there. */
export async function closedNetwork(tls: ServerOptions): Promise<ClosedNetwork> {
  const sockets = new Set<Socket>();
  const origin = createHttps(tls, (request, response) => {
    network.requests.push(request.url ?? '');
    network.answer(request, response);
  });
  const proxy = createHttp();
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    network.tunnels.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const far = connect(network.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(far).pipe(client);
    });
    for (const socket of [far, client]) socket.on('error', () => socket.destroy());
  });
  for (const server of [origin, proxy] as Server[]) {
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  const port = await listen(origin);
  const network: ClosedNetwork = {
    port,
    proxyUrl: `http://127.0.0.1:${await listen(proxy)}`,
    tunnels: [],
    requests: [],
    answer: (_request, response) => response.writeHead(404).end(),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([origin, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
  return network;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
