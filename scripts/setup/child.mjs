import { spawn } from 'node:child_process';

/** Longest tail of a child's output that is kept for an error, in characters. */
const TAIL = 4_000;

/** Programs that must not outlive us when a person stops the set-up. */
const running = new Set();
let guarded = false;

function guard() {
  if (guarded) return;
  guarded = true;
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
  });
}

/**
 * Runs a program to its end without a terminal: resolves to `{code, output}` (exit code or signal name, and the last of what it wrote).
 * `onLine` gets each line as it comes; `keepOpen` is a file descriptor that stays open as long as the program lives, even without us. Rejects when the program cannot be started.
 */
export function runChild(program, args, { cwd, env, onLine, timeoutMs, shell, keepOpen } = {}) {
  guard();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      shell: shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe', ...(keepOpen ? [keepOpen] : [])],
      windowsHide: true,
    });
    running.add(child);
    const timer = timeoutMs && setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const over = () => {
      clearTimeout(timer);
      running.delete(child);
    };
    let output = '';
    const take = (chunk) => {
      const text = chunk.toString();
      output = (output + text).slice(-TAIL);
      if (onLine) for (const line of text.split('\n')) if (line.trim()) onLine(line.trim());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => {
      over();
      reject(error);
    });
    child.once('close', (code, signal) => {
      over();
      resolve({ code: code ?? signal, output: output.trim() });
    });
  });
}
