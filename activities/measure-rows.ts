import type { Service } from '../domain/inventory';
import type { Sample, WindowStats } from '../domain/metrics';
import { windowStats } from '../domain/windows';
import type { SampleArchive } from '../ports/metrics';

const MINUTE_MS = 60_000;
/**
 * Read before the first row, and the oldest sample that a count is continued from: an instance that was silent for longer begins anew. Longer rows, and longer times between two samples,
 * reach back by themselves.
 */
const LEAD_MS = 5 * MINUTE_MS;
/** One reading covers at most so much time, or one row where that is longer, and as a rule not more samples. */
const MOST_READ_MS = 60 * MINUTE_MS;
const MOST_READ_SAMPLES = 2000;

/**
 * The numbers of a service in rows that follow each other (`from < at <= from + rowMs`, epoch milliseconds), oldest first: whole rows up to `to`, also those in which nothing was
 * measured. Samples are read in pages, each once; what a row's first difference starts from is carried over, from as far back as one period of the service, or `periodMs` where its samples
 * are further apart.
 */
export async function measureRows(
  samples: Pick<SampleArchive, 'read'>,
  service: Pick<Service, 'environment' | 'name' | 'metrics'>,
  from: number,
  to: number,
  rowMs: number,
  periodMs = service.metrics?.everyMs ?? 0,
): Promise<readonly WindowStats[]> {
  const count = Math.max(0, Math.floor((to - from) / rowMs));
  // The last sample may be a period before the first one in the row.
  const lead = Math.max(LEAD_MS, rowMs, periodMs + rowMs);
  const rows: WindowStats[] = [];
  let { known, pageMs } = { known: await samples.read(service.environment, service.name, from - lead, from), pageMs: lead };
  let read = known.length;
  while (rows.length < count) {
    const begin = from + rows.length * rowMs;
    // A page at most doubles, so that one after a quiet time is no surprise.
    pageMs = Math.min(MOST_READ_MS, 2 * pageMs, (pageMs * MOST_READ_SAMPLES) / Math.max(1, read));
    const fit = Math.min(count - rows.length, Math.max(1, Math.floor(pageMs / rowMs)));
    pageMs = fit * rowMs;
    const page = (await samples.read(service.environment, service.name, begin, begin + pageMs)).filter(({ at }) => at > begin);
    read = page.length;
    known = addRows(rows, known, page, { begin, fit, rowMs, lead });
  }
  return rows;
}

/** Adds the rows of one page, and returns what the next ones continue from. */
function addRows(
  rows: WindowStats[],
  before: readonly Sample[],
  page: readonly Sample[],
  { begin, fit, rowMs, lead }: { readonly begin: number; readonly fit: number; readonly rowMs: number; readonly lead: number },
): readonly Sample[] {
  let known = before;
  let next = 0;
  for (let i = 0; i < fit; i += 1) {
    const [start, end] = [begin + i * rowMs, begin + (i + 1) * rowMs];
    const first = next;
    while (next < page.length && (page[next]?.at ?? Infinity) <= end) next += 1;
    const row = [...newest(known, start - lead), ...page.slice(first, next)];
    rows.push(windowStats(row, start, end));
    known = row;
  }
  return known;
}

/** The last answer of each instance, unless it is older than that. */
function newest(samples: readonly Sample[], since: number): readonly Sample[] {
  const last = new Map<string, Sample>();
  for (const sample of samples) if (sample.up && sample.at >= since) last.set(sample.instance, sample);
  return [...last.values()].sort((a, b) => a.at - b.at);
}
