import type { Band } from '../anomaly/band';
import type { AnomalyPoint, AnomalyRecord, AnomalySeries } from './anomaly-record';
import { anomalyRecord, MOST_POINTS, seriesKey } from './anomaly-record';
import type { JudgedMeasure } from './service-watch';

const COLUMNS = 4;

/** The newest values of one series with their bands, for the picture of an anomaly that may come: 2.9 KB a series. */
export class AnomalyWindow {
  private readonly times = new Float64Array(MOST_POINTS);
  /** Value, low, expected, high; NaN for none. */
  private readonly values = new Float32Array(MOST_POINTS * COLUMNS);
  private next = 0;
  private count = 0;

  /** Memory, bytes. */
  get bytes(): number {
    return this.times.byteLength + this.values.byteLength;
  }

  /** Takes a value at a time (epoch milliseconds, rising), null where it is missing, with the band that it was judged by. */
  push(at: number, value: number | null, band: Band | undefined): void {
    this.times[this.next] = at;
    this.values.set([value ?? NaN, band?.low ?? NaN, band?.expected ?? NaN, band?.high ?? NaN], this.next * COLUMNS);
    this.next = (this.next + 1) % MOST_POINTS;
    this.count = Math.min(MOST_POINTS, this.count + 1);
  }

  /** What it holds, oldest first. */
  points(): readonly AnomalyPoint[] {
    return Array.from({ length: this.count }, (_, i) => this.point((this.next - this.count + i + MOST_POINTS) % MOST_POINTS));
  }

  private point(place: number): AnomalyPoint {
    const [value = NaN, low = NaN, expected = NaN, high = NaN] = this.values.subarray(place * COLUMNS, (place + 1) * COLUMNS);
    const band = Number.isNaN(expected) ? {} : { low, expected, high };
    return { at: this.times[place] as number, value: Number.isNaN(value) ? null : value, ...band };
  }
}

/** The newest values of many series; after a restart they fill again. */
export class AnomalyWindows {
  private readonly windows = new Map<string, AnomalyWindow>();

  /** Takes what was judged of a series at a time, epoch milliseconds; the record of the anomaly where it is one. */
  take(series: AnomalySeries, at: number, { value, band, anomaly }: JudgedMeasure): AnomalyRecord | undefined {
    const window = this.of(seriesKey(series));
    window.push(at, value, band);
    return anomaly && anomalyRecord(series, anomaly, window.points());
  }

  /** Forgets a series. */
  forget(series: AnomalySeries): void {
    this.windows.delete(seriesKey(series));
  }

  private of(key: string): AnomalyWindow {
    const found = this.windows.get(key) ?? new AnomalyWindow();
    this.windows.set(key, found);
    return found;
  }
}
