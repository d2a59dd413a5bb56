import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of our own (path of its certificate) and a server certificate that it signed. */
export interface Certificates {
  readonly ca: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** True when certificates can be made. In CI that is a must; elsewhere the tests that need them are left out with a line. */
export function canMakeCertificates(): boolean {
  if (spawnSync('openssl', ['version']).status === 0) return true;
  if (process.env.CI) throw new Error('openssl is needed in CI: install it.');
  console.warn('openssl is not installed: the tests of downloads over TLS are left out.');
  return false;
}

/** Makes an authority and a certificate for these names in `folder`. */
export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Nightshift test authority', '-days', '2');
  openssl('req', '-new', ...ec, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=leaf');
  writeFileSync(join(folder, 'leaf.ext'), `subjectAltName=${names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',')}\n`);
  openssl('x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'leaf.ext', '-out', 'leaf.pem', '-days', '2');
  return { ca: join(folder, 'ca.pem'), cert: readFileSync(join(folder, 'leaf.pem')), key: readFileSync(join(folder, 'leaf.key')) };
}
