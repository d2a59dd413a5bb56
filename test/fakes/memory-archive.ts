import type { Build } from '../../domain/build';
import { completedBuild } from '../../domain/build-merge';
import type { CallCount } from '../../domain/call-counts';
import type { Archive, ArchiveBatch, Kept, LogTemplate, TimeFilter } from '../../ports/archive';

/** An archive in memory: what was kept stands in `batches`; builds, lines and calls are read back. Points are not. */
export class MemoryArchive implements Archive {
  readonly batches: ArchiveBatch[] = [];
  /** What it says that it refused of points. */
  refused: Kept['points']['refused'] = { cardinality: 0, 'too-old': 0, ahead: 0 };
  private readonly byId = new Map<string, Build>();
  private readonly templates = new Map<string, Omit<LogTemplate, 'minutes'> & { readonly counts: Map<number, number> }>();

  readonly writer: Archive['writer'] = {
    keep: async (batch, receivedAt): Promise<Kept> => {
      this.batches.push(batch);
      const { points = [], builds = [] } = batch;
      const parts = [batch, ...(batch.parts ?? [])];
      const logs = parts.flatMap((part) => part.logs ?? []);
      const calls = parts.flatMap((part) => part.calls ?? []);
      for (const { at, lines, ...line } of logs) {
        const key = JSON.stringify([line.environment, line.service, line.level, line.template]);
        const known = this.templates.get(key) ?? { ...line, id: this.templates.size + 1, createdAt: receivedAt, counts: new Map<number, number>() };
        this.templates.set(key, known);
        known.counts.set(at, (known.counts.get(at) ?? 0) + lines);
      }
      const there = builds.filter(({ id }) => this.byId.has(id)).length;
      for (const build of builds) {
        const before = this.byId.get(build.id);
        this.byId.set(build.id, before ? completedBuild(before, build) : build);
      }
      return {
        points: { added: points.length, duplicates: 0, corrected: 0, late: 0, refused: this.refused },
        logs: { counted: logs.reduce((sum, { lines }) => sum + lines, 0), duplicates: 0, refused: 0 },
        calls: { counted: calls.reduce((sum, { requests }) => sum + requests, 0), duplicates: 0, refused: 0 },
        builds: { added: builds.length - there, completed: there, duplicates: 0 },
      };
    },
  };
  readonly builds: Archive['builds'] = {
    get: async (id) => this.byId.get(id),
    list: async ({ environment, service, name, results, after, from, to, limit }) =>
      [...this.byId.values()]
        .filter((b) => (environment ?? b.environment) === b.environment && (service ?? b.service) === b.service && (name ?? b.name) === b.name)
        .filter((b) => Date.parse(b.endedAt) >= from && Date.parse(b.endedAt) <= to)
        .filter((b) => results?.includes(b.result) ?? true)
        .filter((b) => !after || b.endedAt < after.endedAt || (b.endedAt === after.endedAt && b.id > after.id))
        .sort((a, b) => b.endedAt.localeCompare(a.endedAt) || (a.id < b.id ? -1 : 1))
        .slice(0, limit),
  };
  readonly points: Archive['points'] = { series: async () => [], read: async () => new Map() };
  readonly logs: Archive['logs'] = {
    templates: async ({ environment, service, level, from, to, limit }) =>
      [...this.templates.values()]
        .filter((t) => (environment ?? t.environment) === t.environment && (service ?? t.service) === t.service && (level ?? t.level) === t.level)
        .map(({ counts, ...template }) => ({
          ...template,
          minutes: [...counts].filter(([at]) => at >= from && at <= to).map(([at, lines]) => ({ at, lines })),
        }))
        .map((template) => ({ ...template, minutes: template.minutes.sort((a, b) => a.at - b.at) }))
        .filter(({ minutes }) => minutes.length > 0)
        .sort((a, b) => total(b) - total(a) || a.id - b.id)
        .slice(0, limit),
  };
  readonly calls: Archive['calls'] = {
    calls: async (filter) => summed(this.callsIn(filter), ({ caller = '', callee, at }) => [at, caller, callee]).slice(-filter.limit),
    totals: async (filter) => summed(this.callsIn(filter), ({ caller = '', callee }) => [caller, callee]).slice(0, filter.limit),
    received: async (filter) => {
      const to = this.callsIn(filter).filter(({ caller, callee }) => callee === filter.service && caller !== callee);
      return summed(to, ({ caller, at }) => [at, caller === undefined]).slice(-filter.limit);
    },
  };
  private callsIn({ environment, service, from, to }: TimeFilter): readonly CallCount[] {
    const deliveries = new Map(this.batches.map(({ delivery, calls = [] }, i) => [delivery ?? String(i), calls]));
    return [...deliveries.values()]
      .flat()
      .filter((c) => (environment ?? c.environment) === c.environment && c.at >= from && c.at <= to)
      .filter((c) => service === undefined || c.caller === service || c.callee === service);
  }
  readonly marks: Archive['marks'] = { refusals: async () => [], totals: async () => ({ series: 0, templates: 0, edges: 0 }) };
  readonly pruner: Archive['pruner'] = { prune: async () => ({ rows: 0, more: false }) };
}

function total({ minutes }: LogTemplate): number {
  return minutes.reduce((sum, { lines }) => sum + lines, 0);
}

/** Calls with the same key as one, in the order of their keys. */
function summed(calls: readonly CallCount[], keyOf: (call: CallCount) => readonly unknown[]): readonly CallCount[] {
  const sums = new Map<string, CallCount>();
  for (const call of calls) {
    const key = JSON.stringify(keyOf(call));
    const { requests = 0, failed = 0, durationMs = 0, longestMs = 0 } = sums.get(key) ?? {};
    const longest = Math.max(longestMs, call.longestMs);
    sums.set(key, { ...call, requests: requests + call.requests, failed: failed + call.failed, durationMs: durationMs + call.durationMs, longestMs: longest });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
