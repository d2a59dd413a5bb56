import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RedactedLines, RedactThreads } from '../cli/redact-pump';
import { packageRoot } from '../config/package-root';

/** What a thread is started with. */
export interface ThreadData {
  /** Key of the tags, where placeholders have them. */
  readonly tagKey?: Uint8Array | undefined;
}

/** What a thread answers. */
export type ThreadAnswer = RedactedLines;

interface Thread {
  readonly worker: Worker;
  readonly asked: { readonly resolve: (answer: RedactedLines) => void; readonly reject: (error: Error) => void }[];
}

/** Threads that begin when the first lines come, each with a queue of its own; who has least to do gets the next lines. */
export function redactThreads(size: number, data: ThreadData): RedactThreads {
  const threads: Thread[] = [];
  const begin = (): Thread => {
    const worker = new Worker(join(packageRoot(), 'dist', 'workers', 'redact-thread.js'), { workerData: data });
    const thread: Thread = { worker, asked: [] };
    worker.on('message', (answer: ThreadAnswer) => thread.asked.shift()?.resolve(answer));
    const fail = (error: Error): void => {
      for (const { reject } of thread.asked.splice(0)) reject(error);
    };
    worker.on('error', fail).on('exit', (code) => fail(new Error(`A thread ended with code ${String(code)}.`)));
    return thread;
  };
  const next = (): Thread => {
    const idle = threads.find(({ asked }) => asked.length === 0);
    if (idle) return idle;
    if (threads.length < size) {
      const thread = begin();
      threads.push(thread);
      return thread;
    }
    return threads.reduce((least, each) => (each.asked.length < least.asked.length ? each : least));
  };
  return {
    size,
    redact: (lines) =>
      new Promise((resolve, reject) => {
        const { worker, asked } = next();
        asked.push({ resolve, reject });
        worker.postMessage(lines, [lines.buffer as ArrayBuffer]);
      }),
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
