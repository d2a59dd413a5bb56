import { closeSync, openSync } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '../../domain/digest';
import { errorMessage, NightshiftError } from '../../domain/errors';

const SOCKET = 'lock.sock';
// sun_path holds 108 bytes on Linux and 104 on macOS, with the NUL at its end.
const MAX_SOCKET_PATH = 103;
const ANSWER_MS = 2000;

/** A lock that its owner holds by listening: the system frees it with the process, however the process ends. */
export interface HomeLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process, or throws `locked` naming the folder and the owner.
 * Two sockets: one named for the folder in the system (taken atomically), and one in the folder, which a process in another network namespace on the same volume finds.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const named = await namedSocket(home);
  const first = named === undefined ? undefined : await listenOrRefuse(named, home);
  try {
    const second = process.platform === 'win32' ? undefined : await lockInside(home);
    return { release: async () => void (await Promise.all([first && closed(first), second?.release()])) };
  } catch (error) {
    if (first) await closed(first);
    throw error;
  }
}

/** Name by device and inode, so that two paths to one folder are one lock; undefined where a system has no such names (macOS). */
async function namedSocket(home: string): Promise<string | undefined> {
  const { dev, ino } = await stat(home, { bigint: true });
  const name = `nightshift-${sha256(`${dev}:${ino}`).slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : undefined;
}

async function lockInside(home: string): Promise<HomeLock> {
  const { path, done } = shortPath(home);
  try {
    const server = await listenOrRefuse(path, home);
    // The path must stay valid until then: closing removes the socket's file by it.
    return { release: () => closed(server).finally(done) };
  } catch (error) {
    done();
    throw error;
  }
}

/** A path to the socket that fits into a socket's address; on Linux a long one goes by the folder's descriptor. */
function shortPath(home: string): { path: string; done: () => void } {
  const path = join(home, SOCKET);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return { path, done: () => undefined };
  if (process.platform !== 'linux')
    throw new NightshiftError(
      'invalid_config',
      `The path of ${home} is too long for the lock in it: choose a folder whose path has at most ${MAX_SOCKET_PATH - SOCKET.length - 1} bytes.`,
    );
  const descriptor = openSync(home, 'r');
  return { path: `/proc/self/fd/${descriptor}/${SOCKET}`, done: () => closeSync(descriptor) };
}

async function listenOrRefuse(path: string, home: string): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listening(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw new NightshiftError('internal', `The folder ${home} cannot be locked: ${errorMessage(error)}.`);
      const owner = await ask(path);
      if (owner !== undefined || attempt >= 3) throw refused(home, owner);
      // Nobody listens: its owner was killed and left the file behind (the other kinds of name end with their owner).
      if (path.startsWith('/')) await unlink(path).catch(() => undefined);
    }
  }
}

function refused(home: string, owner: string | undefined): NightshiftError {
  const who = owner ? `Another process (${owner})` : 'Another process';
  return new NightshiftError('locked', `${who} has ${home} open. Stop it first, or choose another folder.`);
}

function listening(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`${process.pid}\n`);
    });
    server.once('error', reject);
    server.listen({ path, exclusive: true }, () => {
      // The lock alone must not keep a process alive.
      server.unref();
      resolve(server);
    });
  });
}

/** What the owner says of itself; an empty text when it is there but does not say, undefined when nobody listens. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ path });
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? undefined : ''));
    socket.on('close', () => resolve(/^\d{1,10}$/.test(answer.trim()) ? `process id ${answer.trim()}` : ''));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
