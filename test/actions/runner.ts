import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../config/package-root';

/** How one step ended. */
export interface StepEnd {
  readonly code: number | null;
  /** What stands in the log, commands included. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A job as GitHub's runner runs the action in it: inputs and facts in the environment, answers in files, and the state of the main step for the post step. */
export class FakeRunner {
  readonly temp = mkdtempSync(join(tmpdir(), 'nightshift-runner-'));
  readonly workspace = join(this.temp, 'workspace');
  private state: Record<string, string> = {};
  private exported: Record<string, string> = {};

  constructor(private readonly facts: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.workspace);
  }

  /** Puts a file into the workspace. */
  write(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
    writeFileSync(join(this.workspace, path), text);
  }

  /** Runs a part of the action; what a `main` saves is there for the `post` after it. */
  async run(part: 'main' | 'post', inputs: Readonly<Record<string, string>>): Promise<StepEnd> {
    const files = Object.fromEntries(['OUTPUT', 'STATE', 'ENV'].map((name) => [`GITHUB_${name}`, join(this.temp, `${part}-${name}-${String(Math.random())}`)]));
    for (const file of Object.values(files)) writeFileSync(file, '');
    const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
    const states = part === 'post' ? Object.fromEntries(Object.entries(this.state).map(([name, value]) => [`STATE_${name}`, value])) : {};
    const env = {
      PATH: process.env['PATH'],
      RUNNER_TEMP: this.temp,
      GITHUB_WORKSPACE: this.workspace,
      ...FACTS,
      ...this.facts,
      ...this.exported,
      ...files,
      ...given,
      ...states,
    };
    const child = spawn(process.execPath, [join(packageRoot(), 'actions', 'report-build', `${part}.mjs`)], { env, cwd: this.workspace });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (part === 'main') Object.assign(this.state, valuesOf(files['GITHUB_STATE'] ?? ''));
    Object.assign(this.exported, valuesOf(files['GITHUB_ENV'] ?? ''));
    return { code, log, outputs: valuesOf(files['GITHUB_OUTPUT'] ?? '') };
  }

  /** Folder of the measurements that are under way, if there is one. */
  measuring(): string | undefined {
    const folder = this.state['measuring'];
    return folder !== undefined && existsSync(folder) ? folder : undefined;
  }
}

const FACTS = {
  GITHUB_REPOSITORY: 'octo/Bookshop',
  GITHUB_WORKFLOW: 'ci',
  GITHUB_JOB: 'test',
  GITHUB_RUN_ID: '4711',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SHA: '0f3c9e1d2b4a5968778695a4b3c2d1e0f9a8b7c6',
  GITHUB_REF_NAME: 'main',
  GITHUB_ACTOR: 'ana',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_EVENT_NAME: 'push',
};

/** `name<<delimiter`, the value, and the delimiter again. */
function valuesOf(file: string): Record<string, string> {
  const text = readFileSync(file, 'utf8');
  return Object.fromEntries([...text.matchAll(/^(.+?)<<(.+)\n([^]*?)\n?\2$/gm)].map((match) => [match[1] ?? '', match[3] ?? '']));
}
