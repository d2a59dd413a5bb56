import type { Problem } from './errors';
import { NightshiftError } from './errors';

/** A column of a CSV file as a series, in the file's order. Times are epoch milliseconds; null is a cell without a value. */
export interface CsvSeries {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
}

/** Problems that are told at once. */
const MOST_PROBLEMS = 10;
const MISSING = new Set(['', 'nan', 'null', 'na', 'n/a', 'none', '-']);
const ISO = /^(\d{4})[-/](\d{2})(?:[-/](\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const EPOCH = /^-?\d+(\.\d+)?$/;

/**
 * Series of a CSV text whose first column is a time (ISO 8601, where UTC is meant without a zone, or Unix time in s, ms, µs or ns) and whose others are numbers; with or without a line
 * of names, separated by commas, semicolons or tabs. Lines that begin with # are comments. Throws `invalid_input` that names the lines which cannot be read, up to ten of them.
 */
export function seriesOfCsv(text: string): readonly CsvSeries[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  const head = lines[first];
  if (head === undefined) throw new NightshiftError('invalid_input', 'There are no rows: give lines such as 2026-01-31T08:00:00Z,12.5.');
  const separator = [',', ';', '\t'].find((each) => head.includes(each)) ?? ',';
  const cells = cellsOf(head, separator);
  const named = parseTime(cells[0] ?? '') === null;
  if (cells.length < 2) {
    throw new NightshiftError('invalid_input', `Line ${first + 1} has one column; give a time and at least one value, such as 2026-01-31T08:00:00Z,12.5.`);
  }
  const rows = rowsOf(lines, named ? first + 1 : first, cells.length - 1, separator);
  return cells.slice(1).map((cell, i) => ({
    name: named && cell !== '' ? cell : cells.length === 2 ? 'value' : `column ${i + 2}`,
    points: rows.map(({ at, values }) => ({ at, value: values[i] ?? null })),
  }));
}

/** A time as epoch milliseconds, or null where the text is none. */
export function parseTime(text: string): number | null {
  if (EPOCH.test(text)) return epochMs(Number(text));
  const match = ISO.exec(text);
  if (!match) return null;
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${`${fraction}000`.slice(0, 3)}${offset}`);
  return Number.isNaN(at) ? null : at;
}

/** The unit is told by the size: seconds up to the year 5138, then milliseconds, microseconds and nanoseconds. */
function epochMs(value: number): number | null {
  const size = Math.abs(value);
  const ms = size < 1e11 ? value * 1000 : size < 1e14 ? value : size < 1e17 ? value / 1000 : value / 1e6;
  return Math.abs(ms) <= 8.64e15 ? ms : null;
}

interface Row {
  readonly at: number;
  readonly values: readonly (number | null)[];
}

function rowsOf(lines: readonly string[], from: number, columns: number, separator: string): readonly Row[] {
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for (let i = from; i < lines.length && problems.length < MOST_PROBLEMS; i += 1) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || line.startsWith('#')) continue;
    const row = rowOf(cellsOf(line, separator), i + 1, columns);
    if ('message' in row) problems.push(row);
    else rows.push(row);
  }
  if (problems.length > 0) throw new NightshiftError('invalid_input', 'The CSV cannot be read.', problems);
  if (rows.length === 0) throw new NightshiftError('invalid_input', 'There are no rows below the line of names.');
  return rows;
}

function rowOf(cells: readonly string[], line: number, columns: number): Row | Problem {
  const path = `line ${line}`;
  if (cells.length !== columns + 1) return { path, message: `has ${cells.length} columns where the first line has ${columns + 1}` };
  const at = parseTime(cells[0] ?? '');
  if (at === null) return { path, message: `"${shown(cells[0])}" is no time; write ISO 8601 (2026-01-31T08:00:00Z) or Unix time` };
  const values = cells.slice(1).map(numberOf);
  const bad = values.indexOf(undefined);
  if (bad >= 0) return { path, message: `"${shown(cells[bad + 1])}" is no number; leave the cell empty where nothing was measured` };
  return { at, values: values.map((value) => value ?? null) };
}

/** Null for no value, undefined for what is no number. */
function numberOf(cell: string): number | null | undefined {
  if (MISSING.has(cell.toLowerCase())) return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

function cellsOf(line: string, separator: string): string[] {
  return line.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
}

function shown(cell: string | undefined): string {
  return (cell ?? '').slice(0, 40);
}
