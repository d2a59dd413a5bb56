import { callCounts } from '../domain/call-counts';
import { deliveryId } from '../domain/delivery';
import { logCounts } from '../domain/log-counts';
import { sorted } from '../domain/sources/sort';
import type { Sorted } from '../domain/sources/sort';
import type { Reading } from '../domain/sources/source';
import type { ArchiveBatch, Kept } from '../ports/archive';
import { archiveMeter } from './archive-meter';
import { fromStore } from './guard';
import type { ApiDeps } from './types';

/** What was kept of a message. Of points, lines, calls and builds only what it held. */
export interface Taken {
  readonly alerts: { readonly accepted: number; readonly duplicates: number };
  readonly changes: { readonly accepted: number };
  readonly points?: Kept['points'];
  readonly lines?: Kept['logs'];
  readonly calls?: Kept['calls'];
  readonly builds?: Kept['builds'];
  /** What is not kept, each with its reason in words. */
  readonly leftAside: readonly string[];
}

/** Commits everything that a message holds before it returns. `bytes` are the message as it was read. */
export type Keep = (reading: Reading, bytes: Uint8Array, receivedAt: number) => Promise<Taken>;

/**
 * Keeps what messages hold, and counts it for /metrics. Alerts and changes are told apart by their ids, points by series and time, and what is counted by its delivery: a
 * message of which a part did not fit can be sent again whole.
 */
export function keeper(deps: Pick<ApiDeps, 'store' | 'settings' | 'onAccepted' | 'metrics'>): Keep {
  const { store, settings } = deps;
  const count = archiveMeter(deps.metrics);
  return async (reading, bytes, receivedAt) => {
    const all = sorted(reading);
    const { alerts, changes, leftAside } = all;
    const batch = batchOf(all, bytes);
    const taken = await fromStore(async () => {
      if (changes.length > 0) await store.changes.record(changes);
      const accepted = alerts.length > 0 ? await store.inbox.accept(alerts, receivedAt, settings.inboxLimit) : { accepted: 0, duplicates: 0 };
      // Last, as only this counts: an inbox that is full must not leave half a message counted.
      return { accepted, kept: batch && (await store.archive.writer.keep(batch, receivedAt)) };
    }, settings.doorTimeoutMs);
    if (alerts.length > 0) deps.onAccepted(alerts);
    count(taken.kept, reading.leftOut);
    return { alerts: taken.accepted, changes: { accepted: changes.length }, ...archived(all, taken.kept), leftAside };
  };
}

function batchOf({ points, logs, spans, builds }: Sorted, bytes: Uint8Array): ArchiveBatch | undefined {
  const counted = logs.length + spans.length;
  if (points.length + counted + builds.length === 0) return undefined;
  const times = [...logs.map(({ at }) => at), ...spans.map(({ startedAt }) => startedAt)];
  return { points, builds, logs: logCounts(logs), calls: callCounts(spans), ...(counted > 0 && { delivery: deliveryId(bytes, times) }) };
}

function archived({ points, logs, spans, builds }: Sorted, kept: Kept | undefined): Pick<Taken, 'points' | 'lines' | 'calls' | 'builds'> {
  if (!kept) return {};
  return {
    ...(points.length > 0 && { points: kept.points }),
    ...(logs.length > 0 && { lines: kept.logs }),
    ...(spans.length > 0 && { calls: kept.calls }),
    ...(builds.length > 0 && { builds: kept.builds }),
  };
}
