/** A fault that can be practised: what happens in one line, and what a good answer is. */
export interface Fault {
  readonly name: 'bad-release' | 'memory-leak' | 'dependency' | 'two-releases' | 'traffic-wave' | 'unknown';
  readonly title: string;
  readonly expect: string;
}
/** All faults. */
export const FAULTS: readonly Fault[];
/** Brings a fault about in the practice service in `dir`; resolves when it is under way. Times are epoch milliseconds. Throws for an unknown name or a process that does not answer. */
export function inject(
  name: string,
  env: { dir: string; by?: string; outageMs?: number; waveMs?: number },
): Promise<{ name: string; startedAt: number; injectedAt: number }>;
