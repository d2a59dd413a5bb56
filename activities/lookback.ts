import { errorMessage, NightshiftError } from '../domain/errors';
import { dollars, totalEstimate, type EstimateTotal } from '../domain/lookback/estimate';
import type { PastFact, Span } from '../domain/lookback/facts';
import type { KeptParts, PartRead, PastEstimate, PastReader } from '../ports/lookback';

/** What reading the past works with. */
export interface LookbackDeps {
  readonly reader: PastReader;
  readonly kept: KeptParts;
  /** Tells the person who waits, a line. */
  readonly tell: (line: string) => void;
  /** Ends the reading; what was read is kept. */
  readonly signal: AbortSignal;
}

/** How much may be read. */
export interface LookbackLimits {
  readonly span: Span;
  /** Most US dollars that the calls may cost. */
  readonly maxUsd: number;
}

/** What was read; or, where the person stopped it, that it can go on. */
export type LookbackRead =
  | {
      readonly state: 'read';
      readonly span: Span;
      readonly facts: readonly PastFact[];
      /** What could not be read, a sentence each. */
      readonly gaps: readonly string[];
      /** Of all parts, those of an interrupted run before included. */
      readonly calls: { readonly estimated: number; readonly made: number; readonly usd: number };
      /** Forgets what is kept, unless parts are to be tried again. Call it when the report is safe. */
      readonly finish: () => Promise<void>;
    }
  | { readonly state: 'stopped' };

/** Operations of an estimate that are told one by one. */
const TOLD = 12;

/**
 * Reads the past part by part: the estimate is told first, nothing is read beyond `maxUsd` (`refused`), and what was read of an interrupted run is not read again. A part that cannot be
 * read is told and does not stop the others; only where none can is it `unreachable`.
 */
export async function readPast(deps: LookbackDeps, limits: LookbackLimits): Promise<LookbackRead> {
  const { reader, kept, tell } = deps;
  const before = await kept.load(reader.source);
  const span = before?.span ?? limits.span;
  const parts = [...(before?.parts ?? [])];
  const done = new Set(parts.map(({ part }) => part));
  if (before) tell(`Going on where an earlier run was interrupted: ${String(done.size)} parts of it are kept in ${kept.place}.`);
  const estimate = await reader.estimate(span);
  const total = totalEstimate(estimate.parts, done);
  tellEstimate(total, estimate.notes, tell);
  if (total.usd > limits.maxUsd) {
    const why = `The calls may cost ${dollars(total.usd)}, which is more than --max-usd ${String(limits.maxUsd)}; nothing was read. Allow more, or look back less far with --since.`;
    throw new NightshiftError('refused', why);
  }
  if (!before) await kept.begin(reader.source, span);
  const wanted = estimate.parts.filter(({ part }) => !done.has(part)).length;
  const failed = await readParts(deps, span, { parts, done, wanted });
  if (failed === 'stopped') {
    tell(`Stopped. ${String(parts.length)} of ${String(wanted + done.size)} parts are kept in ${kept.place}; the same command goes on from there.`);
    return { state: 'stopped' };
  }
  const gaps = failed.map(({ part, error = '' }) => `${part} could not be read: ${error}`);
  if (parts.length === 0 && failed.length > 0) throw new NightshiftError('unreachable', gaps[0] ?? '');
  if (failed.length > 0)
    tell(`${String(failed.length)} parts could not be read. The rest is kept in ${kept.place} for a day: the same command tries only them again.`);
  const finish = (): Promise<void> => (failed.length === 0 ? kept.finish() : Promise.resolve());
  return { state: 'read', span, facts: parts.flatMap(({ facts }) => facts), gaps, calls: callsOf(estimate, [...parts, ...failed]), finish };
}

/** The estimate of all parts beside the calls of all parts: what is kept of an interrupted run was paid for, too. */
function callsOf(estimate: PastEstimate, parts: readonly PartRead[]): { readonly estimated: number; readonly made: number; readonly usd: number } {
  const { calls: estimated, usd } = totalEstimate(estimate.parts, new Set());
  return { estimated, usd, made: parts.flatMap(({ calls }) => Object.values(calls)).reduce((sum, each) => sum + each, 0) };
}

interface Reading {
  /** Those that were read; grows. */
  readonly parts: PartRead[];
  readonly done: ReadonlySet<string>;
  readonly wanted: number;
}

async function readParts({ reader, kept, tell, signal }: LookbackDeps, span: Span, { parts, done, wanted }: Reading): Promise<readonly PartRead[] | 'stopped'> {
  const failed: PartRead[] = [];
  let seen = 0;
  try {
    for await (const part of reader.read(span, { done, signal })) {
      seen += 1;
      if (part.error === undefined) {
        parts.push(part);
        await kept.add(part);
      } else failed.push(part);
      const outcome = part.error === undefined ? `${String(part.facts.length)} facts` : `not read: ${part.error}`;
      tell(`[${String(seen)}/${String(wanted)}] ${part.part}: ${outcome}`);
      if (signal.aborted) return 'stopped';
    }
  } catch (error) {
    if (signal.aborted) return 'stopped';
    throw new NightshiftError('unreachable', `${reader.source} could not be read any further: ${errorMessage(error)}`, [], { cause: error });
  }
  return failed;
}

function tellEstimate({ operations, calls, usd }: EstimateTotal, notes: readonly string[], tell: LookbackDeps['tell']): void {
  tell(`About to make at most ${String(calls)} calls that only read; they cost ${usd === 0 ? 'nothing' : dollars(usd)}.`);
  for (const each of operations.slice(0, TOLD)) tell(`  ${each.operation}: ${String(each.calls)} calls${each.usd === 0 ? '' : `, ${dollars(each.usd)}`}`);
  if (operations.length > TOLD) tell(`  and ${String(operations.length - TOLD)} more operations`);
  notes.forEach(tell);
}
