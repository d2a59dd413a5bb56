import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { canMakeCertificates, makeCertificates, type Certificates } from './support/certificates';
import { closedNetwork, type ClosedNetwork } from './support/closed-network';
import { fakeTemporal, scratch, startSupport, toolFolder } from './support/processes';

const HOST = 'github.com';
const suite = canMakeCertificates() ? describe : describe.skip;

suite('the official archive of the Temporal CLI', () => {
  let folder: string;
  let certificates: Certificates;
  let archive: Buffer;
  let network: ClosedNetwork;
  let cache: string;
  let env: Record<string, string>;

  beforeAll(() => {
    folder = scratch();
    certificates = makeCertificates(folder, [HOST, 'localhost', 'mirror.example']);
    fakeTemporal(join(folder, 'content', 'temporal'), '1.31.2');
    execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', join(folder, 'content'), 'temporal']);
    archive = readFileSync(join(folder, 'archive.tar.gz'));
    toolFolder(join(folder, 'tools'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    network = await closedNetwork({ cert: certificates.cert, key: certificates.key });
    network.answer = (_request, response) => whole(response);
    cache = join(scratch(), 'cache');
    env = { PATH: join(folder, 'tools'), HOME: folder, HTTPS_PROXY: network.proxyUrl, NODE_EXTRA_CA_CERTS: certificates.ca };
  });
  afterEach(async () => {
    await network.close();
    rmSync(cache, { recursive: true, force: true });
  });

  function whole(response: ServerResponse): void {
    response.writeHead(200, { 'content-length': archive.length }).end(archive);
  }

  function release(url = `https://${HOST}/temporal.tar.gz`, sha256 = createHash('sha256').update(archive).digest('hex')): string {
    const system = `${process.platform}-${process.arch}`;
    return JSON.stringify({ version: '9.9.9', minimumServer: '1.29.0', programMegabytes: 1, archives: { [system]: { url, sha256, aboutMegabytes: 1 } } });
  }

  function start(spec = release()) {
    return startSupport('ensure-temporal.mjs', [spec, cache], env);
  }

  function madeFiles(): string[] {
    return readdirSync(cache).filter((name) => !name.includes('.lock.'));
  }

  it('comes through the proxy and with the authority that the environment names, and is kept in the cache', async () => {
    env.HTTPS_PROXY = network.proxyUrl.replace('http://', 'http://ana:p%40ss@');
    const { code, stdout, stderr } = await start().ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ version: '1.31.2', origin: 'archive' });
    expect(found.path.startsWith(cache)).toBe(true);
    expect(network.tunnels).toEqual([{ target: `${HOST}:443`, authorization: `Basic ${Buffer.from('ana:p@ss').toString('base64')}` }]);
    expect(madeFiles()).toHaveLength(1);
  });

  it('is announced with what, from where, how big, into which folder and how to remove it before its first byte', async () => {
    let release_: (() => void) | undefined;
    network.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length }).flushHeaders();
      release_ = () => response.end(archive);
    };
    const run = start();
    await run.said(/to remove it, delete that folder/);
    release_?.();
    const { stderr } = await run.ended;
    expect(stderr).toContain(`Downloading the Temporal CLI 9.9.9 (a server for development, 1 kB) from https://${HOST}/temporal.tar.gz`);
    expect(stderr).toContain(`into ${cache}`);
  });

  it('is not downloaded a second time', async () => {
    await start().ended;
    const { stdout } = await start().ended;
    expect(JSON.parse(stdout)).toMatchObject({ origin: 'cache', version: '1.31.2' });
    expect(network.requests).toHaveLength(1);
  });

  it('is fetched without the proxy where NO_PROXY says so', async () => {
    env.NO_PROXY = 'example.org, localhost';
    const { code } = await start(release(`https://localhost:${network.port}/temporal.tar.gz`)).ended;
    expect(code).toBe(0);
    expect(network.tunnels).toEqual([]);
    expect(network.requests).toEqual(['/temporal.tar.gz']);
  });

  it('follows a redirect to another host, through the proxy again', async () => {
    network.answer = (request, response) => {
      if (request.headers.host === HOST) response.writeHead(302, { location: 'https://mirror.example/other.tar.gz' }).end();
      else whole(response);
    };
    expect((await start().ended).code).toBe(0);
    expect(network.tunnels.map((tunnel) => tunnel.target)).toEqual([`${HOST}:443`, 'mirror.example:443']);
  });

  it('is refused from a server whose authority is not trusted', async () => {
    delete env.NODE_EXTRA_CA_CERTS;
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/could not be reached: .*certificate/);
    expect(network.requests).toEqual([]);
  });

  it('is refused with its sum when it is not the pinned file, and leaves nothing in the cache', async () => {
    const { code, stderr } = await start(release(undefined, 'a'.repeat(64))).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`its SHA-256 is ${createHash('sha256').update(archive).digest('hex')}, expected ${'a'.repeat(64)}`);
    expect(madeFiles()).toEqual([]);
  });

  it('leaves nothing half-made when the set-up is killed in the middle, and the next set-up works', async () => {
    const half = archive.subarray(0, archive.length / 2);
    network.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(half);
    };
    const killed = start();
    await killed.said(/Downloading/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(madeFiles().filter((name) => name.startsWith('temporal-'))).toEqual([]);
    network.answer = (_request, response) => whole(response);
    const { code, stdout } = await start().ended;
    expect(code).toBe(0);
    expect(existsSync(JSON.parse(stdout).path)).toBe(true);
    expect(madeFiles()).toHaveLength(1);
  });

  it('takes its folder along when the set-up is stopped by Ctrl-C', async () => {
    network.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length }).flushHeaders();
    };
    const stopped = start();
    await stopped.said(/Downloading/);
    stopped.child.kill('SIGINT');
    expect((await stopped.ended).code).toBe(130);
    expect(madeFiles()).toEqual([]);
  });

  it('is downloaded once when two set-ups run at once, and the second says that it waits', async () => {
    const asked = new Promise<ServerResponse>((resolve) => {
      network.answer = (_request, response) => resolve(response);
    });
    const first = start();
    const response = await asked;
    const second = start();
    await second.said(/Another set-up \(process \d+\) is getting the Temporal CLI; waiting for it/);
    whole(response);
    await once(response, 'finish');
    const [a, b] = await Promise.all([first.ended, second.ended]);
    expect([a.code, b.code]).toEqual([0, 0]);
    expect(JSON.parse(b.stdout)).toEqual({ ...JSON.parse(a.stdout), origin: 'cache' });
    expect(network.requests).toHaveLength(1);
  });

  it('is taken over by the waiting set-up when the first one dies', async () => {
    const asked = new Promise<ServerResponse>((resolve) => {
      network.answer = (_request, response) => resolve(response);
    });
    const first = start();
    await asked;
    const second = start();
    await second.said(/waiting for it/);
    network.answer = (_request, response) => whole(response);
    first.child.kill('SIGKILL');
    expect((await second.ended).code).toBe(0);
    expect(madeFiles()).toHaveLength(1);
  });
});
