import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../config/package-root';

/** A fault that can be practised, and what a good answer to it is. */
export interface Fault {
  readonly name: string;
  readonly title: string;
  readonly expect: string;
}

/** A running process of the practice service. */
export interface ShopProcess {
  readonly pid: number;
  readonly url: string;
}

/** The practice service as it runs. */
export interface Shop {
  readonly dir: string;
  readonly url: string;
  readonly payments: ShopProcess;
  readonly supervisor: ShopProcess;
  readonly loadgen: ShopProcess | undefined;
  stop(): Promise<void>;
}

/** What customers saw in 250 ms from `at` (epoch milliseconds) on. */
export interface Bucket {
  readonly at: number;
  readonly requests: number;
  readonly failed: number;
}

/** What the demo uses of `examples/bookshop`. The examples stand alone and are plain ES modules, so they are loaded while the demo runs; times are epoch milliseconds. */
export interface Bookshop {
  readonly FAULTS: readonly Fault[];
  inject(name: string, env: { readonly dir: string }): Promise<{ readonly startedAt: number; readonly injectedAt: number }>;
  /** Without traffic there are no customers; they are the process `loadgen`. */
  launch(options: { readonly dir: string; readonly tether: boolean; readonly traffic: boolean }): Promise<Shop>;
  startProcess(
    name: 'loadgen' | 'supervisor',
    dir: string,
    args: readonly string[],
    options: { readonly tether: boolean },
  ): Promise<ShopProcess & { stop(): Promise<void> }>;
  readRecord(file: string): readonly Bucket[];
  /** Failed share, 0 to 1, null without requests. */
  rate(record: readonly Bucket[], from: number, to: number): { readonly share: number | null };
  firstFailure(record: readonly Bucket[], after: number): number | null;
  recoveredAt(record: readonly Bucket[], after: number, options: { readonly threshold: number; readonly forMs: number }): number | null;
}

/** Loads the practice service's own tools. */
export async function loadBookshop(): Promise<Bookshop> {
  const load = (file: string): Promise<object> => import(pathToFileURL(join(packageRoot(), 'examples', 'bookshop', file)).href) as Promise<object>;
  const [faults, launch, record] = await Promise.all([load('faults.mjs'), load('launch.mjs'), load('record.mjs')]);
  return { ...faults, ...launch, ...record } as Bookshop;
}
