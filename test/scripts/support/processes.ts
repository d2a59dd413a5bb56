import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Root of the repository. */
export const ROOT = join(__dirname, '..', '..', '..');

/** A process under way: what it wrote so far, and its end. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Resolves when the process itself is gone; a program that it started may still hold its output open. */
  readonly exited: Promise<void>;
  /** Resolves once standard error matches. Rejects when the process ends before. */
  said(pattern: RegExp): Promise<void>;
}

/** Starts a script of `test/scripts/support` with exactly this environment. */
export function startSupport(script: string, args: readonly string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, [join(__dirname, script), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    watchers.forEach((watch) => watch());
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (pattern.test(stderr)) resolve();
      };
      watchers.add(watch);
      void ended.then(() => reject(new Error(`It ended without saying ${String(pattern)}: ${stderr}`)));
      watch();
    });
  return { child, ended, exited, said };
}

/** Calls a pure function of a set-up module, which Jest itself cannot import. */
export function call(module: string, name: string, calls: readonly (readonly unknown[])[]): unknown[] {
  const result = spawnSync(process.execPath, [join(__dirname, 'call.mjs'), module, name, JSON.stringify(calls)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as unknown[];
}

/** A new folder for one test. */
export function scratch(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-setup-')));
}

/** Writes a program (a shell script) and returns its path. */
export function program(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A program that answers `--version` as the Temporal CLI does. */
export function fakeTemporal(path: string, server: string): string {
  return program(path, `echo "temporal version 1.0.0 (Server ${server}, UI 2.0.0)"`);
}

/** A folder with the tools that unpack an archive and nothing else, so that no Go or Temporal of this machine is found. */
export function toolFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const tool of ['tar', 'gzip', 'sh']) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(found, join(folder, tool));
  }
  return folder;
}
