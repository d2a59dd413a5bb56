import http from 'node:http';

/** Idle connections of customers are kept this long. */
const KEEP_ALIVE_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** @typedef {{ port: number, underWay: number }} Way */

/** The stable door of the service: hands each request to an instance that is current when the request comes, in turn, so that a switch breaks none. */
export class Forwarder {
  /** @type {Way[]} */
  #ways = [];
  #turn = 0;

  /** @param {(response: http.ServerResponse) => Promise<void>} answerMetrics tells the numbers of all instances, which no single one of them could */
  constructor(answerMetrics) {
    this.server = http.createServer((request, response) => {
      if (request.method === 'GET' && request.url === '/metrics') void answerMetrics(response);
      else this.#forward(request, response);
    });
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  #forward(request, response) {
    const way = this.#ways[this.#turn++ % Math.max(1, this.#ways.length)];
    if (!way) {
      refuse(response, 503, 'No instance takes requests at the moment.');
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

  /** Sends requests from now on to `ports` in turn, or nowhere; resolves when those on other ways are answered, after `patienceMs` at the latest. @param {readonly number[]} ports @param {number} patienceMs */
  async switchTo(ports, patienceMs) {
    const before = this.#ways;
    this.#ways = ports.map((port) => before.find((way) => way.port === port) ?? { port, underWay: 0 });
    const left = before.filter((way) => !this.#ways.includes(way));
    const until = Date.now() + patienceMs;
    while (left.some((way) => way.underWay > 0) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }

  /** @returns {Promise<void>} */
  close() {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** Answers with a status and a sentence. @param {http.ServerResponse} response @param {number} status @param {string} error */
export function refuse(response, status, error) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
