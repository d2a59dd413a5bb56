import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { Server } from 'node:tls';
import { stringify } from 'yaml';
import { loadConfig } from '../../config/load';
import { connectClient, connectTemporal, temporalPlace } from '../../workers/connect';
import { canMakeCertificates, makeCertificates } from '../scripts/support/certificates';

// A Temporal server behind TLS that takes only those with a certificate of its authority, as Temporal Cloud is.
(canMakeCertificates() ? describe : describe.skip)('a server behind TLS', () => {
  let folder: string;
  let proxy: Server;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-tls-'));
    const { ca, cert, key } = makeCertificates(folder, ['temporal.test']);
    const [host = '', port = ''] = (process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '').split(':');
    proxy = createServer({ ca: readFileSync(ca), cert, key, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] }, (secure) => {
      const plain = connect(Number(port), host);
      secure.pipe(plain).pipe(secure);
      for (const socket of [secure, plain]) socket.on('error', () => [secure, plain].forEach((each) => each.destroy()));
    });
    proxy.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => proxy.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const place = (temporal: object) => {
    writeFileSync(join(folder, 'nightshift.yaml'), stringify({ temporal: { address, ...temporal } }));
    return temporalPlace(address, loadConfig({ file: 'nightshift.yaml', cwd: folder, env: {} }).temporal);
  };
  const file = (name: string) => ({ file: `./${name}` });
  const pair = { cert: file('leaf.pem'), key: file('leaf.key') };

  test('is reached by both connections with its authority, our certificate and the name in its own', async () => {
    const connections = await connectTemporal(place({ tls: { ca: file('ca.pem'), ...pair, serverName: 'temporal.test' } }));
    const { client, native } = connections;
    for (const service of [client.workflowService, native.workflowService]) {
      expect((await service.describeNamespace({ namespace: 'default' })).namespaceInfo?.name).toBe('default');
    }
    await connections.close();
  });

  test.each([
    ['without TLS', {}],
    ['by the authorities of Node', { tls: { ...pair, serverName: 'temporal.test' } }],
    ['by another name', { tls: { ca: file('ca.pem'), ...pair } }],
    ['without a certificate of ours', { tls: { ca: file('ca.pem'), serverName: 'temporal.test' } }],
  ])('is not reached %s', async (_how, temporal) => {
    await expect(connectClient(place(temporal), 2_000)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
