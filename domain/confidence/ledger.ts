import { countedVerdict, likenessOf } from './outcome';
import type { ConfidenceOutcome, StandingKey } from './outcome';
import type { LedgerOutcome } from '../incident-view';
import type { Inventory } from '../inventory';
import type { ActedBy, Tier } from '../names';

/** A line of the outcome ledger as it is read. */
export interface LedgerLine extends LedgerOutcome {
  readonly incidentId: string;
  readonly actedBy: ActedBy;
  /** When it was written, epoch milliseconds. */
  readonly at: number;
}

/** What lines are read with. */
export interface LedgerFacts {
  /** What makes services alike now; a service that it does not know is taken as its line says. */
  readonly inventory: Inventory;
  /** An incident that was acted on sooner than this, milliseconds, tells nothing of whether it would have healed alone: as long as a verification takes. */
  readonly leastWaitMs: number;
}

/**
 * Outcomes from lines in any order. All lines of one attempt make one outcome, so that a relapse takes a recovery back; an incident that nobody acted on is one outcome, however often
 * it came back, with the verdict of its last round. Lines of before more was told of them count as not corroborated: their recoveries earn nothing, and their harms are harms.
 */
export function outcomesOf(lines: readonly LedgerLine[], facts: LedgerFacts): ConfidenceOutcome[] {
  const alike = new Map(facts.inventory.services.map((service) => [placeOf(service.environment, service.name), service]));
  return attemptsOf(lines).flatMap((attempt) => {
    const last = attempt.at(-1);
    return last === undefined || isTooSoon(attempt, facts.leastWaitMs) ? [] : [outcomeOf(last, verdictOf(attempt, last), alike)];
  });
}

/** Scores of earlier diagnoses and whether they led to recovery, in order of time. */
export function scoresOf(lines: readonly (AttemptLine & { readonly score: number })[]): { readonly score: number; readonly recovered: boolean }[] {
  const told = attemptsOf(lines).flatMap((attempt) => {
    const last = attempt.at(-1);
    return last === undefined ? [] : [{ at: last.at, score: last.score, recovered: verdictOf(attempt, last) === 'recovered' }];
  });
  return told.sort((a, b) => a.at - b.at).map(({ score, recovered }) => ({ score, recovered }));
}

type AttemptLine = Pick<LedgerLine, 'incidentId' | 'actedBy' | 'round' | 'at' | 'verdict'>;

/** Lines of one attempt together, oldest first. */
function attemptsOf<Line extends AttemptLine>(lines: readonly Line[]): Line[][] {
  const attempts = new Map<string, Line[]>();
  for (const line of [...lines].sort((a, b) => a.at - b.at)) {
    const key = `${line.incidentId} ${line.actedBy} ${line.actedBy === 'nobody' ? '' : String(line.round)}`;
    const before = attempts.get(key);
    if (before) before.push(line);
    else attempts.set(key, [line]);
  }
  return [...attempts.values()];
}

/** Services of the environment that are alike now, that of the key with them. */
export function alikeTo(key: StandingKey, { services }: Inventory): string[] {
  const wanted = likenessOf(key);
  const others = services.filter((each) => each.environment === key.environment && likenessOf(each) === wanted).map(({ name }) => name);
  return [...new Set([key.service, ...others])];
}

interface Alike {
  readonly tier: Tier;
  readonly likeness?: string;
}

function outcomeOf(last: LedgerLine, verdict: ConfidenceOutcome['verdict'], alike: ReadonlyMap<string, Alike>): ConfidenceOutcome {
  const { runbook, runbookHash, version = 0, cause, environment, service, actedBy, mode = 'approve', corroborated = false, score = 0, at } = last;
  const { tier, likeness } = alike.get(placeOf(environment, service)) ?? { tier: last.tier ?? 'standard', likeness: last.likeness };
  return {
    ...{ runbook, version, hash: runbookHash, cause, environment, service, tier, actedBy, mode, verdict, corroborated, at, score },
    ...(likeness === undefined ? {} : { likeness }),
  };
}

function verdictOf(attempt: readonly AttemptLine[], last: AttemptLine): ConfidenceOutcome['verdict'] {
  const verdicts = attempt.filter(({ round }) => round === last.round).map(({ verdict }) => verdict);
  // What healed alone has healed alone, whoever closed the incident after that.
  if (last.actedBy === 'nobody' && verdicts.includes('recovered') && !verdicts.includes('relapsed')) return 'recovered';
  return countedVerdict(verdicts);
}

/** A recovery is known however soon it came. */
function isTooSoon(attempt: readonly LedgerLine[], leastWaitMs: number): boolean {
  return attempt.every(({ actedBy, verdict, waitedMs = 0 }) => actedBy === 'nobody' && verdict === 'unchanged' && waitedMs < leastWaitMs);
}

function placeOf(environment: string, service: string): string {
  return JSON.stringify([environment, service]);
}
