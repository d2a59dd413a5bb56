import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import tls from 'node:tls';
import { SetupError, reason } from './errors.mjs';
import { proxyAuthorization, proxyFor, proxyName } from './proxy.mjs';

/** How long a connection (through the proxy or not) may take, in milliseconds: short, so that a closed network moves on to the next way. */
const CONNECT_MS = 10_000;
/** How long a server may send nothing once connected, in milliseconds. */
const IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Certificates that are trusted: Node's own and those of NODE_EXTRA_CA_CERTS, as PEM texts; undefined means Node's default.
 * `log` hears of a file that cannot be read.
 */
export function trustedCertificates(env, log) {
  const path = env.NODE_EXTRA_CA_CERTS;
  if (!path) return undefined;
  try {
    const own = typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates;
    return [...own, readFileSync(path, 'utf8')];
  } catch (error) {
    log.line(`  NODE_EXTRA_CA_CERTS names ${path}, which cannot be read (${reason(error)}); going on without it.`);
    return undefined;
  }
}

/** GETs an https URL, following redirects and the proxy settings of `env`; resolves to the response (status 200, body unread) or rejects with a SetupError. */
export async function get(address, { env, ca }) {
  let url = new URL(address);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (url.protocol !== 'https:') throw new SetupError(`${url.origin} is not https, and is refused`);
    const response = await once(url, env, ca);
    if (response.statusCode === 200) return response;
    response.resume();
    response.destroy();
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || !response.headers.location) {
      throw new SetupError(`${url.host} answered ${response.statusCode}`);
    }
    url = new URL(response.headers.location, url);
  }
  throw new SetupError(`${new URL(address).host} redirected more than ${MAX_REDIRECTS} times`);
}

async function once(url, env, ca) {
  const proxy = proxyFor(url, env);
  const socket = proxy ? await tunnel(url, proxy, ca) : undefined;
  const headers = { host: url.host, 'user-agent': 'nightshift-setup', accept: '*/*' };
  // Node takes `createConnection` into account only where no agent is named.
  const route = socket ? { createConnection: () => tls.connect({ socket, servername: serverName(url.hostname), ca }) } : { agent: false };
  return send(httpsRequest(url, { headers, ca, ...route }), `${url.host}${proxy ? ` through the proxy ${proxyName(proxy)}` : ''}`, 'response');
}

/** Opens a tunnel to `url` through `proxy` by CONNECT; resolves to the raw socket. */
async function tunnel(url, proxy, ca) {
  const authority = `${url.hostname}:${url.port || 443}`;
  const authorization = proxyAuthorization(proxy);
  const headers = { host: authority, ...(authorization && { 'proxy-authorization': authorization }) };
  const secure = proxy.protocol === 'https:';
  const options = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (secure ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers,
    agent: false,
    ...(secure && { ca, servername: serverName(proxy.hostname) }),
  };
  const request = secure ? httpsRequest(options) : httpRequest(options);
  const response = await send(request, `the proxy ${proxyName(proxy)}`, 'connect');
  if (response.statusCode === 200) return response.socket;
  response.socket.destroy();
  const hint = response.statusCode === 407 ? '; put the name and password into HTTPS_PROXY as http://name:password@host:port' : '';
  throw new SetupError(`the proxy ${proxyName(proxy)} answered ${response.statusCode} to CONNECT${hint}`);
}

/** Server names are for names only: TLS refuses an address there. */
function serverName(hostname) {
  return /^[\d.]+$|^\[/.test(hostname) ? undefined : hostname;
}

/** Sends a request without a body; resolves to its response once `event` comes. */
function send(request, where, event) {
  return new Promise((resolve, reject) => {
    const connecting = setTimeout(() => request.destroy(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
    request.setTimeout(IDLE_MS, () => request.destroy(new Error(`nothing came for ${IDLE_MS / 1000} s`)));
    request.once('error', (error) => {
      clearTimeout(connecting);
      reject(new SetupError(`${where} could not be reached: ${reason(error)}`));
    });
    request.once(event, (response) => {
      clearTimeout(connecting);
      resolve(response);
    });
    request.end();
  });
}
