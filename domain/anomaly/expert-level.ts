import type { ByteReader, ByteWriter } from './byte-io';
import { SortedWindow } from './sorted-window';

/** Values whose least one is the level. */
const LAST = 10;

/** Novelty of the level: the least of the last 10 values, which only a rise that lasts can lift. */
export class LevelExpert {
  private readonly levels: SortedWindow;
  private readonly last = new Float32Array(LAST);
  private seen = 0;

  constructor(window: number) {
    this.levels = new SortedWindow(window);
  }

  /** Memory, bytes. */
  get bytes(): number {
    return this.levels.bytes + this.last.byteLength;
  }

  /** Novelty, 0 to 1, before the level is learnt; then learns it. */
  judge(value: number): number {
    this.last[this.seen % LAST] = value;
    this.seen += 1;
    const count = Math.min(LAST, this.seen);
    let level = value;
    for (let i = 0; i < count; i += 1) level = Math.min(level, this.last[i] as number);
    return this.levels.take(level);
  }

  clear(): void {
    this.levels.clear();
    this.seen = 0;
  }

  write(out: ByteWriter): void {
    // Which slot is next matters only within the ten.
    out.float64(this.seen < LAST ? this.seen : LAST + (this.seen % LAST));
    out.floats(this.last);
    this.levels.write(out);
  }

  read(from: ByteReader): void {
    this.seen = from.float64();
    from.floats(this.last);
    this.levels.read(from);
  }
}
