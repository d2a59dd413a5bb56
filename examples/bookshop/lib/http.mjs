import http from 'node:http';

/** Largest request body in bytes. */
const BODY_LIMIT = 64 * 1024;
/** Idle connections are kept longer than any client here waits, so that no request meets a closing door. */
const KEEP_ALIVE_MS = 60_000;

/** @typedef {{ status: number, body: unknown, headers?: Readonly<Record<string, string>> }} Reply */
/** @typedef {{ params: readonly string[], query: URLSearchParams, body: unknown }} Request */
/** @typedef {{ method: string, pattern: RegExp, route: string, handle: (request: Request) => Promise<Reply> | Reply }} Route */

/** An answer that a handler gives by throwing: HTTP status and a sentence for the caller. */
export class HttpError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * One route. `path` may hold `:name` parts, which become `params` in their order; it is also the label in metrics.
 * @param {string} method @param {string} path @param {Route['handle']} handle @returns {Route}
 */
export function route(method, path, handle) {
  return { method, pattern: new RegExp(`^${path.replace(/:[a-z]+/g, '([^/]+)')}$`), route: path, handle };
}

/**
 * The body as JSON; undefined when there is none. Throws HttpError 400 or 413.
 * @param {http.IncomingMessage} message @returns {Promise<unknown>}
 */
async function readJson(message) {
  const parts = [];
  let size = 0;
  for await (const part of message) {
    size += part.length;
    if (size > BODY_LIMIT) throw new HttpError(413, `A body holds at most ${BODY_LIMIT} bytes.`);
    parts.push(part);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new HttpError(400, 'The body is not valid JSON.');
  }
}

/** @param {http.ServerResponse} response @param {Reply} reply */
function send(response, { status, body, headers = {} }) {
  const ready = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ready), ...headers });
  response.end(ready);
}

/**
 * @param {readonly Route[]} routes @param {http.IncomingMessage} message
 * @returns {Promise<{ route: string, reply: Reply, error?: unknown }>}
 */
async function dispatch(routes, message) {
  const url = new URL(message.url ?? '/', 'http://loopback');
  const found = routes.find((r) => r.method === message.method && r.pattern.test(url.pathname));
  const label = found?.route ?? 'other';
  try {
    if (!found) throw new HttpError(404, `There is no ${message.method} ${url.pathname} here.`);
    const params = (found.pattern.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
    const body = message.method === 'POST' ? await readJson(message) : undefined;
    return { route: label, reply: await found.handle({ params, query: url.searchParams, body }) };
  } catch (error) {
    if (error instanceof HttpError) return { route: label, reply: { status: error.status, body: { error: error.message } } };
    return { route: label, reply: { status: 500, body: { error: 'Something went wrong inside.' } }, error };
  }
}

/**
 * A server for the routes. `seen` is told of each answer with its seconds and, where the handler broke, the error.
 * @param {readonly Route[]} routes
 * @param {(route: string, status: number, seconds: number, error?: unknown) => void} [seen]
 */
export function serverOf(routes, seen = () => undefined) {
  const server = http.createServer((message, response) => {
    const began = process.hrtime.bigint();
    void dispatch(routes, message).then(({ route: label, reply, error }) => {
      send(response, reply);
      seen(label, reply.status, Number(process.hrtime.bigint() - began) / 1e9, error);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

/**
 * Listens on loopback; resolves to the port. Rejects when the port is taken.
 * @param {import('node:net').Server} server @param {number} port @returns {Promise<number>}
 */
export function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/**
 * Answers what is under way, then closes.
 * @param {http.Server} server @returns {Promise<void>}
 */
export function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/**
 * Address on loopback.
 * @param {number} port @returns {string}
 */
export function urlOf(port) {
  return `http://127.0.0.1:${port}`;
}
