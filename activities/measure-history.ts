import { isMeasured } from '../domain/detection/measure-row';
import type { MeasureRow } from '../domain/detection/measure-row';
import { measuresOf } from '../domain/detection/measures';
import type { Service } from '../domain/inventory';
import type { MeasureHistory } from '../ports/measures';
import type { SampleArchive } from '../ports/metrics';
import { measureRows } from './measure-rows';

/** How rows are made of samples. */
export interface RowSettings {
  readonly rowMs: number;
  /** Fewer requests in a row say nothing about error share and latency. */
  readonly minRequests: number;
}

/** Rows that are read, or made of samples, at a time. */
const ROWS_AT_ONCE = 1000;
/** Rows that are looked back at most, however short they are. */
const MOST_ROWS = 60_000;

type Place = Pick<Service, 'environment' | 'name' | 'metrics'>;

/** The rows of a service with `from < at <= to` (epoch milliseconds), made of its samples; `periodMs` is the time between two of them where it is not the service's. */
export async function rowsOfSamples(
  samples: Pick<SampleArchive, 'read'>,
  service: Place,
  { from, to, periodMs }: { readonly from: number; readonly to: number; readonly periodMs?: number },
  { rowMs, minRequests }: RowSettings,
): Promise<readonly MeasureRow[]> {
  const rows = await measureRows(samples, service, from, to, rowMs, periodMs);
  return rows.map((stats) => ({ at: stats.to, measures: measuresOf(stats, minRequests) }));
}

/** The kept rows of a service with `from < at <= to` (epoch milliseconds), oldest first, some at a time. */
export async function* keptRows(
  history: Pick<MeasureHistory, 'read'>,
  { environment, name: service }: Place,
  { from, to }: { readonly from: number; readonly to: number },
  rowMs: number,
): AsyncGenerator<readonly MeasureRow[]> {
  for (let begin = from; begin < to; begin += ROWS_AT_ONCE * rowMs) {
    yield await history.read({ environment, service, rowMs }, begin, Math.min(to, begin + ROWS_AT_ONCE * rowMs));
  }
}

/** Begin of the oldest row that is looked at for one that ends at `at`, where rows are kept for `keepMs`. */
export function oldestRow(at: number, keepMs: number, rowMs: number): number {
  return at - Math.min(MOST_ROWS, Math.floor(keepMs / rowMs)) * rowMs;
}

/** What catching up works with; `keepMs` is how long samples are kept. */
export interface CatchUpDeps {
  readonly history: Pick<MeasureHistory, 'append' | 'span'>;
  readonly samples: Pick<SampleArchive, 'read'>;
  readonly settings: RowSettings & { readonly keepMs: number };
  readonly heartbeat: () => void;
}

/** Adds to the history of a service what samples know after its newest row, up to the row that ends at `at`. */
export async function catchUp({ history, samples, settings, heartbeat }: CatchUpDeps, service: Place, at: number): Promise<void> {
  const { environment, name } = service;
  const { rowMs, keepMs } = settings;
  const known = await history.span({ environment, service: name, rowMs });
  let begun = known !== undefined;
  const from = Math.max(known?.last ?? -Infinity, oldestRow(at, keepMs, rowMs));
  for (let begin = from; begin < at; begin += ROWS_AT_ONCE * rowMs) {
    const rows = await rowsOfSamples(samples, service, { from: begin, to: Math.min(at, begin + ROWS_AT_ONCE * rowMs) }, settings);
    // Before anything was ever measured there is no past.
    const first = begun ? 0 : rows.findIndex(isMeasured);
    if (first >= 0) {
      begun = true;
      await history.append(rowMs, [{ environment, service: name, rows: rows.slice(first) }]);
    }
    heartbeat();
  }
}
