import { createServer as createHttp1 } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A request of either version of HTTP. */
export type AnyRequest = IncomingMessage | Http2ServerRequest;
/** The way to answer it. */
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Closes every connection, hung ones too. */
  close(): Promise<void>;
}

/** How a connection of HTTP/2 begins (RFC 9113, 3.4), as far as HTTP/1.1 can never begin. */
const PREFACE = Buffer.from('PRI * HTTP/2');

/** Listens on loopback for HTTP/1.1 and HTTP/2 without TLS on one port (0: a free one); which it is shows in a connection's first bytes. */
export async function listen(port: number, onRequest: (request: AnyRequest, response: AnyResponse) => void): Promise<Listening> {
  const http1 = createHttp1({ keepAliveTimeout: 60_000 }, onRequest);
  const http2 = createHttp2(onRequest);
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  const tcp = createTcp((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    firstBytes(socket, (start) => (start.subarray(0, PREFACE.length).equals(PREFACE) ? http2 : http1).emit('connection', socket));
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (tcp.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        tcp.close(() => resolve());
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
        http1.closeAllConnections();
      }),
  };
}

/** Looks at what comes first and puts it back. */
function firstBytes(socket: Socket, then: (start: Buffer) => void): void {
  const look = (): void => {
    const start = socket.read() as Buffer | null;
    if (start === null) return;
    socket.off('readable', look);
    socket.unshift(start);
    then(start);
  };
  socket.on('readable', look);
}

/** The whole body of a request. */
export async function bodyOf(request: AnyRequest): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Cuts a request off without an answer. */
export function cutOff(request: AnyRequest): void {
  if ('stream' in request) request.stream.session?.destroy();
  request.socket.destroy();
}
