import { SetupError } from './errors.mjs';

/** The proxy (a URL) that an https URL (a text or a URL) goes through by HTTPS_PROXY and NO_PROXY, or undefined when it goes directly. */
export function proxyFor(address, env) {
  const url = new URL(address);
  const text = env.https_proxy || env.HTTPS_PROXY;
  if (!text || bypasses(url, env.no_proxy || env.NO_PROXY || '')) return undefined;
  const proxy = parse(text.includes('://') ? text : `http://${text}`);
  if (!proxy || !['http:', 'https:'].includes(proxy.protocol)) {
    throw new SetupError('HTTPS_PROXY is not understood: it must look like http://proxy.example:3128 or https://user:password@proxy.example:3128.');
  }
  return proxy;
}

/** The value of the Proxy-Authorization header, or undefined when the proxy's URL names nobody. */
export function proxyAuthorization(proxy) {
  if (!proxy.username) return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The proxy as it may be shown: without its password. */
export function proxyName(proxy) {
  return `${proxy.protocol}//${proxy.host}`;
}

function parse(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** NO_PROXY: names with everything below them, with or without a leading dot, `*`, addresses, and an optional port. */
function bypasses(url, list) {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || '443';
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry, host, port) {
  if (entry === '*') return true;
  const parts = /^\[?(?<name>[^[\]]*?)\]?(?::(?<port>\d+))?$/.exec(entry.split(':').length > 2 && !entry.startsWith('[') ? `[${entry}]` : entry);
  if (!parts || (parts.groups.port && parts.groups.port !== port)) return false;
  const name = parts.groups.name.replace(/^\*?\./, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}
