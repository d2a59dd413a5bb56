import { defined } from '../defined';
import type { AuditKind } from '../audit';
import type { IncidentView, Transition } from '../incident-view';
import type { Rung } from '../names';
import type { Proposal } from '../proposal';
import { agreementOf } from './agreement';
import type { PersonDid, SeenChange, ShadowAnswer, ShadowEntry, WouldDo } from './entry';

/** Entries of the history that can change what stands in the shadow ledger; of the others it is not even looked up. */
const TELLING: readonly AuditKind[] = [
  'proposed',
  'waiting',
  'decision',
  'decision-refused',
  'withdrawn',
  'expired',
  'escalated',
  'refused',
  'remediating',
  'handed-over',
  'verified',
  'relapsed',
  'resolved',
];

/** Whether a transition may change the shadow ledger. */
export function tellsShadow({ records, view }: Transition): boolean {
  const telling = records.some(({ kind }) => TELLING.includes(kind));
  return telling && (wouldOf(view) !== undefined || view.status === 'resolved');
}

/** The entries of an incident that a transition changes, as they are after it. One that they have already changes nothing. */
export function foldShadow(entries: readonly ShadowEntry[], transition: Transition): readonly ShadowEntry[] {
  const { round } = transition.view;
  const earlier = entries.findLast((entry) => entry.round < round && wasDone(entry));
  const told = earlier && foldLate(earlier, transition);
  const present = foldRound(
    entries.find((entry) => entry.round === round),
    transition,
  );
  return [told, present].filter((entry) => entry !== undefined && !entries.includes(entry)) as ShadowEntry[];
}

function wasDone({ answer: { kind } }: ShadowEntry): boolean {
  return kind === 'approved' || kind === 'edited' || kind === 'acted-alone';
}

/** What was measured, and that it came back, is written with the round that follows from it. */
function foldLate(entry: ShadowEntry, { view, records }: Transition): ShadowEntry {
  const fresh = records.filter(({ seq }) => seq > entry.seen).map(({ kind }) => kind);
  const measured = fresh.includes('verified') ? view.remediation?.verdict : undefined;
  const verdict = fresh.includes('relapsed') ? ('relapsed' as const) : measured;
  if (verdict === undefined) return entry;
  const { ended, ...rest } = entry;
  return { ...rest, verdict, ...(ended === undefined || verdict === 'relapsed' ? {} : { ended }), seen: view.version };
}

function foldRound(before: ShadowEntry | undefined, { view, records }: Transition): ShadowEntry | undefined {
  if (before && before.seen >= view.version) return before;
  const would = before?.would ?? wouldOf(view);
  if (!would) return undefined;
  const relapsed = records.some(({ seq, kind }) => kind === 'relapsed' && seq > (before?.seen ?? 0));
  const known: Known = before ?? beginOf(view);
  const entry = defined({
    ...{ incidentId: view.incidentId, round: view.round, environment: view.environment, service: view.service, openedAt: view.openedAt },
    ...{ cause: known.cause, at: known.at, mode: modeOf(view) ?? known.mode, would },
    answer: answerOf(view, would) ?? known.answer,
    takenBy: view.takenBy ?? known.takenBy,
    verdict: relapsed || known.verdict === 'relapsed' ? ('relapsed' as const) : (verdictOf(view) ?? known.verdict),
    ...(relapsed ? {} : { did: known.did, ended: known.ended }),
    seen: view.version,
  });
  return { ...entry, agreement: agreementOf(entry) };
}

type Known = Pick<ShadowEntry, 'cause' | 'at' | 'mode' | 'answer'> & Partial<Pick<ShadowEntry, 'takenBy' | 'verdict' | 'did' | 'ended'>>;

function beginOf({ cause, updatedAt }: IncidentView): Known {
  return { cause: cause ?? 'undetermined', at: updatedAt, mode: 'observe', answer: { kind: 'none' } };
}

/** What an entry is ended with, beside the view. */
export interface EndFacts {
  /** Changes on the service that would have been acted on while the incident was open, without ours. */
  readonly changes: readonly SeenChange[];
  /** Actions of the runbook's steps, where the store knows them. */
  readonly uses: readonly string[];
  /** What was done in another round, where a person let Nightshift. */
  readonly other?: Pick<WouldDo, 'runbook' | 'parameters'> | undefined;
}

/** An entry of an incident that has ended: what was done instead, how it ended, and whether that is what Nightshift would have done. */
export function endEntry(entry: ShadowEntry, view: IncidentView, facts: EndFacts): ShadowEntry {
  if (view.status !== 'resolved' || !view.outcome) return entry;
  const ended = { kind: view.outcome.kind, at: view.resolvedAt ?? view.updatedAt };
  const last = defined({ ...entry, ended, did: wasDone(entry) ? undefined : deedOf(view, facts), seen: Math.max(entry.seen, view.version) });
  return { ...last, agreement: agreementOf(last, facts.uses) };
}

function deedOf({ outcome }: IncidentView, { changes, other }: EndFacts): PersonDid {
  if (outcome?.byHand) return { kind: 'by-hand', ...outcome.byHand };
  if (other && outcome?.kind === 'fixed') return { kind: 'other-proposal', runbook: other.runbook, parameters: other.parameters };
  if (changes.length > 0) return { kind: 'changes', changes };
  return { kind: outcome?.kind === 'recovered-unaided' ? 'nothing' : 'not-told' };
}

/** The diagnosis of the round before stands in the view until the next one is made. */
function wouldOf({ proposal: shown, diagnosis, round }: IncidentView): WouldDo | undefined {
  if (!shown) {
    if (diagnosis?.would?.round !== round) return undefined;
    const { round: _round, reason: _reason, ...would } = diagnosis.would;
    return would;
  }
  return wouldDo(shown.proposal);
}

/** What a proposal says would be done. */
export function wouldDo({ runbook, suspect, hypothesis, parameters, digest }: Proposal): WouldDo {
  return { runbook: runbook.id, version: runbook.version, hash: runbook.hash, title: runbook.title, suspect, hypothesis, parameters, digest };
}

function modeOf({ proposal: shown, diagnosis, round }: IncidentView): Rung | undefined {
  return shown?.policy.mode ?? (diagnosis?.would?.round === round ? 'observe' : undefined);
}

function answerOf(view: IncidentView, would: WouldDo): ShadowAnswer | undefined {
  const { proposal: shown } = view;
  if (!shown) return undefined;
  const persons = shown.approvals;
  const state: string = shown.state;
  if (state === 'rejected') {
    const { person, ...why } = shown.rejection ?? { person: undefined, signed: false };
    return defined({ kind: 'rejected' as const, persons: person === undefined ? undefined : [person], ...why });
  }
  if (state === 'approved' || state === 'refused') {
    if (shown.unasked === true) return { kind: 'acted-alone' };
    if (persons.length === 0) return { kind: state === 'approved' ? 'acted-alone' : 'none' };
    const edited = would.digest !== undefined && shown.proposal.digest !== would.digest;
    return edited ? { kind: 'edited', persons, parameters: shown.proposal.parameters } : { kind: 'approved', persons };
  }
  if (state === 'expired') return { kind: 'unanswered' };
  return { kind: state === 'withdrawn' ? 'withdrawn' : 'none' };
}

/** A remediation of an earlier round stands in the view until another begins. */
function verdictOf({ proposal: shown, remediation }: IncidentView): ShadowEntry['verdict'] {
  const ours = shown && remediation?.runbook === `${shown.proposal.runbook.id}@${String(shown.proposal.runbook.version)}`;
  return ours && shown.state === 'approved' ? remediation.verdict : undefined;
}
