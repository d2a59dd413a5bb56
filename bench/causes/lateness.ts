import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the machine let this process wait: where that is long, the practice service waited as well, and its numbers are bad by themselves. */
export interface Lateness {
  /** The longest wait since it began, milliseconds. */
  longestMs(): number;
  stop(): void;
}

const RESOLUTION_MS = 20;
const NANOSECONDS_A_MS = 1e6;

/** Begins to measure. */
export function measureLateness(): Lateness {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return { longestMs: () => Math.round(delays.max / NANOSECONDS_A_MS), stop: () => void delays.disable() };
}
