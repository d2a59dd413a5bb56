import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemplateMiner } from '../../domain/log-templates/miner';
import { PlainDrain } from './plain-drain';
import { readLogSets } from './loghub';
import type { LogSet } from './loghub';
import { accuracy } from './score';
import type { Accuracy, ParsedLine } from './score';
import { speeds } from './speed';
import type { Speed } from './speed';

/** One parser's accuracy and speed; the accuracy is the mean over systems, each of which counts the same. */
export interface ParserResult extends Accuracy, Speed {
  readonly bySystem: Readonly<Record<string, Accuracy & { readonly templates: number }>>;
}

/** What `bench logs` prints: ours, and plain Drain beside it in the same run. */
export interface LogsResult extends ParserResult {
  readonly drain: ParserResult;
}

const PLACEHOLDER = /<[a-z*]+>/g;

/**
 * Parses each log set by itself, once by the miner with the limits that it has everywhere and once by plain Drain, and compares with the truth. `out` is a folder for what the
 * miner says of each line, as CSV in LogHub's columns.
 */
export async function benchLogs(options: { readonly data: string; readonly out?: string; readonly tell: (line: string) => void }): Promise<LogsResult> {
  const { data, out, tell } = options;
  const sets = await readLogSets(data);
  tell(`${String(sets.length)} log sets with ${String(sets.reduce((sum, { lines }) => sum + lines.length, 0))} lines`);
  const mined = sets.map(({ lines }) => mine(lines));
  if (out !== undefined) await writeParsed(out, sets, mined);
  tell('measuring the speed');
  const [miner, drain] = speeds(sets.map(({ lines }) => lines).flat(), [
    () => {
      const made = new TemplateMiner();
      return (line) => void made.add(line);
    },
    () => {
      const made = new PlainDrain();
      return (line) => void made.add(line);
    },
  ]);
  const drained = sets.map(({ lines }) => new PlainDrain().parse(lines));
  return { ...scored(sets, mined, miner), drain: scored(sets, drained, drain) };
}

/** What the miner says of some lines after it has seen them all, as Drain's evaluation has it. */
function mine(lines: readonly string[]): ParsedLine[] {
  const miner = new TemplateMiner();
  return lines
    .map((line) => miner.add(line).id)
    .map((id) => {
      const template = miner.template(id);
      return { group: template?.id ?? id, template: (template?.text ?? '').replace(PLACEHOLDER, '<*>') };
    });
}

function scored(sets: readonly LogSet[], parsed: readonly (readonly ParsedLine[])[], speed: Speed): ParserResult {
  const each = sets.map(({ truth }, i) => ({ ...accuracy(parsed[i] ?? [], truth), templates: new Set(parsed[i]?.map(({ group }) => group)).size }));
  const mean = (of: (one: Accuracy) => number): number => rounded(each.reduce((sum, one) => sum + of(one), 0) / each.length);
  return {
    groupingAccuracy: mean((one) => one.groupingAccuracy),
    parsingAccuracy: mean((one) => one.parsingAccuracy),
    parsingAccuracyStrict: mean((one) => one.parsingAccuracyStrict),
    ...speed,
    bySystem: Object.fromEntries(
      sets.map(({ system }, i) => [system, each[i] ?? { groupingAccuracy: 0, parsingAccuracy: 0, parsingAccuracyStrict: 0, templates: 0 }]),
    ),
  };
}

async function writeParsed(folder: string, sets: readonly LogSet[], parsed: readonly (readonly ParsedLine[])[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, { system, lines }] of sets.entries()) {
    const rows = lines.map((line, at) => [String(at + 1), line, parsed[i]?.[at]?.group ?? '', parsed[i]?.[at]?.template ?? '']);
    const csv = [['LineId', 'Content', 'EventId', 'EventTemplate'], ...rows].map((row) => row.map(field).join(',')).join('\n');
    await writeFile(join(folder, `${system}_2k.log_structured.csv`), `${csv}\n`);
  }
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
