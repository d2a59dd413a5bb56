import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../../domain/errors';
import { signalGroup } from './process-mark';

/** A program to run, and its limits. */
export interface CommandSpec {
  /** Program and arguments; no shell ever reads them. */
  readonly argv: readonly string[];
  readonly directory: string;
  /** All of the environment that it gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** How a program ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why we ended it, with its whole group; absent where it ended by itself. */
  readonly cut?: string;
  /** It printed more than `maxBytes` to one of them; the rest is left out. */
  readonly truncated: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way. It leads a process group of its own, and goes on when Nightshift is killed. */
export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandEnd>;
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
const SIZE_EVERY_MS = 100;

/** Starts a program. Throws a plain error, with nothing begun, when that is not possible. */
export async function startCommand(spec: CommandSpec): Promise<RunningCommand> {
  const [stdout, stderr] = [await unnamedFile(), await unnamedFile()];
  const outputs = [stdout, stderr] as const;
  try {
    const child = await spawned(spec, outputs);
    const ended = ending(child, spec, outputs).finally(() => close(outputs));
    // Whoever started it may have lost interest by then.
    ended.catch(() => undefined);
    return { pid: child.pid ?? 0, ended };
  } catch (error) {
    await close(outputs);
    throw error;
  }
}

/**
 * Output goes into files without a name: a pipe would break with Nightshift and take the program along in the middle of its work, and would stay open as long as a service that the program
 * left running. Nothing of it stays on the disk.
 */
async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `nightshift-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

async function close(files: readonly FileHandle[]): Promise<void> {
  await Promise.all(files.map((file) => file.close()));
}

function spawned({ argv, directory, environment }: CommandSpec, [stdout, stderr]: readonly [FileHandle, FileHandle]): Promise<ChildProcess> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: { ...environment }, detached: true, shell: false } as const;
    const child = spawn(program, rest, { ...options, stdio: ['ignore', stdout.fd, stderr.fd] });
    child.once('spawn', () => resolve(child));
    child.once('error', (error) => reject(new Error(`${program} cannot be run in ${directory}: ${errorMessage(error)}`, { cause: error })));
  });
}

async function ending(child: ChildProcess, spec: CommandSpec, outputs: readonly [FileHandle, FileHandle]): Promise<CommandEnd> {
  const pid = child.pid ?? 0;
  let cut: string | undefined;
  let force: NodeJS.Timeout | undefined;
  const end = (reason: string): void => {
    if (cut !== undefined) return;
    cut = reason;
    signalGroup(pid, 'SIGTERM');
    force = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
  };
  const timer = setTimeout(() => end(`it took longer than ${spec.timeoutMs / 1000} s`), spec.timeoutMs);
  const watch = setInterval(
    () => void overLimit(outputs, spec.maxBytes).then((over) => over && end(`it printed more than ${spec.maxBytes} bytes`)),
    SIZE_EVERY_MS,
  );
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => child.once('exit', (...how) => resolve(how)));
  clearTimeout(timer);
  clearInterval(watch);
  clearTimeout(force);
  // What it left behind in its group is ended too: a program that was cut short must not go on in its children.
  if (cut !== undefined) signalGroup(pid, 'SIGKILL');
  const truncated = await overLimit(outputs, spec.maxBytes);
  const [stdout = '', stderr = ''] = await Promise.all(outputs.map((file) => head(file, spec.maxBytes)));
  return { code, signal, ...(cut === undefined ? {} : { cut }), truncated, stdout, stderr };
}

async function overLimit(files: readonly FileHandle[], maxBytes: number): Promise<boolean> {
  const sizes = await Promise.all(files.map(async (file) => (await file.stat().catch(() => ({ size: 0 }))).size));
  return sizes.some((size) => size > maxBytes);
}

async function head(file: FileHandle, maxBytes: number): Promise<string> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, maxBytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead).toString('utf8');
}
