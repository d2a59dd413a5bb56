import { PassThrough } from 'node:stream';
import type { CliDeps } from '../../cli/deps';
import { runCli } from '../../cli/program';
import { FAKE_KEY } from './api';

/** What one run of the command line left behind. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** stdout as the one JSON value that it must be. */
  json<T = unknown>(): T;
}

/** How a run differs from a script's: a terminal, its width, and what the person types. */
export interface CliSetting {
  readonly tty?: boolean;
  readonly columns?: number;
  readonly color?: boolean;
  readonly typed?: string | Uint8Array;
  readonly deps?: Partial<CliDeps>;
}

/** The time that the command line believes in: 2026-11-20 14:05 UTC. */
export const NOW = Date.parse('2026-11-20T14:05:00Z');

/** Runs the command line in this process against an API, with captured streams. */
export async function cli(url: string, argv: readonly string[], setting: CliSetting = {}): Promise<CliResult> {
  const { tty = false, columns = 100, color = true } = setting;
  const stdin = new PassThrough();
  stdin.end(setting.typed ?? '');
  let out = '';
  let err = '';
  const io = {
    stdout: {
      write(text: string | Uint8Array, done?: () => void) {
        out += typeof text === 'string' ? text : Buffer.from(text).toString();
        done?.();
      },
    },
    stderr: { write: (text: string) => (err += text) },
    ...{ stdin, stdinIsTty: tty, stdoutIsTty: tty, stderrIsTty: tty, columns, color },
  };
  const code = await runCli({ ...defaults(url), io, ...setting.deps }, argv);
  return { code, out, err, json: <T>() => JSON.parse(out) as T };
}

function defaults(url: string): Omit<CliDeps, 'io'> {
  const none = (): Promise<number> => Promise.reject(new Error('not expected to be launched'));
  return {
    clock: { now: () => NOW },
    version: '1.2.3',
    clientSettings: () => ({ apiUrl: url, apiKey: FAKE_KEY, keyFile: '.nightshift/admin.key', home: '.nightshift' }),
    loadConfig: () => {
      throw new Error('not expected to read the configuration');
    },
    loadCatalogue: () => ({ runbooks: [], problems: [] }),
    objects: () => Promise.reject(new Error('not expected to read or write objects')),
    sealed: () => Promise.reject(new Error('not expected to seal anything')),
    launchers: {
      ...{ start: none, demo: none, doctor: none, upgradeCheck: none, init: none, initAws: none },
      restore: () => Promise.reject(new Error('nothing is restored here')),
      lookback: () => Promise.reject(new Error('nothing is looked back on here')),
    },
    watchEveryMs: 1,
  };
}
