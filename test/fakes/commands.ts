import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandHandsDeps } from '../../adapters/local/command-hands';
import { createCommandJournal } from '../../adapters/local/command-journal';
import type { CommandName } from '../../domain/command-hands';
import { targetId } from '../../domain/inventory';
import type { CommandHands, Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import type { StateStore } from '../../ports/store';

/** A call of one of a team's commands, as it wrote it down itself. */
export interface CommandCall {
  readonly command: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the fake says and does; a test changes it between calls. */
export interface CommandManner {
  readonly current?: string;
  readonly releases?: string;
  /** Statements of JavaScript that a command runs; `say`, `become(state)` and `sleep(ms)` are there. */
  readonly deploy?: string;
  readonly restart?: string;
}

/** Commands that are real programs in a folder of their own. */
export interface FakeCommands {
  readonly folder: string;
  readonly hands: CommandHands;
  readonly service: Service;
  set(manner: CommandManner): void;
  calls(): readonly CommandCall[];
  remove(): void;
}

/** The secret that the commands get as DEPLOY_KEY. */
export const SECRET = 'tr0ub4dor-and-more';

/** A store of small states in memory, with what it holds open to tests. */
export interface MemoryState extends StateStore {
  readonly saved: Map<string, unknown>;
}

/** Makes one that holds the entries. */
export function memoryState(entries: Iterable<readonly [string, unknown]> = []): MemoryState {
  const saved = new Map<string, unknown>([...entries].map(([name, value]) => [name, structuredClone(value)] as const));
  return {
    saved,
    load: async (name) => structuredClone(saved.get(name)),
    create: async (name, value) => !saved.has(name) && saved.set(name, structuredClone(value)) === saved,
    save: async (name, value) => void saved.set(name, structuredClone(value)),
  };
}

/** What the adapters of a fake's commands work with. */
export function commandDeps(fake: FakeCommands, state: StateStore, samples: readonly Sample[] = []): CommandHandsDeps {
  const variables = { PATH: process.env['PATH'] ?? '', DEPLOY_KEY: SECRET };
  return {
    clock: { now: () => Date.now() },
    metrics: { scrape: async () => samples },
    journal: createCommandJournal(state),
    environments: { [targetId(fake.hands.target)]: { variables, secrets: [SECRET] } },
  };
}

const PROGRAM = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const [command, ...argv] = process.argv.slice(2);
appendFileSync('calls.jsonl', JSON.stringify({ command, argv, env: process.env }) + '\\n');
const manner = JSON.parse(readFileSync('manner.json', 'utf8'));
const say = (text) => process.stdout.write(text);
const become = (current) => writeFileSync('manner.json', JSON.stringify({ ...manner, current: typeof current === 'string' ? current : JSON.stringify(current) }));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
if (command === 'current' || command === 'releases') {
  if (manner[command] === undefined) process.exit(3);
  say(manner[command]);
} else {
  const run = Object.getPrototypeOf(async function () {}).constructor;
  await new run('argv', 'say', 'become', 'sleep', 'spawn', 'appendFileSync', manner[command] ?? '')(argv, say, become, sleep, (await import('node:child_process')).spawn, appendFileSync);
}
`;

/** Makes them. */
export function fakeCommands(more: Partial<CommandHands> = {}): FakeCommands {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-commands-'));
  writeFileSync(join(folder, 'ctl.mjs'), PROGRAM);
  const run = (command: CommandName, ...rest: string[]): string[] => [process.execPath, 'ctl.mjs', command, ...rest];
  const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'test/shop' };
  const hands: CommandHands = {
    kind: 'commands',
    commands: { current: run('current'), releases: run('releases'), deploy: run('deploy', '{release}', '--token={token}'), restart: run('restart') },
    ...{ directory: folder, timeoutMs: 5_000, confirmMs: 300, outputLimitBytes: 100_000, target },
    ...more,
  };
  const set = (manner: CommandManner): void => writeFileSync(join(folder, 'manner.json'), JSON.stringify(manner));
  set({ current: '1.1.0', releases: '1.1.0\n1.0.0\n' });
  return {
    ...{ folder, hands, set },
    service: { name: 'shop', environment: 'test', tier: 'standard', dependsOn: [], hands },
    calls: () => {
      const file = join(folder, 'calls.jsonl');
      // The last line may be under way.
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
      return lines.map((line) => JSON.parse(line) as CommandCall);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
