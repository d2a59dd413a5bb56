import type { CauseKind, Severity } from '../names';
import type { Demotion } from '../shadow/demotion';
import type { AssessInput, Assessment } from '../steps';

/** What the world said while a round was judged, so that nobody is asked again. */
export interface RoundFacts {
  /** When it was judged, epoch milliseconds: freezes and hours of work go by it. */
  readonly at: number;
  /** Names of conditions that flapped. */
  readonly flapping: readonly string[];
  /** Why steps could not begin, by the digest of the step; null where nothing was in the way. */
  readonly unmet: Readonly<Record<string, string | null>>;
  /** How far runbooks fell by rejections, by their ids. */
  readonly demotions: Readonly<Record<string, Demotion>>;
}

/** What followed from a round, as far as rules can change it. */
export interface RoundResult {
  readonly severity: Severity;
  readonly cause: CauseKind;
  readonly plan: Assessment['plan']['kind'];
  /** Mode of policy, where a runbook was chosen. */
  readonly mode?: string;
  readonly quorum?: number;
  readonly hypothesis?: string;
  readonly runbook?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One judged round: recorded inputs beside the frozen evidence, and what followed. */
export interface RoundRecord {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  /** Digest of the frozen evidence. */
  readonly evidence: string;
  /** Alerts, attempts and all else that it was asked with. */
  readonly input: AssessInput;
  readonly facts: RoundFacts;
  readonly result: RoundResult;
}

/** What is kept of an assessment. */
export function resultOf({ triage, cause, diagnosis, plan }: Assessment): RoundResult {
  const best = diagnosis.verdict === 'determined' ? diagnosis.hypotheses[0] : undefined;
  const common = { severity: triage.severity, cause, plan: plan.kind, ...(best === undefined ? {} : { hypothesis: best.id }) };
  if ('proposal' in plan) {
    const { proposal, policy } = plan;
    const { runbook, parameters, hypothesis } = proposal;
    return { ...common, mode: policy.mode, quorum: policy.quorum, hypothesis, runbook: runbook.id, parameters };
  }
  const would = plan.kind === 'observe' ? diagnosis.would : undefined;
  return would === undefined ? common : { ...common, mode: 'observe', runbook: would.runbook, parameters: would.parameters };
}
