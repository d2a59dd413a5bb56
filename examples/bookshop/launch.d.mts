/** A running process of the practice service and how to end it (SIGTERM unless another signal is named). */
export interface Process {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  alive(): boolean;
  stop(signal?: NodeJS.Signals): Promise<void>;
}
/** The practice service as it runs; `url` is the service's stable address. */
export interface Shop {
  readonly dir: string;
  readonly url: string;
  readonly payments: Process;
  readonly supervisor: Process;
  readonly loadgen: Process | undefined;
  stop(): Promise<void>;
}
/** Starts one process and resolves when it says where it is; rejects with the end of its standard error when it does not come up. */
export function startProcess(name: 'payments' | 'supervisor' | 'loadgen', dir: string, args: readonly string[], options: { tether: boolean }): Promise<Process>;
/** Starts payments, the supervisor with the service, and customers (unless `traffic` is false). With `tether` (default) all end with the starter. */
export function launch(options: {
  dir: string;
  tether?: boolean;
  release?: string;
  environment?: string;
  releases?: string;
  traffic?: boolean;
  instances?: number;
}): Promise<Shop>;
