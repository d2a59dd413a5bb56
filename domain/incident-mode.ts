import { actsAlone, moreCautious } from './confidence/rungs';
import type { Standing } from './confidence/standing';
import type { Attempt } from './diagnosis';
import type { Rung } from './names';
import { clip } from './plain-text';
import type { PolicyVerdict } from './proposal';

/** What the record and the grants of people say of this incident; absent where nobody can read them. */
export interface Proven {
  readonly mode: Rung;
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly standing: Pick<Standing, 'effectiveOutcomes' | 'reasons' | 'grantedBy' | 'next'>;
}

/** What is known of the incident at hand. */
export interface AtHand {
  readonly score: number;
  readonly corroborated: boolean;
  /** What a model has against acting now. */
  readonly doubts: readonly string[];
  readonly attempts: readonly Attempt[];
  /** Whoever asks knows how to act without an answer. */
  readonly unasked: boolean;
  readonly vetoMs: number;
}

/** Sentences that are kept, and characters in each: they go into every view of the incident. */
const KEPT = { reasons: 6, length: 240 } as const;

/** The verdict of policy as it holds for one incident: never more than policy, the record and the evidence at hand allow, each with its reason. */
export function incidentMode(policy: PolicyVerdict, proven: Proven | undefined, at: AtHand): PolicyVerdict {
  const { mode: ceiling } = policy;
  const recorded = moreCautious(ceiling, proven?.mode ?? 'approve');
  const against = objections(proven, at);
  const mode = against.length === 0 ? recorded : moreCautious(recorded, 'approve');
  const told = actsAlone(ceiling) ? toldOf({ mode, recorded, ceiling }, proven, against) : droppedText(mode, ceiling, proven);
  const reasons = [...told, ...(proven?.reasons ?? []), ...(proven?.standing.reasons ?? [])];
  const { effectiveOutcomes, grantedBy } = proven?.standing ?? {};
  return {
    ...policy,
    ...{ mode, ceiling, reason: [policy.reason, ...told].join(' '), score: at.score, corroborated: at.corroborated },
    ...(proven === undefined ? {} : { confidence: proven.confidence }),
    ...(effectiveOutcomes === undefined ? {} : { outcomes: Math.round(effectiveOutcomes) }),
    ...(actsAlone(mode) && grantedBy !== undefined ? { grantedBy } : {}),
    ...(mode === 'veto' ? { vetoMs: at.vetoMs } : {}),
    ...(reasons.length === 0 ? {} : { reasons: [...new Set(reasons)].slice(0, KEPT.reasons).map((reason) => clip(reason, KEPT.length)) }),
  };
}

/** Why it is not done without an answer, whatever the record says; the rules are applied here too, so that no reader of the record can pass over them. */
function objections(proven: Proven | undefined, { corroborated, doubts, attempts, unasked }: AtHand): string[] {
  return [
    ...(proven === undefined ? ['no record of outcomes is read'] : []),
    ...(unasked ? [] : ['a remedy of this incident was stopped or broke off, or it began before Nightshift could act without an answer']),
    ...(corroborated ? [] : ['no second source that an outsider cannot write supports the cause']),
    ...doubts,
    ...(attempts.length === 0 ? [] : ['a remedy was tried, rejected or refused in this incident before']),
  ];
}

function toldOf(modes: { mode: Rung; recorded: Rung; ceiling: Rung }, proven: Proven | undefined, against: readonly string[]): string[] {
  const { mode, recorded, ceiling } = modes;
  if (actsAlone(mode)) return [`${mode === 'auto' ? 'Acts alone' : 'Acts after a time to object'}: ${authorityText(proven)}.`];
  if (against.length > 0 && (actsAlone(recorded) || proven === undefined)) return [`A person is asked all the same: ${against.join('; ')}.`];
  return droppedText(mode, ceiling, proven);
}

/** Where the record allows less than policy. */
function droppedText(mode: Rung, ceiling: Rung, proven: Proven | undefined): string[] {
  if (mode === ceiling || proven === undefined) return [];
  const { next } = proven.standing;
  const missing = next === undefined ? [] : next.missing.slice(0, 1);
  return [`Its record allows ${mode} only: ${provenText(proven)}.`, ...proven.reasons.slice(0, 1), ...missing];
}

function authorityText(proven: Proven | undefined): string {
  if (proven === undefined) return 'nothing is proven';
  const { grantedBy } = proven.standing;
  return grantedBy === undefined ? provenText(proven) : `granted by ${grantedBy}; ${provenText(proven)}`;
}

function provenText({ confidence, standing: { effectiveOutcomes } }: Proven): string {
  const count = Math.round(effectiveOutcomes);
  return `${confidence.toFixed(3)} proven over ${String(count)} ${count === 1 ? 'outcome' : 'outcomes'}`;
}
