import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePort } from '../../workers/free-port';
import { startTemporalServer } from '../../workers/temporal-server';
import type { TemporalServer } from '../../workers/temporal-server';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'nightshift-servers-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function clusterId(server: TemporalServer): Promise<string> {
  const connection = await Connection.connect({ address: server.address });
  const info = await connection.workflowService.getClusterInfo({});
  await connection.close();
  return info.clusterId;
}

test('two that want the same port at the same time get a server each: none takes the one of the other for its own', async () => {
  const program = process.env['NIGHTSHIFT_TEMPORAL_CLI'] ?? '';
  const ports = { grpc: await freePort(), ui: await freePort() };
  const start = (name: string): Promise<TemporalServer> =>
    startTemporalServer({ program, folder: join(folder, name), namespace: 'default', ports, headless: true });
  const servers = await Promise.all(['a', 'b'].map(start));
  try {
    const ids = await Promise.all(servers.map(clusterId));
    expect(new Set(ids).size).toBe(2);
    expect(new Set(servers.map((server) => server.address)).size).toBe(2);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}, 120_000);
