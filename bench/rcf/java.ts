import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { packageRoot } from '../../config/package-root';
import type { Environment } from '../../config/types';
import { errorMessage } from '../../domain/errors';
import type { ForestSettings } from '../../domain/anomaly/forest/options';
import { peerFolder } from '../peer-folder';

/** AWS's forest, with a JVM that stays up, so that it is as warm as ours. */
export interface JavaForest {
  /** Scores and learns the points with a new forest. Throws when the JVM ends. */
  run(seed: number): Promise<{ readonly seconds: number; readonly scores: Float64Array }>;
  close(): Promise<void>;
}

/** The newest on Maven Central on 2026-11-21. */
const VERSION = '4.4.0';
const ARTIFACT = `software.amazon.randomcutforest:randomcutforest-core:${VERSION}`;
const GET_MS = 180_000;
const run = promisify(execFile);

/** Gets AWS's forest, compiles `Peer.java` against it and starts that; a sentence where this machine cannot. */
export async function startJava(options: {
  readonly env: Environment;
  readonly settings: ForestSettings;
  readonly points: Float64Array;
  readonly warmUp: number;
}): Promise<JavaForest | string> {
  const { env, settings, points, warmUp } = options;
  try {
    const classPath = await prepare(env);
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-rcf-'));
    const file = join(folder, 'points');
    await writeFile(file, new Uint8Array(points.buffer));
    const sizes = [settings.dimensions, settings.trees, settings.sampleSize, settings.decay, warmUp].map(String);
    return start(['-cp', classPath, 'Peer', file, ...sizes], folder, env);
  } catch (error) {
    const { code, path, stdout, stderr } = error as { code?: string; path?: string; stdout?: string; stderr?: string };
    if (code === 'ENOENT') return `${path ?? 'a program'} is not installed (Debian: apt-get install default-jdk-headless maven)`;
    return (stderr ?? '').trim() || (stdout ?? '').trim().split('\n').at(-1) || errorMessage(error);
  }
}

/** The class path with AWS's forest and our class; both are kept among the user's caches. */
async function prepare(env: Environment): Promise<string> {
  const folder = peerFolder(env, `randomcutforest-${VERSION}`);
  const jar = join(folder, `randomcutforest-core-${VERSION}.jar`);
  await run('java', ['-version'], { env });
  await mkdir(folder, { recursive: true });
  if (!existsSync(jar)) await run('mvn', ['-B', '-q', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`], { env, timeout: GET_MS });
  const source = join(packageRoot(), 'bench', 'rcf', 'Peer.java');
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex');
  const classes = join(folder, `classes-${digest.slice(0, 12)}`);
  if (!existsSync(classes)) {
    const fresh = await mkdtemp(`${classes}-`);
    await run('javac', ['-cp', jar, '-d', fresh, source], { env, timeout: GET_MS });
    await rename(fresh, classes);
  }
  return `${jar}:${classes}`;
}

function start(args: readonly string[], folder: string, env: Environment): JavaForest {
  const child = spawn('java', args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(seed) {
      const file = join(folder, 'scores');
      child.stdin.write(`${String(seed)} ${file}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error("AWS's forest ended without an answer");
      const bytes = await readFile(file);
      return {
        seconds: Number(answer.value.split(' ')[0]) / 1e9,
        scores: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
      };
    },
    async close() {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
