/** The newest values of each of many series, as features of the newest. */
export class Shingles {
  private readonly newest = new Map<string, number[]>();

  constructor(private readonly length: number) {}

  /** Takes a value of a series; its features, oldest first, once there are enough. A value that is missing has none, and is passed over. */
  take(series: string, value: number | null): readonly number[] | undefined {
    if (value === null || !Number.isFinite(value)) return undefined;
    const values = [...(this.newest.get(series) ?? []), value].slice(-this.length);
    this.newest.set(series, values);
    return values.length === this.length ? values : undefined;
  }
}
