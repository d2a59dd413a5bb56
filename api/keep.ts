import { callCounts } from '../domain/call-counts';
import type { Change } from '../domain/change';
import { deliveryId } from '../domain/delivery';
import { logCounts } from '../domain/log-counts';
import { OWN_AUTHOR, referencesIn } from '../domain/own-changes';
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

/** A message that was read, with its bytes or what else tells it from others. */
export interface ReadPart {
  readonly reading: Reading;
  readonly bytes: Uint8Array;
}

/** Keeps one message, or several in one go. */
export type Keeper = Keep & {
  /** As one message by one, but in as few transactions as one takes; what is counted is told apart by each message. */
  readonly all: (parts: readonly ReadPart[], receivedAt: number) => Promise<void>;
};

/**
 * Keeps what messages hold, and counts it for /metrics. Alerts and changes are told apart by their ids, points by series and time, and what is counted by its delivery: a
 * message of which a part did not fit can be sent again whole.
 */
export function keeper(deps: Pick<ApiDeps, 'store' | 'settings' | 'onAccepted' | 'metrics'>): Keeper {
  const { store, settings } = deps;
  const count = archiveMeter(deps.metrics);
  const keepAll = async (parts: readonly ReadPart[], receivedAt: number) => {
    const read = parts.map(({ reading, bytes }) => ({ all: sorted(reading), bytes }));
    const alerts = read.flatMap(({ all }) => all.alerts);
    const changes = read.flatMap(({ all }) => all.changes);
    const batch = batchOf(read);
    const taken = await fromStore(async () => {
      const own = await store.intents.heard(referencesIn([...changes, ...read.flatMap(({ all }) => all.builds)].map(({ id }) => id)), receivedAt);
      if (changes.length > 0) await store.changes.record(changes.map((change) => (isOf(change, own) ? { ...change, author: OWN_AUTHOR } : change)));
      const accepted = alerts.length > 0 ? await store.inbox.accept(alerts, receivedAt, settings.inboxLimit) : { accepted: 0, duplicates: 0 };
      // Last, as only this counts: an inbox that is full must not leave half a message counted.
      return { accepted, kept: batch && (await store.archive.writer.keep(batch, receivedAt)) };
    }, settings.doorTimeoutMs);
    if (alerts.length > 0) deps.onAccepted(alerts);
    count(
      taken.kept,
      parts.flatMap(({ reading }) => reading.leftOut ?? []),
    );
    return { ...taken, read, changes: changes.length };
  };
  const keep: Keep = async (reading, bytes, receivedAt) => {
    const { accepted, kept, read, changes } = await keepAll([{ reading, bytes }], receivedAt);
    const [{ all }] = read as [(typeof read)[number]];
    return { alerts: accepted, changes: { accepted: changes }, ...archived(all, kept), leftAside: all.leftAside };
  };
  return Object.assign(keep, { all: async (parts: readonly ReadPart[], receivedAt: number) => void (await keepAll(parts, receivedAt)) });
}

/** Whether a change is what came of an effect of ours. */
function isOf({ id }: Change, own: readonly string[]): boolean {
  return own.length > 0 && referencesIn([id]).some((each) => own.includes(each));
}

function batchOf(read: readonly { readonly all: Sorted; readonly bytes: Uint8Array }[]): ArchiveBatch | undefined {
  const points = read.flatMap(({ all }) => all.points);
  const builds = read.flatMap(({ all }) => all.builds);
  const [first, ...parts] = read.flatMap(({ all, bytes }) => countedOf(all, bytes) ?? []);
  if (points.length + builds.length === 0 && !first) return undefined;
  return { points, builds, ...(first ?? { logs: [], calls: [] }), ...(parts.length > 0 && { parts }) };
}

function countedOf({ logs, spans }: Sorted, bytes: Uint8Array): Required<Pick<ArchiveBatch, 'logs' | 'calls' | 'delivery'>> | undefined {
  if (logs.length + spans.length === 0) return undefined;
  const times = [...logs.map(({ at }) => at), ...spans.map(({ startedAt }) => startedAt)];
  return { logs: logCounts(logs), calls: callCounts(spans), delivery: deliveryId(bytes, times) };
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
