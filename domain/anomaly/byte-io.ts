import { NightshiftError } from '../errors';

/** Writes numbers and typed arrays one after another, little-endian. */
export class ByteWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private size = 0;

  uint16(value: number): void {
    this.grow(2);
    this.view.setUint16(this.size, value, true);
    this.size += 2;
  }

  uint32(value: number): void {
    this.grow(4);
    this.view.setUint32(this.size, value, true);
    this.size += 4;
  }

  float32(value: number): void {
    this.grow(4);
    this.view.setFloat32(this.size, value, true);
    this.size += 4;
  }

  float64(value: number): void {
    this.grow(8);
    this.view.setFloat64(this.size, value, true);
    this.size += 8;
  }

  /** The first `count` numbers of an array, each of 4 bytes; their count is not written. */
  floats(values: Float32Array, count = values.length): void {
    this.grow(4 * count);
    for (let i = 0; i < count; i += 1) this.view.setFloat32(this.size + 4 * i, values[i] as number, true);
    this.size += 4 * count;
  }

  /** What was written. */
  done(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }

  private grow(by: number): void {
    if (this.size + by <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.size + by));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Reads what a `ByteWriter` wrote. Throws RangeError past the end. */
export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that are left. */
  get left(): number {
    return this.view.byteLength - this.at;
  }

  uint16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2, true);
  }

  uint32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  float32(): number {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  float64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  /** So many numbers of 4 bytes into the beginning of an array. */
  floats(into: Float32Array, count = into.length): void {
    for (let i = 0; i < count; i += 1) into[i] = this.view.getFloat32(this.at + 4 * i, true);
    this.at += 4 * count;
  }
}

/** Has a snapshot read. Throws `invalid_input` where it does not end where the reading ends, or does not hold what it must. */
export function readWhole(snapshot: Uint8Array, read: (from: ByteReader) => void): void {
  const from = new ByteReader(snapshot);
  try {
    read(from);
    if (from.left === 0) return;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new NightshiftError('invalid_input', 'This is no whole snapshot with these settings: replay the values of the series instead.');
}

/** Reads a count of what follows. Throws RangeError for what is none, or more than `most`. */
export function countFrom(from: ByteReader, most: number): number {
  const count = from.float64();
  if (!Number.isInteger(count) || count < 0 || count > most) throw new RangeError('There is no such count.');
  return count;
}
