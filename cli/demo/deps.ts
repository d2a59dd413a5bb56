import type { ApiClient } from '../client';
import type { CliIo } from '../deps';
import type { DemoNames } from './settings';

/** A running system of the demo's own. */
export interface DemoSystem {
  readonly api: string;
  readonly temporalUi: string | null;
  readonly namespace: string;
  readonly keyFile: string;
  /** Processes to end by hand with `--keep`. */
  readonly pids: readonly number[];
  /** Ends it; on a shared Temporal server its open workflows are terminated. */
  stop(): Promise<void>;
  /** True until the process has ended. */
  alive(): boolean;
  /** Length and billable actions of the histories of an incident and its remediations. */
  cost(workflowIds: readonly string[]): Promise<{ readonly historyEvents: number; readonly billableActions: number }>;
}

/** What the demo is given by the composition root. */
export interface DemoDeps {
  readonly io: CliIo;
  /** A running Temporal server is named, that others may use too. */
  readonly sharedServer: boolean;
  startSystem(options: { readonly configFile: string; readonly home: string; readonly keep: boolean; readonly names: DemoNames }): Promise<DemoSystem>;
  createClient(door: { readonly url: string; readonly key: string }): ApiClient;
  /** Resolves at the first signal that asks to end. */
  readonly stopped: Promise<unknown>;
}
