import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/** Pause before looking again at a lock that was just taken by someone else, in milliseconds. */
const LOOK_AGAIN_MS = 50;
/** A holder that is connected but says nothing for this long is waited for all the same, in milliseconds. */
const SILENT_MS = 1_000;
/** An empty lock file younger than this is being written, in milliseconds; only file systems without hard links show one. */
const WRITING_MS = 5_000;

/**
 * Runs `work` while no other process holds the lock `name` in `folder`; calls `onWait` with the holder's process id once when it must wait.
 *
 * A lock is a numbered file that names an open socket of its holder. A dead holder's socket refuses, whatever became of its process id; its
 * successor makes the file with the next number, which only one can do, and then removes the lower ones. The highest file is never removed, so
 * nobody can take away a lock that is held. `work` gets the socket's descriptor: a program that inherits it keeps the lock held should we die before it ends.
 */
export async function withLock(folder, name, work, onWait = () => {}) {
  mkdirSync(folder, { recursive: true });
  const nonce = randomUUID();
  const server = await listen(nonce);
  const mine = { pid: process.pid, port: server.port, nonce };
  try {
    let told = false;
    for (;;) {
      const top = highest(folder, name);
      if (top === 0 || !(await alive(folder, name, top, (pid) => !told && ((told = true), onWait(pid))))) {
        if (take(folder, name, top + 1, mine)) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
    return await work(server.descriptor);
  } finally {
    server.close();
  }
}

function file(folder, name, number) {
  return join(folder, `${name}.lock.${number}`);
}

function numbers(folder, name) {
  const prefix = `${name}.lock.`;
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .map((entry) => Number(entry.slice(prefix.length)));
}

function highest(folder, name) {
  return Math.max(0, ...numbers(folder, name));
}

/** Makes the file with that number, whole or not at all; false when someone was faster. */
function take(folder, name, number, holder) {
  const draft = join(folder, `.${name}.${holder.nonce}`);
  const path = file(folder, name, number);
  writeFileSync(draft, JSON.stringify(holder));
  try {
    publish(draft, path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const all = numbers(folder, name);
  if (Math.max(...all) !== number) {
    rmSync(path, { force: true });
    return false;
  }
  for (const old of all) if (old < number) rmSync(file(folder, name, old), { force: true });
  return true;
}

function publish(draft, path) {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code)) throw error;
    writeFileSync(path, readFileSync(draft), { flag: 'wx' });
  }
}

/** Waits as long as the holder lives; resolves to false when it is gone and to true when it is worth looking again. */
async function alive(folder, name, number, onWait) {
  const path = file(folder, name, number);
  let holder;
  try {
    const text = readFileSync(path, 'utf8');
    if (text === '' && Date.now() - statSync(path).mtimeMs < WRITING_MS) return true;
    holder = JSON.parse(text);
  } catch (error) {
    return error.code === 'ENOENT';
  }
  return new Promise((resolve) => {
    // Whoever else may listen on that port by now answers this, or hangs up; a holder does not read it.
    const socket = connect(holder.port, '127.0.0.1', () => socket.write('?\r\n\r\n'));
    const silent = setTimeout(() => onWait(holder.pid), SILENT_MS);
    let greeted = false;
    socket.once('data', (data) => {
      greeted = data.toString() === holder.nonce;
      if (greeted) onWait(holder.pid);
      else socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => {
      clearTimeout(silent);
      resolve(greeted);
    });
  });
}

/** An open socket that greets with the nonce and stays connected until it is closed. */
function listen(nonce) {
  return new Promise((resolve, reject) => {
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
      socket.write(nonce);
      socket.resume();
    });
    server.unref();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const close = () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      };
      // Windows has no descriptors of sockets; there -1 or nothing stands here.
      const descriptor = server._handle?.fd;
      resolve({ port: server.address().port, descriptor: descriptor > 2 ? descriptor : undefined, close });
    });
  });
}
