import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { inspectConfig } from '../../config/load';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Paths of what is wrong. */
function wrong(temporal: object, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const file = join(folder, 'nightshift.yaml');
  writeFileSync(file, stringify({ temporal }));
  return inspectConfig({ file, env, cwd: folder }).problems.map(({ path }) => path);
}

test.each(['203.0.112.7:7233', 'ns.acct.tmprl.cloud:7233', 'eu-west-1.aws.api.temporal.io:7233', '[2600::7]:7233'])(
  '%s on the internet needs TLS',
  (address) => {
    expect(wrong({ address })).toEqual(['temporal.tls']);
    expect(wrong({}, { TEMPORAL_ADDRESS: address })).toEqual(['temporal.tls']);
    expect(wrong({ address, tls: {} })).toEqual([]);
  },
);

test.each(['127.0.0.1:7233', '10.1.2.3:7233', 'temporal:7233', 'localhost:7233'])('%s inside may do without', (address) => {
  expect(wrong({ address })).toEqual([]);
});

test('a key is sent over TLS only, and certificate and key come together', () => {
  const env = { KEY: 'secret', PEM: 'pem' };
  expect(wrong({ address: 'temporal:7233', apiKey: { env: 'KEY' } }, env)).toEqual(['temporal.apiKey']);
  expect(wrong({ address: 'temporal:7233', apiKey: { env: 'KEY' }, tls: {} }, env)).toEqual([]);
  expect(wrong({ address: 'temporal:7233', tls: { cert: { env: 'PEM' } } }, env)).toEqual(['temporal.tls']);
  expect(wrong({ address: 'temporal:7233', tls: { cert: { env: 'PEM' }, key: { env: 'GONE' } } }, env)).toEqual(['temporal.tls.key']);
});
