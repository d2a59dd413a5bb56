import { ARCHIVE_DEFAULTS } from '../../domain/archive-settings';
import { bySeries } from '../../domain/series-batch';
import type { Archive, PointValue, Series } from '../../ports/archive';

interface Held {
  readonly series: Series;
  readonly points: Map<number, PointValue>;
}

const COUNTS = { points: 0, late: 0, duplicates: 0, corrected: 0, ahead: 0, unitChanges: 0, lagMs: 0 };
const NOTHING = { counted: 0, duplicates: 0, refused: 0 };

/** Points in memory that are read back, each once by series and time; only those that are too old are refused. */
export function memoryPoints(): Pick<Archive, 'points' | 'writer'> {
  const all = new Map<string, Held>();
  const heldBy = (id: number): Held | undefined => [...all.values()].find(({ series }) => series.id === id);
  return {
    points: {
      series: async ({ after = 0, limit }) =>
        [...all.values()]
          .map(withTimes)
          .filter(({ id }) => id > after)
          .slice(0, limit),
      read: async (ids, from, to) => {
        const found = ids.map((id) => [id, sorted(heldBy(id)).filter(({ at }) => at >= from && at <= to)] as const);
        return new Map(found.filter(([, points]) => points.length > 0));
      },
    },
    writer: {
      keep: async ({ points = [] }, receivedAt) => {
        const { groups, refused } = bySeries(points, receivedAt, ARCHIVE_DEFAULTS);
        let added = 0;
        for (const { identity, first, points: told } of groups) {
          const { at: _at, value: _value, histogram: _histogram, ...names } = first;
          const held = all.get(identity) ?? {
            series: { ...names, id: all.size + 1, counts: { ...COUNTS, createdAt: 0, first: 0, last: 0, receivedAt } },
            points: new Map(),
          };
          all.set(identity, held);
          for (const [at, { value, histogram }] of told) {
            if (!held.points.has(at)) added += 1;
            held.points.set(at, { at, value, ...(histogram && { histogram }) });
          }
        }
        const duplicates = points.length - refused.length - added;
        const kept = { added, duplicates, corrected: 0, late: 0, refused: { cardinality: 0, 'too-old': refused.length, ahead: 0 } };
        return { points: kept, logs: NOTHING, calls: NOTHING, builds: { added: 0, completed: 0, duplicates: 0 } };
      },
    },
  };
}

function sorted(held: Held | undefined): PointValue[] {
  return [...(held?.points.values() ?? [])].sort((a, b) => a.at - b.at);
}

function withTimes(held: Held): Series {
  const points = sorted(held);
  return { ...held.series, counts: { ...held.series.counts, first: points[0]?.at ?? 0, last: points.at(-1)?.at ?? 0 } };
}
