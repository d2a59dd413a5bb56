import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NightshiftError } from '../../domain/errors';
import type { ParsedLine } from './score';

/** A log set with its truth: lines, and of each its group and template. */
export interface LogSet {
  readonly system: string;
  readonly lines: readonly string[];
  readonly truth: readonly ParsedLine[];
}

const STRUCTURED = /^(.+?)(?:_2k)?\.log_structured(?:_corrected)?\.csv$/;

/**
 * Every `<system>_2k.log_structured_corrected.csv` (or without `_2k`, `_corrected`) of a folder, by name: the layout of LogHub (https://github.com/logpai/loghub). Columns
 * `Content`, `EventTemplate` and, where it is there, `EventId` are read. Throws `invalid_input` when there are none or a column is missing.
 */
export async function readLogSets(folder: string): Promise<LogSet[]> {
  const names = (await readdir(folder)).filter((name) => STRUCTURED.test(name)).sort();
  if (names.length === 0)
    throw new NightshiftError('invalid_input', `There is no *.log_structured*.csv in ${folder}: --data names a folder of LogHub's CSV files.`);
  return Promise.all(names.map(async (name) => logSet(STRUCTURED.exec(name)?.[1] ?? name, await readFile(join(folder, name), 'utf8'))));
}

function logSet(system: string, text: string): LogSet {
  const [header = [], ...rows] = csvRows(text);
  const [content, template] = ['Content', 'EventTemplate'].map((column) => {
    const at = header.indexOf(column);
    if (at < 0) throw new NightshiftError('invalid_input', `The CSV of ${system} has no column ${column}.`);
    return at;
  });
  const event = header.indexOf('EventId');
  const lines = rows.map((row) => row[content ?? 0] ?? '');
  const truth = rows.map((row) => ({ group: row[event < 0 ? (template ?? 0) : event] ?? '', template: row[template ?? 0] ?? '' }));
  return { system, lines, truth };
}

// RFC 4180: quoted fields may hold commas, line breaks and doubled quotes.
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.replace(/^\ufeff/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
