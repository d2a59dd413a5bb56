import { minuteOf } from './minute';
import type { Span } from './telemetry';

/**
 * Calls of one service by another in one minute. Without a caller they are what the called service says of itself: all that came to it, whoever called. Where caller and
 * called are the same, they are steps inside that service.
 */
export interface CallCount {
  readonly environment: string;
  /** Undefined: as the called service saw it. */
  readonly caller?: string;
  readonly callee: string;
  /** Begin of the minute, epoch milliseconds. */
  readonly at: number;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds, of all calls together and of the longest. */
  readonly durationMs: number;
  readonly longestMs: number;
}

/** Spans as counts of calls by minute. A client span that does not say whom it called, and whose server's span is not among these, is counted nowhere. */
export function callCounts(spans: readonly Span[]): CallCount[] {
  // The called service's own name is better than the address that its caller has for it.
  const servedBy = new Map<string, string>();
  for (const { traceId, parentSpanId, kind, service } of spans) {
    if (parentSpanId !== undefined && (kind === 'server' || kind === 'consumer')) servedBy.set(`${traceId}/${parentSpanId}`, service);
  }
  const counts = new Map<string, CallCount>();
  for (const span of spans) {
    const edge = edgeOf(span, servedBy.get(`${span.traceId}/${span.spanId}`));
    if (edge) add(counts, span, edge);
  }
  return [...counts.values()];
}

type Edge = Pick<CallCount, 'caller' | 'callee'>;

function edgeOf({ kind, service, peer }: Span, served: string | undefined): Edge | undefined {
  if (kind === 'server' || kind === 'consumer') return { callee: service };
  if (kind === 'internal') return { caller: service, callee: service };
  const callee = served ?? peer;
  return callee === undefined ? undefined : { caller: service, callee };
}

function add(counts: Map<string, CallCount>, { environment, startedAt, durationMs, failed }: Span, edge: Edge): void {
  const at = minuteOf(startedAt);
  const key = JSON.stringify([environment, edge.caller ?? null, edge.callee, at]);
  const known = counts.get(key) ?? { environment, ...edge, at, requests: 0, failed: 0, durationMs: 0, longestMs: 0 };
  counts.set(key, {
    ...known,
    requests: known.requests + 1,
    failed: known.failed + (failed ? 1 : 0),
    durationMs: known.durationMs + durationMs,
    longestMs: Math.max(known.longestMs, durationMs),
  });
}
