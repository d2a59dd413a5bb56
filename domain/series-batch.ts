import { admitted } from './archive-settings';
import type { ArchiveSettings } from './archive-settings';
import type { MetricPoint } from './telemetry';

/** A time after its arrival by more than this (milliseconds) is ahead: clocks of one network agree better. */
const AHEAD_SLACK_MS = 1000;

type Origin = Pick<MetricPoint, 'environment' | 'service'>;

/** The points of one series in one message. */
export interface SeriesGroup {
  /** What makes it this series, as one text. */
  readonly identity: string;
  readonly first: MetricPoint;
  /** By time in epoch milliseconds; of two at the same time the one told last. */
  readonly points: Map<number, MetricPoint>;
  /** Points that came, with those told twice. */
  told: number;
  /** Of `points`: those whose time is after their arrival. */
  ahead: number;
  newest: number;
}

/** A message's points by series, and what is not kept because of its time. */
export interface SeriesBatch {
  readonly groups: readonly SeriesGroup[];
  readonly refused: readonly { readonly of: Origin; readonly reason: 'too-old' | 'ahead' }[];
}

/** What makes a point one of this series: environment, service, metric, kind, unit and labels in any order. */
export function seriesIdentity({ environment, service, metric, kind, unit = '', labels }: Omit<MetricPoint, 'source' | 'at' | 'value'>): string {
  const names = Object.keys(labels).sort();
  return JSON.stringify([environment, service, metric, kind, unit, ...names.map((name) => [name, labels[name]])]);
}

/** Sorts a message's points by series, in the order in which they are told. */
export function bySeries(points: readonly MetricPoint[], receivedAt: number, settings: ArchiveSettings): SeriesBatch {
  const groups = new Map<string, SeriesGroup>();
  const refused: { of: Origin; reason: 'too-old' | 'ahead' }[] = [];
  for (const point of points) {
    const at = Date.parse(point.at);
    const verdict = admitted(at, receivedAt, settings.keep.pointsMs, settings);
    if (verdict === 'kept') addTo(groups, point, at, receivedAt);
    else refused.push({ of: point, reason: verdict });
  }
  return { groups: [...groups.values()], refused };
}

function addTo(groups: Map<string, SeriesGroup>, point: MetricPoint, at: number, receivedAt: number): void {
  const identity = seriesIdentity(point);
  let group = groups.get(identity);
  if (!group) {
    group = { identity, first: point, points: new Map(), told: 0, ahead: 0, newest: at };
    groups.set(identity, group);
  }
  group.told += 1;
  if (at > receivedAt + AHEAD_SLACK_MS && !group.points.has(at)) group.ahead += 1;
  group.newest = Math.max(group.newest, at);
  group.points.set(at, point);
}
