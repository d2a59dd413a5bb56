import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { MeasureRow } from '../../domain/detection/measure-row';
import { byMeasure, kindOfMeasure } from '../../domain/detection/measures';
import type { Measure } from '../../domain/detection/measures';

/** Rows of one chunk. */
export const CHUNK_ROWS = 60;

const columns = z.record(z.string(), z.string());
const MISSING = '-';

/** The values of each measure by row: null where nothing was measured, undefined where there is no such row, or no such measure in it. */
export type Chunk = Map<string, (number | null | undefined)[]>;

/** End of the chunk that has the row which ends at a time. */
export function chunkEnd(at: number, rowMs: number): number {
  const chunkMs = CHUNK_ROWS * rowMs;
  return Math.ceil(at / chunkMs) * chunkMs;
}

/** Adds rows of a chunk that it does not have; false where it has them all. */
export function addRows(chunk: Chunk, rows: readonly MeasureRow[], endsAt: number, rowMs: number): boolean {
  let added = false;
  for (const { at, measures } of rows) {
    const slot = CHUNK_ROWS - 1 - (endsAt - at) / rowMs;
    if (has(chunk, slot)) continue;
    for (const { name, value } of measures) {
      const values = chunk.get(name) ?? Array.from<undefined>({ length: CHUNK_ROWS });
      chunk.set(name, values);
      values[slot] = value;
      added = true;
    }
  }
  return added;
}

function has(chunk: Chunk, slot: number): boolean {
  for (const values of chunk.values()) if (values[slot] !== undefined) return true;
  return false;
}

/** The rows of a chunk, oldest first. */
export function rowsOf(chunk: Chunk, endsAt: number, rowMs: number): readonly MeasureRow[] {
  const columns = [...chunk].sort(([a], [b]) => byMeasure(a, b)).map(([name, values]) => ({ name, kind: kindOfMeasure(name), values }));
  const rows: MeasureRow[] = [];
  for (let slot = 0; slot < CHUNK_ROWS; slot += 1) {
    const measures: Measure[] = [];
    for (const { name, kind, values } of columns) {
      const value = values[slot];
      if (value !== undefined) measures.push({ name, kind, value });
    }
    if (measures.length > 0) rows.push({ at: endsAt - (CHUNK_ROWS - 1 - slot) * rowMs, measures });
  }
  return rows;
}

/** A chunk as bytes: a line of decimal numbers for each measure, deflated. Of binary floats the last digits of every value would be noise that nothing makes shorter. */
export function pack(chunk: Chunk): Buffer {
  const lines = [...chunk].map(([name, values]) => {
    const last = values.findLastIndex((value) => value !== undefined);
    const texts = values.slice(0, last + 1).map((value) => (value === null ? MISSING : String(value ?? '')));
    return [name, texts.join(',')] as const;
  });
  return deflateRawSync(JSON.stringify(Object.fromEntries(lines)));
}

/** A chunk from its bytes; an empty one for what is no chunk of this version. */
export function unpack(body: Buffer): Chunk {
  if (body.length === 0) return new Map();
  try {
    const known = columns.parse(JSON.parse(inflateRawSync(body).toString()));
    return new Map(Object.entries(known).map(([name, line]) => [name, valuesOf(line)]));
  } catch {
    return new Map();
  }
}

function valuesOf(line: string): (number | null | undefined)[] {
  const values = line.split(',').map((text) => (text === '' ? undefined : text === MISSING ? null : Number(text)));
  values.length = CHUNK_ROWS;
  return values;
}
