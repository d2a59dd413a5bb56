import { sql } from 'kysely';
import type { CallCount } from '../../../domain/call-counts';
import type { LogCount } from '../../../domain/log-counts';
import { admitted } from '../../../domain/archive-settings';
import type { ArchiveSettings } from '../../../domain/archive-settings';
import { bySeries } from '../../../domain/series-batch';
import type { SeriesBatch } from '../../../domain/series-batch';
import type { ArchiveBatch, ArchiveWriter, Kept, KeptPoints } from '../../../ports/archive';
import { transact } from '../database';
import type { Db, Tx } from '../database';
import { textArray } from '../binary-arrays';
import { putBuilds } from './builds';
import { countCalls } from './count-calls';
import { countLines } from './count-lines';
import { KnownIds, RowIsGone } from './known-ids';
import { putPoints } from './put-points';
import { markRefused } from './refusals';
import type { Refused } from './refusals';
import { seriesIds } from './series-ids';

const TRIES = 3;

/** Takes in what was measured: all of a batch in one transaction. */
export function archiveWriter(db: Db, settings: ArchiveSettings): ArchiveWriter {
  const known = { series: new KnownIds(), templates: new KnownIds(), edges: new KnownIds() };
  return {
    keep: async (batch, receivedAt) => {
      const points = bySeries(batch.points ?? [], receivedAt, settings);
      for (let attempt = 1; ; attempt += 1) {
        try {
          const keeping = new Keeping(settings, known, receivedAt);
          const kept = await transact(db, (tx) => keeping.run(tx, batch, points));
          keeping.learn();
          return kept;
        } catch (error) {
          if (!(error instanceof RowIsGone) || attempt >= TRIES) throw error;
          for (const ids of Object.values(known)) ids.forget();
        }
      }
    },
  };
}

type Known = Readonly<Record<'series' | 'templates' | 'edges', KnownIds>>;

/** One batch on its way into the tables. */
class Keeping {
  private learned: Readonly<Record<keyof Known, ReadonlyMap<string, number>>> = { series: new Map(), templates: new Map(), edges: new Map() };

  constructor(
    private readonly settings: ArchiveSettings,
    private readonly known: Known,
    private readonly receivedAt: number,
  ) {}

  async run(tx: Tx, batch: ArchiveBatch, points: SeriesBatch): Promise<Kept> {
    const refused: Refused[] = points.refused.map((each) => ({ ...each, count: 1 }));
    const keptPoints = await this.points(tx, points, refused);
    const told = await this.apart(tx, [batch, ...(batch.parts ?? [])]);
    const { templatesPerService, calleesPerService, keep } = this.settings;
    const logs = await this.counted(
      both(told, ({ logs = [] }) => logs),
      { keepMs: keep.logsMs, units: ({ lines }) => lines },
      refused,
      async (counts) => {
        const templates = await countLines(tx, counts, this.known.templates, templatesPerService, this.receivedAt);
        this.learned = { ...this.learned, templates };
      },
    );
    const calls = await this.counted(
      both(told, ({ calls = [] }) => calls),
      { keepMs: keep.pointsMs, units: ({ requests }) => requests },
      refused,
      async (counts) => {
        const edges = await countCalls(tx, counts, this.known.edges, calleesPerService, this.receivedAt);
        this.learned = { ...this.learned, edges };
      },
    );
    const builds = await putBuilds(tx, batch.builds ?? []);
    await markRefused(tx, refused, this.receivedAt);
    return { points: keptPoints, logs, calls, builds };
  }

  /** What was learned counts once the transaction has ended well. */
  learn(): void {
    this.known.series.learn(this.learned.series);
    this.known.templates.learn(this.learned.templates);
    this.known.edges.learn(this.learned.edges);
  }

  private async points(tx: Tx, { groups }: SeriesBatch, refused: Refused[]): Promise<KeptPoints> {
    const found = await seriesIds(tx, groups, this.known.series, this.settings.seriesPerService, this.receivedAt);
    this.learned = { ...this.learned, series: found.learned };
    for (const { first, told } of found.refused) refused.push({ of: first, reason: 'cardinality', count: told });
    const fitting = groups.flatMap((group) => {
      const id = found.ids.get(group.identity);
      return id === undefined ? [] : [{ id, group }];
    });
    const put = await putPoints(tx, fitting, this.receivedAt, this.settings);
    const sum = (reason: Refused['reason']): number => refused.reduce((all, each) => all + (each.reason === reason ? each.count : 0), 0);
    return { ...put, refused: { cardinality: sum('cardinality'), 'too-old': sum('too-old'), ahead: sum('ahead') } };
  }

  /** Writes counts of what its time allows, but for those that came before. */
  private async counted<T extends LogCount | CallCount>(
    { fresh, again }: Apart<T>,
    { keepMs, units }: { readonly keepMs: number; readonly units: (count: T) => number },
    refused: Refused[],
    write: (counts: readonly T[]) => Promise<void>,
  ): Promise<Kept['logs']> {
    const total = (counts: readonly T[]): number => counts.reduce((sum, count) => sum + units(count), 0);
    const fitting: T[] = [];
    for (const count of fresh) {
      const verdict = admitted(count.at, this.receivedAt, keepMs, this.settings);
      if (verdict === 'kept') fitting.push(count);
      else refused.push({ of: { environment: count.environment, service: ownerOf(count) }, reason: verdict, count: units(count) });
    }
    if (fitting.length > 0) await write(fitting);
    return { counted: total(fitting), duplicates: total(again), refused: total(fresh) - total(fitting) };
  }

  /** Remembers the deliveries, and tells what was remembered already, or stands among them twice, from the rest. */
  private async apart(tx: Tx, parts: readonly Part[]): Promise<Apart<Part>> {
    const counting = parts.filter(({ logs = [], calls = [] }) => logs.length + calls.length > 0);
    const ids = [...new Set(counting.flatMap(({ delivery }) => delivery ?? []))].sort();
    if (ids.length === 0) return { fresh: counting, again: [] };
    const { rows } = await sql<{ id: string }>`
      insert into nightshift.archive_deliveries (id, received_at) select id, ${this.receivedAt}::bigint from unnest(${textArray(ids)}::text[]) as d (id)
      on conflict (id) do nothing returning id`.execute(tx);
    const left = new Set(rows.map(({ id }) => id));
    const fresh: Part[] = [];
    const again: Part[] = [];
    for (const part of counting) (part.delivery === undefined || left.delete(part.delivery) ? fresh : again).push(part);
    return { fresh, again };
  }
}

type Part = Pick<ArchiveBatch, 'logs' | 'calls' | 'delivery'>;

/** What is new, and what came before. */
interface Apart<T> {
  readonly fresh: readonly T[];
  readonly again: readonly T[];
}

function both<T>({ fresh, again }: Apart<Part>, of: (part: Part) => readonly T[]): Apart<T> {
  return { fresh: fresh.flatMap(of), again: again.flatMap(of) };
}

function ownerOf(count: LogCount | CallCount): string {
  return 'service' in count ? count.service : (count.caller ?? count.callee);
}
