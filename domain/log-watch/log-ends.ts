/** Minutes until a condition of lines ends: the one that is under way, three without, and what is waited for the last of them. */
const MINUTES = 5;

/** Longest time (milliseconds) from a service being well to the end of what its lines showed; 0 where they are not watched. */
export function logsEndMs({ enabled, logs }: { readonly enabled: boolean; readonly logs: boolean }): number {
  return enabled && logs ? MINUTES * 60_000 : 0;
}
