import type { AlertNote } from '../domain/alert';
import type { Allowed } from '../domain/actions/allowed';
import type { Diagnosis } from '../domain/diagnosis';
import type { EvidenceBundle } from '../domain/evidence';
import type { Inventory } from '../domain/inventory';
import { adviceView } from '../domain/reasoning/advice-view';
import type { AdviceView } from '../domain/reasoning/advice';
import { offeredRunbooks } from '../domain/reasoning/offered';
import { noOpinion } from '../domain/reasoning/opinion';
import type { Opinion } from '../domain/reasoning/opinion';
import type { Candidate } from '../domain/reasoning/request';
import { withOpinion } from '../domain/reasoning/with-opinion';
import type { OpinionStore } from '../ports/reasoner';
import type { RunbookLibrary } from '../ports/runbooks';
import { hearModel } from './reasoning';
import type { ReasoningDeps } from './reasoning';

/** The activity that a model is heard in: which try it is, from 1, how long it may take in milliseconds, and what calls it off. */
export interface HearingTurn {
  readonly attempt: number;
  readonly allowedMs: number;
  readonly signal: AbortSignal;
}

/** What hearing a model within an activity works with. */
export interface HearingDeps {
  readonly reasoning: ReasoningDeps;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  readonly inventory: Inventory;
  readonly allowed: Allowed;
  /** The longest that a model is waited for, milliseconds. */
  readonly patienceMs: number;
  /** What everything else of the activity may take, milliseconds; a model gets what is left. */
  readonly restMs: number;
  readonly turn: () => HearingTurn;
  readonly heartbeat: (detail: string) => void;
  /** Milliseconds between heartbeats; shorter than their time-out. */
  readonly beatEveryMs: number;
}

/** What a model is heard on. */
export interface HeardOn {
  readonly bundle: EvidenceBundle;
  readonly diagnosis: Diagnosis;
  readonly alerts: readonly AlertNote[];
}

/** A diagnosis beside which a model was heard, and why a person should be asked before anything is done for it. */
export interface HeardDiagnosis {
  readonly diagnosis: Diagnosis;
  readonly advice: AdviceView;
  readonly doubts: readonly string[];
}

/** Hears the model on a diagnosis. */
export type Hear = (on: HeardOn) => Promise<HeardDiagnosis>;

/** Hears the model once a round, in the time that the activity leaves; a retry takes the opinion that was kept. Throws only when the activity is called off or the store is away. */
export function createHearing(deps: HearingDeps): Hear {
  return async ({ bundle, diagnosis, alerts }) => {
    const { attempt, allowedMs, signal } = deps.turn();
    const candidates = await candidatesFor(deps, { bundle, diagnosis, alerts });
    const withinMs = Math.max(1, Math.min(deps.patienceMs, allowedMs - Math.min(deps.restMs, allowedMs / 2)));
    const opinion = await whileBeating(deps, () => hearModel(deps.reasoning, { bundle, diagnosis, candidates }, { attempt, withinMs, signal }));
    return heardFrom({ bundle, diagnosis, alerts }, opinion, candidates);
  };
}

/** Hears again what was kept of a round, and asks nobody. */
export function createRehearing(deps: OfferDeps & { readonly opinions: Pick<OpinionStore, 'ofRound'> }): Hear {
  return async ({ bundle, diagnosis, alerts }) => {
    const { incidentId, round, gatheredAt: at } = bundle;
    const candidates = await candidatesFor(deps, { bundle, diagnosis, alerts });
    const kept = await deps.opinions.ofRound(incidentId, round);
    return heardFrom({ bundle, diagnosis, alerts }, kept ?? noOpinion({ incidentId, round, at, outcome: 'off', why: 'no model was heard then' }), candidates);
  };
}

type OfferDeps = Pick<HearingDeps, 'runbooks' | 'inventory' | 'allowed'>;

async function candidatesFor({ runbooks, inventory, allowed }: OfferDeps, { bundle, diagnosis, alerts }: HeardOn): Promise<readonly Candidate[]> {
  return offeredRunbooks(bundle, diagnosis, { catalogue: await runbooks.current(), inventory, allowed, alerts });
}

function heardFrom({ bundle, diagnosis }: HeardOn, opinion: Opinion, candidates: readonly Candidate[]): HeardDiagnosis {
  const { advice, askPerson, ...rest } = withOpinion(diagnosis, opinion, candidates, bundle);
  return { diagnosis: rest, advice: adviceView(advice, askPerson), doubts: askPerson };
}

/** A worker that dies while a model thinks is noticed by the heartbeats, long before the time of the activity is up. */
async function whileBeating<T>({ reasoning, heartbeat, beatEveryMs }: HearingDeps, work: () => Promise<T>): Promise<T> {
  if (!reasoning.reasoner) return work();
  heartbeat('hears a model');
  const timer = setInterval(() => heartbeat('hears a model'), beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    heartbeat('heard a model');
  }
}
