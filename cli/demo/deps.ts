import type { ApiClient } from '../client';
import type { CliIo } from '../deps';
import type { DemoNames, DemoPlaces } from './settings';

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

/** Says what happens, as a stage of its own. */
export type Tell = (name: string, text: string) => void;

/** Another world for the service of the demo to run in than that of its supervisor. */
export interface DemoWorld {
  /** Said before all else: what the world is, and what it is not. */
  readonly notice?: string;
  /** The fault that is played where none is named. */
  readonly fault: string;
  /** From the fault to the end at the latest, milliseconds. */
  readonly limitMs: number;
  /** Puts the service there, before Nightshift starts; what happens there is told. */
  open(places: DemoPlaces, tell: Tell): Promise<OpenWorld>;
}

/** What truly happened in a world, by its own record. */
export interface WorldLedger {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** In full, as the table may have to cut them. */
  readonly callers: readonly string[];
}

/** A world that a demo plays in. */
export interface OpenWorld {
  /** Nightshift's configuration for it, as YAML. */
  readonly config: string;
  /** When the fault is best begun, epoch milliseconds, from some time on. */
  beginsAt(from: number): number;
  /** What was done to the service so far, whoever did it. */
  actions(): Promise<number>;
  /** Its ledger, shown when it is over; undefined where it has none to show. */
  ledger(): WorldLedger | undefined;
  close(): Promise<void>;
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
  /** The world of the service's supervisor where it is absent. */
  readonly world?: DemoWorld;
}
