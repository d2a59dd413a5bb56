import type { MeasureRow } from '../../domain/detection/measure-row';
import type { MeasuredServices, MeasureHistory, MeasurePlace, ServiceRows } from '../../ports/measures';

/** Judged rows in memory. */
export class MemoryMeasures implements MeasureHistory, MeasuredServices {
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

  async services(from: number, to: number, after: MeasurePlace | undefined, limit: number): Promise<readonly MeasurePlace[]> {
    const textOf = ({ environment, service, rowMs }: MeasurePlace): string => `${environment} ${service} ${String(rowMs).padStart(12)}`;
    const there = [...this.places].filter(([, rows]) => [...rows.keys()].some((at) => at > from && at <= to)).map(([key]) => JSON.parse(key) as unknown[]);
    const places = there.map(([environment, service, rowMs]) => ({ environment, service, rowMs }) as MeasurePlace);
    return places
      .filter((place) => !after || textOf(place) > textOf(after))
      .sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
      .slice(0, limit);
  }

  private rowsOf({ environment, service, rowMs }: MeasurePlace): Map<number, MeasureRow> {
    const key = JSON.stringify([environment, service, rowMs]);
    const there = this.places.get(key) ?? new Map<number, MeasureRow>();
    this.places.set(key, there);
    return there;
  }
}
