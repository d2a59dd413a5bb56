import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** One keep-alive connection that asks one thing at a time. */
export interface Wire {
  /** Sends a whole HTTP/1.1 request; resolves with the status of the answer once its body is there too, or with 0 when the connection breaks. */
  ask(request: string): Promise<number>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

/**
 * Opens a connection; one that breaks is opened again by the next question. It reads just as much of HTTP as the servers here speak (a body with its length, or in chunks), since
 * the load shares two cores with what it measures: Node's own clients cost as much as the server.
 */
export function openWire(host: string, port: number): Wire {
  let socket: Socket | undefined;
  let read = '';
  let answered: ((status: number) => void) | undefined;
  const end = (status: number): void => {
    const tell = answered;
    answered = undefined;
    read = '';
    tell?.(status);
  };
  const open = (): Socket => {
    const opened = connect({ host, port, noDelay: true });
    opened.setEncoding('latin1');
    opened.on('data', (data: string) => {
      read += data;
      const status = statusOf(read);
      if (status !== undefined) end(status);
    });
    opened.on('error', () => undefined);
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = undefined;
      end(0);
    });
    return opened;
  };
  return {
    ask: (request) =>
      new Promise((resolve) => {
        answered = resolve;
        socket ??= open();
        socket.write(request);
      }),
    close: () => socket?.destroy(),
  };
}

/** The status of an answer that is whole; undefined while some of it is missing. */
export function statusOf(read: string): number | undefined {
  const headEnd = read.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = read.slice(0, headEnd).toLowerCase();
  const body = headEnd + HEAD_END.length;
  const length = /\ncontent-length: *(\d+)/.exec(head)?.[1];
  const whole =
    length === undefined
      ? !head.includes('\ntransfer-encoding: chunked') || read.endsWith('\r\n0\r\n\r\n') || read.slice(body) === '0\r\n\r\n'
      : read.length - body >= Number(length);
  return whole ? Number(head.slice(9, 12)) : undefined;
}
