import http from 'node:http';

/** Idle connections of customers are kept this long. */
const KEEP_ALIVE_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** @typedef {{ port: number, underWay: number }} Way */

/** The stable door of the service: hands each request to the instance that is current when the request comes, so that a switch breaks none. */
export class Forwarder {
  /** @type {Way | undefined} */
  #way;

  constructor() {
    this.server = http.createServer((request, response) => this.#forward(request, response));
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  #forward(request, response) {
    const way = this.#way;
    if (!way) {
      refuse(response, 503, 'No instance runs at the moment.');
      return;
    }
    way.underWay += 1;
    response.on('close', () => {
      way.underWay -= 1;
    });
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: way.port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.on('error', () => response.destroy());
      reply.pipe(response);
    });
    onward.on('error', () => refuse(response, 502, 'The instance broke the connection.'));
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy();
    });
    request.pipe(onward);
  }

  /** Sends requests from now on to `port`, or nowhere; resolves when those on the old way are answered, after `patienceMs` at the latest. @param {number | undefined} port @param {number} patienceMs */
  async switchTo(port, patienceMs) {
    const old = this.#way;
    this.#way = port === undefined ? undefined : { port, underWay: 0 };
    const until = Date.now() + patienceMs;
    while (old && old.underWay > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }

  /** @returns {Promise<void>} */
  close() {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** @param {http.ServerResponse} response @param {number} status @param {string} error */
function refuse(response, status, error) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
