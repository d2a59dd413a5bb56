import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { lockHome } from '../../../adapters/postgres/home-lock';
import { openEmbedded } from '../../../adapters/postgres/open';
import type { AuditHead } from '../../../domain/audit';
import { NOON } from './samples-of-data';

const ROOT = resolve(__dirname, '../../..');
const KILLS = 3;
const ACKS_BEFORE_KILL = 15;

describe('an embedded store and other processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-crash-'));
  const home = join(folder, 'home');
  const children: ChildProcess[] = [];

  beforeAll(() => {
    buildSync({
      entryPoints: [join(__dirname, 'crash-writer.ts'), join(__dirname, 'hold-writer.ts')],
      ...{ bundle: true, platform: 'node', packages: 'external', logLevel: 'error' },
      ...{ outdir: folder, outExtension: { '.js': '.cjs' } },
    });
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Starts a writer, calls back for each of its lines, and ends with it. */
  const run = (program: string, args: readonly string[], onLine: (line: string, child: ChildProcess) => void): Promise<NodeJS.Signals | null> => {
    const child = spawn(process.execPath, [join(folder, program), ...args], {
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
      const signal = await run('crash-writer.cjs', [home], (line, child) => {
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

  test('an alert that is held survives SIGKILL in the hold, and goes to its workflow once when the hold ends', async () => {
    const hour = 3_600_000;
    /** Kills the process once nothing waits; what it delivered, and what it holds then. */
    const killed = async (afterMs: number, ...sent: readonly string[]): Promise<readonly string[]> => {
      const lines: string[] = [];
      const signal = await run('hold-writer.cjs', [home, String(NOON), String(afterMs), ...sent], (line, child) => {
        if (lines.at(-1)?.startsWith('holds')) return;
        lines.push(line);
        if (line.startsWith('holds')) child.kill('SIGKILL');
      });
      expect(signal).toBe('SIGKILL');
      return lines;
    };
    const holding = expect.stringMatching(/^holds a1 until 3600000: .*new shelves/) as string;
    // The second alert of each process is held by nothing: when it is delivered, the first has been looked at.
    expect(await killed(0, 'silent/a1', 'loud/b1')).toEqual(['delivered b1', holding]);
    expect(await killed(hour - 1, 'loud/b2')).toEqual(['delivered b2', holding]);
    expect(await killed(hour)).toEqual(['delivered a1', 'holds ']);
    const store = await openEmbedded({ home });
    expect([await store.inbox.undelivered(10), (await store.quiet.held(10)).count]).toEqual([[], 0]);
    const kept = await store.inbox.kept({ limit: 10 });
    const inWorkflow = expect.stringMatching(/^incident:crash:/) as string;
    expect(kept.map(({ alert, workflowId }) => [alert.id, workflowId])).toEqual(['a1', 'b1', 'b2'].map((id) => [id, inWorkflow]));
    await store.close();
  }, 60_000);

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
