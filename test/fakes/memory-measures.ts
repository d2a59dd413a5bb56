import type { MeasureRow } from '../../domain/detection/measure-row';
import type { MeasureHistory, MeasurePlace, ServiceRows } from '../../ports/measures';

/** Judged rows in memory. */
export class MemoryMeasures implements MeasureHistory {
  private readonly places = new Map<string, Map<number, MeasureRow>>();

  async append(rowMs: number, services: readonly ServiceRows[]): Promise<void> {
    for (const { environment, service, rows } of services) {
      const there = this.rowsOf({ environment, service, rowMs });
      for (const row of rows) if (!there.has(row.at)) there.set(row.at, row);
    }
  }

  async read(place: MeasurePlace, from: number, to: number): Promise<readonly MeasureRow[]> {
    return [...this.rowsOf(place).values()].filter(({ at }) => at > from && at <= to).sort((a, b) => a.at - b.at);
  }

  async span(place: MeasurePlace): Promise<{ first: number; last: number } | undefined> {
    const all = await this.read(place, -Infinity, Infinity);
    const [first, last] = [all[0], all.at(-1)];
    return first && last && { first: first.at, last: last.at };
  }

  private rowsOf({ environment, service, rowMs }: MeasurePlace): Map<number, MeasureRow> {
    const key = JSON.stringify([environment, service, rowMs]);
    const there = this.places.get(key) ?? new Map<number, MeasureRow>();
    this.places.set(key, there);
    return there;
  }
}
