import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fakeTemporal, program, scratch, startSupport, toolFolder } from './support/processes';

const SYSTEM = `${process.platform}-${process.arch}`;
const RELEASE = {
  version: '9.9.9',
  minimumServer: '1.29.0',
  programMegabytes: 1,
  // Port 1 of loopback refuses at once: a closed network.
  archives: { [SYSTEM]: { url: 'https://127.0.0.1:1/temporal.tar.gz', sha256: '0'.repeat(64), aboutMegabytes: 1 } },
};

describe('the search for a Temporal server program', () => {
  let folder: string;
  let cache: string;
  let env: Record<string, string>;

  beforeEach(() => {
    folder = scratch();
    cache = join(folder, 'cache');
    env = { PATH: [join(folder, 'bin'), toolFolder(join(folder, 'tools'))].join(':'), HOME: folder };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function search(...more: string[]) {
    const { code, stdout, stderr } = await startSupport('ensure-temporal.mjs', [JSON.stringify(RELEASE), cache, ...more], env).ended;
    return { code, stderr, found: stdout ? JSON.parse(stdout) : undefined };
  }

  const setting = () => fakeTemporal(join(folder, 'mine', 'my-temporal'), '1.30.0');
  const onPath = (server = '1.29.0') => fakeTemporal(join(folder, 'bin', 'temporal'), server);
  const inCache = (server = '1.31.2') => fakeTemporal(join(cache, `temporal-9.9.9-${SYSTEM}`), server);
  /** A Go whose build writes a program that says it is server 1.31.2. */
  const go = (version = '1.99.0') =>
    program(
      join(folder, 'bin', 'go'),
      `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
       while [ "$1" != -o ]; do shift; done
       printf '#!/bin/sh\\necho "temporal version 0.0.0-DEV (Server 1.31.2, UI 2.0.0)"\\n' > "$2"; /bin/chmod +x "$2"`,
    );

  it('takes NIGHTSHIFT_TEMPORAL_CLI first', async () => {
    onPath();
    inCache();
    env.NIGHTSHIFT_TEMPORAL_CLI = setting();
    expect((await search()).found).toEqual({ path: env.NIGHTSHIFT_TEMPORAL_CLI, version: '1.30.0', origin: 'setting' });
  });

  it('refuses a NIGHTSHIFT_TEMPORAL_CLI that cannot be used, and says what to do', async () => {
    onPath();
    env.NIGHTSHIFT_TEMPORAL_CLI = join(folder, 'nothing-here');
    const { code, stderr } = await search();
    expect(code).toBe(1);
    expect(stderr).toMatch(/NIGHTSHIFT_TEMPORAL_CLI names .*nothing-here, but it cannot be run: .*ENOENT.*unset it/);
  });

  it('takes `temporal` of the PATH second', async () => {
    const path = onPath();
    inCache();
    expect((await search()).found).toEqual({ path, version: '1.29.0', origin: 'path' });
  });

  it('leaves a `temporal` of the PATH alone when its server is too old, says so in a line, and goes on to the cache', async () => {
    const old = onPath('1.28.9');
    const path = inCache();
    const { found, stderr } = await search();
    expect(found).toEqual({ path, version: '1.31.2', origin: 'cache' });
    expect(stderr).toBe(`Temporal: ${old} (on the PATH): its server is 1.28.9, and 1.29.0 or newer is needed\n`);
  });

  it('says nothing when the cache has it', async () => {
    inCache();
    expect((await search()).stderr).toBe('');
  });

  it('builds with Go when the archive cannot be reached, and keeps the program', async () => {
    go();
    const { found, stderr } = await search();
    expect(found).toEqual({ path: join(cache, `temporal-9.9.9-${SYSTEM}`), version: '1.31.2', origin: 'go' });
    expect(stderr).toMatch(/Temporal: the official archive .* could not be reached: .*ECONNREFUSED/);
    expect(stderr).toMatch(/Building the Temporal CLI 9\.9\.9 .*\n {2}into .*to remove it, delete that folder/);
    expect(readdirSync(cache).filter((name) => name.startsWith('.attempt'))).toEqual([]);
  });

  it('does not build with a Go that is too old', async () => {
    go('1.20.0');
    const { code, stderr } = await search();
    expect(code).toBe(1);
    expect(stderr).toMatch(/Go 1\.20\.0 is installed, and the build needs 1\.26\.\d+ or newer/);
  });

  it('replaces a broken program in the cache', async () => {
    program(join(cache, `temporal-9.9.9-${SYSTEM}`), 'exit 3');
    go();
    const { found, stderr } = await search();
    expect(found.origin).toBe('go');
    expect(stderr).toContain('`--version` ended with 3');
  });

  it('lists what was tried and the ways to mend it when all fails', async () => {
    onPath('1.27.1');
    const { code, stderr } = await search();
    expect(code).toBe(1);
    const last = stderr.slice(stderr.indexOf('No Temporal server program'));
    for (const part of [
      'its server is 1.27.1',
      'the official archive https://127.0.0.1:1',
      'Go is not installed',
      'NIGHTSHIFT_TEMPORAL_CLI',
      'HTTPS_PROXY',
      'TEMPORAL_ADDRESS',
      cache,
    ]) {
      expect(last).toContain(part);
    }
  });

  it('downloads and builds nothing when it is only to look', async () => {
    go();
    mkdirSync(cache);
    expect(await search('look')).toEqual({ code: 0, stderr: '', found: null });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('moves on from a proxy that refuses', async () => {
    const proxy = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    env.https_proxy = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    go();
    const { found, stderr } = await search();
    await new Promise((resolve) => proxy.close(resolve));
    expect(found.origin).toBe('go');
    expect(stderr).toMatch(/answered 407 to CONNECT; put the name and password into HTTPS_PROXY/);
  });
});
