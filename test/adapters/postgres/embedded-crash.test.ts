import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { lockHome } from '../../../adapters/postgres/home-lock';
import { openEmbedded } from '../../../adapters/postgres/open';
import type { AuditHead } from '../../../domain/audit';

const ROOT = resolve(__dirname, '../../..');
const KILLS = 3;
const ACKS_BEFORE_KILL = 15;

describe('an embedded store and other processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-crash-'));
  const home = join(folder, 'home');
  const program = join(folder, 'writer.cjs');
  const children: ChildProcess[] = [];

  beforeAll(() => {
    buildSync({
      entryPoints: [join(__dirname, 'crash-writer.ts')],
      bundle: true,
      platform: 'node',
      packages: 'external',
      outfile: program,
      logLevel: 'error',
    });
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Starts the writer, calls back for each of its lines, and ends with it. */
  const write = (onLine: (line: string, child: ChildProcess) => void): Promise<NodeJS.Signals | null> => {
    const child = spawn(process.execPath, [program, home], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    });
    children.push(child);
    createInterface({ input: child.stdout }).on('line', (line) => onLine(line, child));
    return new Promise((done) => child.once('close', (_code, signal) => done(signal)));
  };

  test('killed again and again under writes, it loses nothing that it acknowledged, and its lock is free at once', async () => {
    const acknowledged = new Map<string, AuditHead[]>();
    let refusal: unknown;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      let acks = 0;
      let tried: Promise<unknown> | undefined;
      const signal = await write((line, child) => {
        const [stream = '', count, hash = ''] = line.split(' ');
        if (count === undefined) return;
        acknowledged.set(stream, [...(acknowledged.get(stream) ?? []), { count: Number(count), hash }]);
        acks += 1;
        if (acks < ACKS_BEFORE_KILL * kill) return;
        // The last writer is asked for its folder while it works.
        tried ??= kill < KILLS ? Promise.resolve() : openEmbedded({ home }).catch((error: unknown) => (refusal = error));
        void tried.then(() => child.kill('SIGKILL'));
      });
      expect(signal).toBe('SIGKILL');
    }
    expect(refusal).toMatchObject({ code: 'locked', message: expect.stringContaining(home) as string });

    const store = await openEmbedded({ home });
    for (const [stream, heads] of acknowledged) {
      const records = await store.audit.read(stream);
      for (const head of heads) expect(records[head.count - 1]?.hash).toBe(head.hash);
      expect((await store.incidents.get(stream))?.version).toBe(records.length);
    }
    const heads = Object.fromEntries([...acknowledged].map(([stream, all]) => [stream, all.at(-1) as AuditHead]));
    expect((await store.audit.verify({ heads })).faults).toEqual([]);
    await store.close();
  }, 180_000);

  test('a folder is locked by whichever path one comes to it, and free after its release', async () => {
    const long = join(folder, 'x'.repeat(120));
    const link = join(folder, 'link');
    mkdirSync(long);
    symlinkSync(long, link);
    const lock = await lockHome(long);
    await expect(lockHome(link)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(new RegExp(`process id ${process.pid}\\).*${link}`)) as string,
    });
    await lock.release();
    await (await lockHome(link)).release();
  });

  test('of many that want a folder at the same moment one gets it', async () => {
    const wanted = join(folder, 'wanted');
    mkdirSync(wanted);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => lockHome(wanted)));
    const got = answers.filter((a) => a.status === 'fulfilled');
    expect(got).toHaveLength(1);
    expect(answers.filter((a) => a.status === 'rejected').map((a) => (a.reason as { code: string }).code)).toEqual(Array(9).fill('locked'));
    await got[0]?.value.release();
  });
});
