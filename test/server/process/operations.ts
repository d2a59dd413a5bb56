import { execFile, execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';
import type { SystemRole } from '../../../config/types';
import { openPage, textOf, wordsOf } from '../../docs/markdown';
import { finished, makePlace } from './support';
import type { Finished, Place, Program } from './support';

/** What a command of the page is run with: words for the placeholders in it, words at its end, variables. */
export interface OperationSetting {
  readonly swaps?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The commands of docs/operations.md in a folder of their own that looks like the clone's: each is run in the words in which it stands on the page. */
export interface Operations {
  readonly place: Place;
  /** Runs a command of the page to its end. */
  run(command: string, setting?: OperationSetting): Promise<Finished>;
  /** Begins a command of the page that runs on: one of npm's or `npx nightshift …`. */
  begin(command: string, setting?: OperationSetting): Program;
  /** Commands of the page that nobody has run. */
  left(): readonly string[];
}

/** Nobody listens there: what asks an engine for something is refused after its arguments were taken. */
const NO_ENGINE = { DOCKER_HOST: 'tcp://127.0.0.1:9' };
const CLONE = ['docs', 'docker', 'docker-compose.yml', 'Dockerfile'];

/** Opens the page and makes the folder. */
export function openOperations(): Operations {
  const place = makePlace();
  const page = openPage('docs/operations.md', { spans: true });
  for (const name of CLONE) symlinkSync(join(packageRoot(), name), join(place.dir, name));
  const wordsFor = (command: string, { swaps = {}, words = [] }: OperationSetting): string[] => {
    page.take(command);
    for (const name of Object.keys(swaps)) if (!wordsOf(command).includes(name)) throw new Error(`${command} has no word ${name}`);
    return [...wordsOf(command).map((word) => swaps[word] ?? word), ...words];
  };
  const ours = (words: readonly string[], env: OperationSetting['env']): Program => {
    const [script = '', ...args] = words[0] === 'npm' ? npmScript(words.slice(1)) : ['scripts/nightshift.mjs', ...words.slice(2)];
    return place.run(script, args, env);
  };
  return {
    place,
    left: () => page.left(),
    begin: (command, setting = {}) => ours(wordsFor(command, setting), setting.env),
    run: (command, setting = {}) => {
      const words = wordsFor(command, setting);
      if (words[0] === 'npm' || words[0] === 'npx') return finished(ours(words, setting.env));
      const [program = '', ...args] = words[0] === 'docker' ? ['docker-compose', ...words.slice(2)] : words;
      // The tests' own has the name of its version.
      const file = program === 'temporal' ? (process.env['NIGHTSHIFT_TEMPORAL_CLI'] ?? program) : program;
      return other(file, args, place.dir, { ...NO_ENGINE, ...setting.env });
    },
  };
}

/** What npm runs for `start` or `run NAME`, with what stands behind `--`. */
function npmScript(words: readonly string[]): string[] {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const [name = '', ...rest] = words[0] === 'run' ? words.slice(1) : words;
  const [node, ...script] = wordsOf(scripts[name] ?? '');
  if (node !== 'node') throw new Error(`npm has no script ${name} that node runs`);
  return [...script, ...rest.filter((word) => word !== '--')];
}

function other(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Finished> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      // A program that is not there has no exit code.
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, signal: null, stdout, stderr });
      else reject(new Error(`${program} did not run: ${String(error?.message)}`));
    });
  });
}

/** Whether a program of this machine answers. */
export function has(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Names of the page's table of metrics that a role has. */
export function metricsOnThePage(role: SystemRole): string[] {
  const [, section = ''] = textOf('docs/operations.md').split(/^## Metrics$/m);
  const rows = [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| `(nightshift_\w+)` +\| ([^|]+) \|/gm)];
  return rows.filter(([, , roles = '']) => roles.trim().split(', ').includes(role)).map(([, name = '']) => name);
}

/** Names of our own that a door exposes. */
export async function metricsExposed(door: string): Promise<string[]> {
  const text = await (await fetch(`${door}/metrics`)).text();
  return [...text.matchAll(/^# TYPE (nightshift_\w+)/gm)].map(([, name = '']) => name);
}
