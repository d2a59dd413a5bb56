import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as Faults from '../../../examples/bookshop/faults.mjs';
import type * as Launching from '../../../examples/bookshop/launch.mjs';
import type * as Recording from '../../../examples/bookshop/record.mjs';

const { load } = jest.requireActual<{ load: (file: string) => Promise<unknown> }>('./load.cjs');
const ROOM = path.resolve(__dirname, '../../../examples/bookshop');

/** The practice service's functions for starters of it. */
export interface Bookshop {
  readonly record: typeof Recording;
  readonly faults: typeof Faults;
  readonly launching: typeof Launching;
}

/** Loads `record.mjs`, `faults.mjs` and `launch.mjs`. */
export async function loadBookshop(): Promise<Bookshop> {
  const [record, faults, launching] = await Promise.all(['record', 'faults', 'launch'].map((name) => load(path.join(ROOM, `${name}.mjs`))));
  return { record, faults, launching } as Bookshop;
}

/** A new folder for one practice service, with a function that removes it. */
export function scratch(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'bookshop-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * Share of requests with a failed answer (0 to 1, NaN without requests) from one time to before another, epoch milliseconds. Requests that only ran out of time are left
 * out of the failed ones, as a busy machine makes such by itself.
 */
export function badlyAnswered(bookshop: Bookshop, dir: string, from: number, to: number): number {
  const { failed, timedOut, requests } = bookshop.record.rate(bookshop.record.readRecord(path.join(dir, 'loadgen.jsonl')), from, to);
  return (failed - timedOut) / requests;
}

/** Milliseconds from now on. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks every 50 ms until the answer is not undefined; rejects with `what` after `withinMs`. */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(50);
  }
}

/** Calls an HTTP door with JSON; the answer's body as an object. */
export async function call(method: 'GET' | 'POST', url: string, body?: object | string): Promise<{ status: number; body: Record<string, unknown> }> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await fetch(url, { method, ...(text === undefined ? {} : { body: text }) });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

/** Value of one line of Prometheus text, by the metric's name with its labels; undefined when it is not there. */
export async function metric(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((l) => l.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
