import type { RecordedClosing } from './closing';
import { firing } from './incident-alerts';
import { defined } from './defined';
import type { IncidentState, OpenProposal } from './incident-state';
import type { LedgerOutcome } from './incident-view';

/** An incident that was acted on sooner tells nothing of whether it would have healed alone. */
const LEAST_WAIT_MS = 60_000;

/** The line about a remedy that Nightshift carried out. */
export function attemptLine(state: IncidentState, asked: OpenProposal, verdict: LedgerOutcome['verdict']): LedgerOutcome {
  return { ...lineOf(state, asked, verdict), actedBy: 'nightshift', corroborated: isConfirmed(asked) };
}

/**
 * Notes that an incident healed alone, came back after that, or had not healed when somebody began to act; nothing where somebody acted before. An acknowledgement is no action. The
 * time for which it was left alone goes along, as only as long a time as a verification takes can be compared with what a runbook does.
 */
export function noteLeftAlone(state: IncidentState, now: number, verdict: 'recovered' | 'unchanged' | 'relapsed'): void {
  const waitedMs = now - state.openedAt;
  if (!isUntouched(state) || (verdict === 'unchanged' && (waitedMs < LEAST_WAIT_MS || isOver(state)))) return;
  const { asked, diagnosis, round } = state;
  const line = asked ? lineOf(state, asked, verdict) : undecidedLine(state, verdict, diagnosis?.hypotheses[0]?.suspect);
  note(state, { ...line, round, actedBy: 'nobody', waitedMs });
}

/**
 * Notes that a person carried out by hand the runbook that was proposed, suggested or only recorded. It recovered where its alerts have ended; nothing measured it, so it earns nothing
 * unless whoever writes the line finds that a door signed the person's word. What did not recover counts.
 */
export function noteDoneByHand(state: IncidentState, runbook: string | undefined, told?: RecordedClosing): void {
  const asked = doneByHand(state, runbook);
  // What had healed before anybody said so stands on record as healed alone.
  if (!asked || state.outcome?.kind === 'recovered-unaided') return;
  const verdict = firing(state).length > 0 ? 'unknown' : 'recovered';
  note(state, { ...lineOf(state, asked, verdict), actedBy: 'person', corroborated: false, ...defined({ told }) });
}

/** Notes that the trouble came back, or had not gone, after a person had closed the incident and named the runbook. */
export function noteUndoneByHand(state: IncidentState, runbook: string | undefined): void {
  const asked = doneByHand(state, runbook);
  if (asked) note(state, { ...lineOf(state, asked, 'relapsed'), actedBy: 'person', corroborated: false });
}

/** The proposal that a person carried out by hand. */
function doneByHand(state: IncidentState, runbook: string | undefined): OpenProposal | undefined {
  const { asked } = state;
  return asked && runbook === asked.proposal.runbook.id && !wasCarriedOut(state, asked.proposal.round) ? asked : undefined;
}

/** Forgets the lines that the store has confirmed. */
export function confirmLines(state: IncidentState, sent: readonly LedgerOutcome[] = []): void {
  const left = (state.pendingBeside ?? []).filter((line) => !sent.some((each) => sameLine(each, line)));
  if (left.length > 0) state.pendingBeside = left;
  else delete state.pendingBeside;
}

function note(state: IncidentState, line: LedgerOutcome): void {
  const before = state.pendingBeside ?? [];
  if (!before.some((each) => sameLine(each, line))) state.pendingBeside = [...before, line];
}

function sameLine(a: LedgerOutcome, b: LedgerOutcome): boolean {
  return a.round === b.round && a.actedBy === b.actedBy && a.verdict === b.verdict;
}

function lineOf(state: IncidentState, { proposal, policy }: OpenProposal, verdict: LedgerOutcome['verdict']): LedgerOutcome {
  const { round, runbook, suspect, hypothesis } = proposal;
  const score = policy.score ?? state.diagnosis?.hypotheses.find(({ id }) => id === hypothesis)?.score;
  return {
    ...{ round, runbook: runbook.id, runbookHash: runbook.hash, environment: state.environment, service: suspect },
    ...{ cause: state.cause ?? 'undetermined', verdict, version: runbook.version, mode: policy.mode },
    ...defined({ score }),
  };
}

function undecidedLine(state: IncidentState, verdict: LedgerOutcome['verdict'], suspect: string | undefined): LedgerOutcome {
  const { round, environment, cause = 'undetermined' } = state;
  return { round, runbook: '', runbookHash: '', environment, service: suspect ?? state.service, cause, verdict };
}

/** Two sources support the cause, or a person who was known to a door saw it and approved. */
function isConfirmed({ policy, decisions }: OpenProposal): boolean {
  return policy.corroborated === true || decisions.some(({ verdict, signature }) => verdict === 'approve' && signature !== undefined);
}

/** What has ended, or was called recovered, did not stay as it was when somebody began to act. */
function isOver(state: IncidentState): boolean {
  return state.outcome !== undefined || firing(state).length === 0;
}

function isUntouched({ wasTaken, takenBy, attempts, remediation }: IncidentState): boolean {
  const acted = attempts.some(({ verdict }) => verdict !== 'rejected' && verdict !== 'refused');
  return wasTaken !== true && takenBy === undefined && !acted && (remediation?.effects.length ?? 0) === 0 && remediation?.uncertain !== true;
}

function wasCarriedOut({ attempts, remediation }: IncidentState, round: number): boolean {
  const acted = attempts.some((each) => each.round === round && each.verdict !== 'rejected' && each.verdict !== 'refused');
  return acted || remediation?.uncertain === true;
}
