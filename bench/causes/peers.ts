import type { EvidenceBundle, EvidenceItem } from '../../domain/evidence';
import type { CauseKind } from '../../domain/names';

/** Plain ways to name a cause that are run beside ours, on the same evidence. */
export const PEERS = { newestChange, loudestSignal } as const;
/** Name of one. */
export type Peer = keyof typeof PEERS;

/** Share of errors and latency that count as ordinary, so that a quotient with nothing stays one. */
const LEAST = { share: 0.01, ms: 20, full: 0.1 } as const;
/** Below that nothing is loud. */
const LOUD = 2;

/** Whatever was changed last before the trouble is to blame. */
function newestChange({ items }: EvidenceBundle): CauseKind {
  return items.some((item) => item.kind === 'change' && item.leadMs >= 0) ? 'bad-release' : 'undetermined';
}

/** The signal that grew the most tells the cause: a resource, the traffic, a dependency; of errors or time of the service itself, its newest release. */
function loudestSignal(bundle: EvidenceBundle): CauseKind {
  const signals = bundle.items.flatMap(signalsOf).sort((a, b) => b.growth - a.growth);
  const [loudest] = signals;
  return loudest && loudest.growth >= LOUD ? (loudest.cause ?? newestChange(bundle)) : 'undetermined';
}

interface Signal {
  readonly growth: number;
  /** Absent where it is the service itself. */
  readonly cause?: CauseKind;
}

function signalsOf(item: EvidenceItem): readonly Signal[] {
  if (item.kind === 'saturation') return [{ growth: item.now / Math.max(item.before, LEAST.full), cause: 'resource-exhaustion' }];
  if (item.kind !== 'metrics' && item.kind !== 'neighbour') return [];
  const { baseline, now } = item;
  const grown = (before: number | null, after: number | null, least: number): number => (after ?? 0) / Math.max(before ?? 0, least);
  const bad = Math.max(grown(baseline.errorShare, now.errorShare, LEAST.share), grown(baseline.latencyP95Ms, now.latencyP95Ms, LEAST.ms));
  if (item.kind === 'neighbour') return [{ growth: bad, cause: 'dependency-failure' }];
  return [{ growth: bad }, { growth: grown(baseline.ratePerSecond, now.ratePerSecond, 1), cause: 'traffic-surge' }];
}
