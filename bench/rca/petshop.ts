import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { median } from '../../domain/quantile';
import type { Call, CauseNode, NodeSeries, SeriesKind, SeriesValue } from '../../domain/root-cause/types';
import type { RcaCase } from './case';

/** Kinds of series by a word in their metric's name; the first that fits counts. */
const KINDS: readonly (readonly [RegExp, SeriesKind])[] = [
  [/availab|success/i, 'availability'],
  [/latency|duration|response|delay/i, 'latency'],
  [/error|fail|fault/i, 'errors'],
  [/request|count|workload|throughput|invocation/i, 'requests'],
  [/cpu|mem|util|saturat|disk|load/i, 'saturation'],
];
/** Statistics in the order in which one is the main one. */
const MAIN = ['Average', 'Mean', 'Sum', 'p50'];

/** A scenario's rows by series. */
type Table = ReadonlyMap<string, { readonly node: string; readonly metric: string; readonly statistic: string; readonly values: readonly SeriesValue[] }>;

/** Folders below `dir` that hold a `graph.csv` with `noissue/metrics.csv`, at most three levels down. */
export async function scenariosIn(dir: string, depth = 3): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === 'graph.csv')) return [dir];
  if (depth === 0) return [];
  const below = entries.filter((each) => each.isDirectory()).map(({ name }) => join(dir, name));
  return (await Promise.all(below.sort().map((each) => scenariosIn(each, depth - 1)))).flat();
}

/**
 * Reads the issues of a scenario in PetShop's layout: `graph.csv` (a row calls a column), `noissue/metrics.csv` and `<split>/issue_N/{metrics.csv,target.json}`. Throws `invalid_input`
 * that names the file which cannot be read.
 */
export async function readScenario(dir: string, root: string): Promise<RcaCase[]> {
  const calls = callsOf(await text(join(dir, 'graph.csv')));
  const usual = tableOf(await text(join(dir, 'noissue', 'metrics.csv')));
  const cases: RcaCase[] = [];
  for (const folder of await issuesIn(dir)) {
    const target = targetOf(await text(join(folder, 'target.json')), folder);
    const now = tableOf(await text(join(folder, 'metrics.csv')));
    cases.push(caseOf({ name: relative(root, folder), target, calls, usual, now }));
  }
  return cases;
}

async function issuesIn(dir: string): Promise<string[]> {
  const splits = (await readdir(dir, { withFileTypes: true })).filter((each) => each.isDirectory() && each.name !== 'noissue');
  const folders = await Promise.all(
    splits.map(async ({ name }) =>
      (await readdir(join(dir, name), { withFileTypes: true })).flatMap((each) => (each.isDirectory() ? [join(dir, name, each.name)] : [])),
    ),
  );
  return folders.flat().sort((a, b) => dirname(a).localeCompare(dirname(b)) || numberOf(a) - numberOf(b));
}

function numberOf(folder: string): number {
  return Number(/\d+$/.exec(basename(folder))?.[0] ?? 0);
}

interface Target {
  readonly node: string;
  readonly kind: SeriesKind;
  readonly onset: number;
  readonly roots: readonly string[];
}

function targetOf(json: string, folder: string): Target {
  try {
    const { target, root_cause: cause } = JSON.parse(json) as {
      target: { node: string; metric: string; timestamp: number };
      root_cause: { node: string | string[] } | { node: string }[];
    };
    const roots = (Array.isArray(cause) ? cause : [cause]).flatMap(({ node }) => node);
    return { node: target.node, kind: kindOf(target.metric), onset: target.timestamp, roots };
  } catch (error) {
    throw new NightshiftError('invalid_input', `${join(folder, 'target.json')} is no target of PetShop's layout: ${errorMessage(error)}.`);
  }
}

function kindOf(metric: string): SeriesKind {
  return KINDS.find(([word]) => word.test(metric))?.[1] ?? 'other';
}

function caseOf({ name, target, calls, usual, now }: { name: string; target: Target; calls: readonly Call[]; usual: Table; now: Table }): RcaCase {
  const ids = new Set([...calls.flatMap(({ caller, callee }) => [caller, callee]), ...[...usual.values(), ...now.values()].map(({ node }) => node)]);
  const series = new Map<string, NodeSeries[]>([...ids].map((id) => [id, []]));
  const ends = endsOf(usual);
  // The normal time may have been recorded after the issue: it is moved before it, for only the order of the two is wrong.
  const window = endsOf(now);
  const shift = ends.to > window.from ? ends.to - window.from : 0;
  for (const [key, { node, metric, statistic, values }] of [...usual, ...[...now].filter(([each]) => !usual.has(each))]) {
    const before = usual.has(key) ? values.map(({ at, value }) => ({ at: at - shift, value })) : [];
    series
      .get(node)
      ?.push({ name: `${metric} ${statistic}`, kind: kindOf(metric), values: inUnits(kindOf(metric), [...before, ...(now.get(key)?.values ?? [])]) });
  }
  const nodes = [...series].map(([id, each]): CauseNode => ({ id, ...(isView(id) ? { measuredBy: 'callers' } : {}), series: each.sort(byStatistic) }));
  return {
    name,
    roots: target.roots,
    tags: [target.kind],
    question: {
      ...{ nodes, calls, changes: [], window, onset: target.onset },
      normal: { from: ends.from - shift, to: ends.to - shift },
      symptom: { node: target.node, kind: target.kind },
    },
  };
}

/** X-Ray marks what it knows from its callers' calls alone as remote. */
function isView(id: string): boolean {
  return /(_|::)remote$/i.test(id);
}

function byStatistic(a: NodeSeries, b: NodeSeries): number {
  const place = ({ name }: NodeSeries): number => {
    const found = MAIN.findIndex((each) => name.endsWith(each));
    return found < 0 ? MAIN.length : found;
  };
  return place(a) - place(b);
}

/** Availability and errors in percent become shares. */
function inUnits(kind: SeriesKind, values: readonly SeriesValue[]): readonly SeriesValue[] {
  const most = Math.max(0, ...values.map(({ value }) => value ?? 0));
  if ((kind !== 'availability' && kind !== 'errors') || most <= 1) return values;
  return values.map(({ at, value }) => ({ at, value: value === null ? null : value / 100 }));
}

function endsOf(table: Table): { readonly from: number; readonly to: number } {
  const times = [...table.values()][0]?.values.map(({ at }) => at) ?? [];
  const steps = times.slice(1).map((at, i) => at - (times[i] ?? at));
  return { from: times[0] ?? 0, to: (times.at(-1) ?? 0) + median(steps) };
}

function callsOf(csv: string): Call[] {
  const [head = [], ...rows] = rowsOf(csv);
  return rows.flatMap(([caller = '', ...cells]) => cells.flatMap((cell, i) => (Number(cell) > 0 ? [{ caller, callee: head[i + 1] ?? '' }] : [])));
}

/** Three lines of names (node, metric, statistic), then perhaps the name of the times, then rows. */
function tableOf(csv: string): Table {
  const [nodes = [], metrics = [], statistics = [], ...rest] = rowsOf(csv);
  const rows = rest.filter(([first = '']) => first !== '' && Number.isFinite(Number(first)));
  const table = new Map<string, { node: string; metric: string; statistic: string; values: SeriesValue[] }>();
  for (let i = 1; i < nodes.length; i += 1) {
    const [node = '', metric = '', statistic = ''] = [nodes[i], metrics[i], statistics[i]];
    const values = rows.map((row) => ({ at: Number(row[0]), value: row[i] === undefined || row[i] === '' ? null : Number(row[i]) }));
    table.set([node, metric, statistic].join('\n'), { node, metric, statistic, values });
  }
  return table;
}

function rowsOf(csv: string): string[][] {
  return csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(','));
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `${file} cannot be read: ${errorMessage(error)}.`);
  });
}
