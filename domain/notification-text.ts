import { actsAlone } from './confidence/rungs';
import type { Hypothesis } from './diagnosis';
import { humanDuration, relativeTime, utcTime } from './human-time';
import type { IncidentReason, IncidentView, JoinedService, ProposalView } from './incident-view';
import { authorityText } from './incident-unasked';
import { targetId } from './inventory';
import type { Message, MessageContext, MessageSection } from './message';
import { answerSection, silenceSection } from './notification-answers';
import { adviceLines } from './reasoning/advice';
import { clip, plainText } from './plain-text';
import type { RankedFinding } from './ranked-causes';
import { isOfRepository, shortOrigin } from './runbook-origin';
import { verdictText } from './wording';

/** Most lines of a message in plain text: one screen. */
export const MESSAGE_LINES = 24;
const LABEL_WIDTH = 14;
/** Characters of a sentence on an anomaly: its end says how rare it is. */
const ANOMALY_WIDTH = 320;
/** These two are told only where there is room. */
const SPARE = 'Why this';
/** Where the diagnosis comes from. */
const ORIGIN = 'Diagnosed';
const RANKED = 'Ranked causes';
const GIVES_WAY: ReadonlySet<string> = new Set(['Cause', 'Ruled out', 'What', 'Anomaly', ORIGIN]);

const HEADLINES: Readonly<Record<IncidentReason, string>> = {
  opened: 'a new incident',
  joined: 'alerts of a service of yours are part of an incident of another one',
  proposed: 'your approval is needed',
  suggested: 'a remedy is suggested',
  veto: 'a remedy begins soon, unless you object',
  acting: 'a remedy begins without an answer',
  reminder: 'still waiting for an answer',
  approved: 'approved, the remedy begins',
  verified: 'the remedy was measured',
  resolved: 'resolved',
  escalated: 'a person is needed',
  relapsed: 'the trouble has come back',
  'no-action': 'no action is the right answer',
  'break-glass': 'BREAK-GLASS WAS USED',
  'handed-over': 'a person has taken over',
  flapping: 'an alert flaps; its changes are folded',
  calm: 'an alert flaps no more',
  stalled: 'it has stopped moving; look at it yourself',
  brake: 'one of many incidents at once; NOTHING IS CHANGED until a person releases the brake',
};

/** How much of each part is told. Digits are lines, `width` is characters. */
interface Measure {
  readonly width: number;
  readonly facts: number;
  readonly ruledOut: number;
  readonly unknown: number;
  readonly preview: number;
  readonly inverse: number;
  readonly why: number;
}

const SCREEN: Measure = { width: 120, facts: 3, ruledOut: 3, unknown: 1, preview: 3, inverse: 2, why: 1 };
const WHOLE: Measure = { width: Infinity, facts: Infinity, ruledOut: Infinity, unknown: Infinity, preview: Infinity, inverse: Infinity, why: Infinity };

/** The notification of an incident in words: what, since when, who is affected, cause with evidence, what was ruled out, the exact change, and what happens next. */
export function composeMessage(view: IncidentView, reason: IncidentReason, context: MessageContext): Message {
  const measure = context.whole === true ? WHOLE : SCREEN;
  // What it would have done must not sway whoever looks for the cause; the page of the incident has it.
  const told = context.whole === true || !shadowed(view);
  const parts: readonly [string, readonly string[]][] = [
    ['What', whatLines(view)],
    ['Since', [sinceLine(view, context.now)]],
    ['Affected', [view.affected]],
    ['Joined', joinedLines(view.joined ?? [], measure.why)],
    ['Related', (view.related ?? []).slice(0, measure.why).map(({ incidentId, reason }) => `${incidentId}: ${reason}`)],
    ['Severity', context.whole === true ? severityLines(view) : []],
    ['Anomaly', context.anomalies ?? []],
    ['Owner', ownerLines(view)],
    ['Result', resultLines(view)],
    ['Cause', causeLines(view, measure)],
    [ORIGIN, originLines(view, measure)],
    [RANKED, rankedLines(view, measure)],
    ['Not known', (view.diagnosis?.unknown ?? []).slice(0, measure.unknown)],
    ['Ruled out', ruledOutLines(view, measure)],
    [shadowed(view) ? 'Would have' : 'Change', told ? changeLines(view.proposal, measure) : []],
    ['Autonomy', told ? autonomyLines(view.proposal, measure) : []],
    [SPARE, told ? whyLines(view, measure) : []],
    ['Undo', told ? undoLines(view.proposal, measure) : []],
  ];
  const shown = parts.map(([label, lines]) => ({
    label,
    lines: lines.map((line) => clip(plainText(line), label === 'Anomaly' ? ANOMALY_WIDTH : measure.width)),
  }));
  const silence = silenceSection(view, reason, context.now);
  return {
    title: clip(plainText(`[${view.severity.toUpperCase()}] ${view.service} (${view.environment}): ${HEADLINES[reason]}`), SCREEN.width),
    sections: [...shown, ...(silence === undefined ? [] : [silence]), answerSection(view, reason, context.apiUrl)].filter((s) => s.lines.length > 0),
  };
}

/** Of those that are not told one by one the names at least. */
function joinedLines(joined: readonly JoinedService[], most: number): readonly string[] {
  const others = joined.slice(most).map(({ service }) => service);
  const also = others.length === 0 ? '' : `; also ${others.join(', ')}`;
  return joined.slice(0, most).map(({ service, reason }, i) => `${service}, as ${reason}${i + 1 === Math.min(most, joined.length) ? also : ''}`);
}

/** A message as lines of plain text: the title, then label and text in two columns; at most `MESSAGE_LINES` when it was not composed whole. */
export function messageLines(message: Message): readonly string[] {
  const body = fitted(message.sections).flatMap(({ label, lines }) => lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`));
  return [message.title, ...body];
}

/** Reasoning gives way when all does not fit: why this runbook at once, then line by line from the longest part; what would be done and how to answer never does. */
function fitted(sections: readonly MessageSection[]): readonly MessageSection[] {
  const total = sections.reduce((sum, s) => sum + s.lines.length, 1);
  const needed = sections.filter(({ label }) => label !== SPARE && label !== RANKED);
  if (total > MESSAGE_LINES && needed.length < sections.length) return fitted(needed);
  const longest = sections.filter((s) => GIVES_WAY.has(s.label) && s.lines.length > 1).sort((a, b) => b.lines.length - a.lines.length)[0];
  if (total <= MESSAGE_LINES) return sections;
  const rest = sections.filter(({ label }) => label !== ORIGIN);
  if (longest === undefined) return rest.length === sections.length ? sections : fitted(rest);
  return fitted(sections.map((s) => (s === longest ? { ...s, lines: s.lines.slice(0, -1) } : s)));
}

function whatLines(view: IncidentView): readonly string[] {
  const newest = view.alerts[0];
  if (newest === undefined) return [view.title];
  const others = view.alertCount > 1 ? `${view.alertCount} alerts, the newest: ` : '';
  return [view.title, `${others}${newest.name}: ${newest.summary}`];
}

function sinceLine(view: IncidentView, now: number): string {
  const since = view.diagnosis?.onset ?? view.openedAt;
  const again = view.predecessor === undefined ? '' : `; comes back from ${view.predecessor}`;
  if (view.resolvedAt === undefined) return `${utcTime(since)} (${relativeTime(since, now)})${again}`;
  return `${utcTime(since)} until ${utcTime(view.resolvedAt)} (${humanDuration(Date.parse(view.resolvedAt) - Date.parse(since))})${again}`;
}

function ownerLines({ owner, tier }: IncidentView): readonly string[] {
  if (owner === undefined && tier === undefined) return [];
  return [[owner ?? 'nobody', ...(tier === undefined ? [] : [`tier ${tier}`])].join(', ')];
}

function resultLines(view: IncidentView): readonly string[] {
  const { verdict, verification } = view.remediation ?? {};
  const measured = verdict === undefined || verification === undefined ? verification : verdictText(verdict, verification);
  return [view.outcome?.summary, measured, view.reason].filter((line) => line !== undefined && line !== '').slice(0, 1) as string[];
}

function causeLines(view: IncidentView, measure: Measure): readonly string[] {
  const diagnosis = view.diagnosis;
  if (diagnosis === undefined) return [];
  const id = view.proposal?.proposal.hypothesis;
  const hypothesis = diagnosis.hypotheses.find((h) => h.id === id) ?? diagnosis.hypotheses[0];
  if (diagnosis.verdict === 'undetermined' || hypothesis === undefined) return ['undetermined: nothing in the evidence tells strongly enough'];
  const named = (ids: readonly string[]): string[] => ids.map((e) => `${e} ${diagnosis.evidence[e] ?? ''}`.trim());
  const against = hypothesis.contradicting.length === 0 ? [] : [`against it: ${named(hypothesis.contradicting).join('; ')}`];
  return [causeLine(hypothesis, measure), ...named(hypothesis.supporting.slice(0, measure.facts)), ...against];
}

function causeLine(hypothesis: Hypothesis, measure: Measure): string {
  const left = hypothesis.supporting.length - measure.facts;
  return `${hypothesis.title} (${hypothesis.cause}, strength ${hypothesis.score.toFixed(2)}${left > 0 ? `, and ${left} more ${left === 1 ? 'fact' : 'facts'}` : ''})`;
}

/** How the statistics rank the services: on one line where there is little room, else with what speaks for and against each. */
function rankedLines({ diagnosis }: IncidentView, measure: Measure): readonly string[] {
  const ranked = diagnosis?.ranked;
  if (!ranked || ranked.causes.length === 0) return [];
  const shares = ranked.causes.map(({ service, probability }) => `${service} ${Math.round(100 * probability)} %`).join(', ');
  const head = ranked.verdict === 'named' ? `${shares} (by the call graph, confidence ${ranked.confidence})` : `none stands out: ${shares}`;
  if (measure.why === 1) return [head];
  const found = (sign: string, { text, evidence }: RankedFinding): string => `${sign} ${text}${evidence.length === 0 ? '' : ` (${evidence.join(', ')})`}`;
  return [
    head,
    ...ranked.causes.flatMap(({ service, supporting, contradicting }) => [
      ...supporting.map((each) => `${service}: ${found('for it:', each)}`),
      ...contradicting.map((each) => `${service}: ${found('against it:', each)}`),
    ]),
    ...ranked.reasons,
  ];
}

function ruledOutLines(view: IncidentView, measure: Measure): readonly string[] {
  // Most reasons name their evidence themselves.
  const lines = (view.diagnosis?.ruledOut ?? []).map((r) => {
    const unnamed = r.evidence.filter((id) => !r.reason.includes(id));
    return `${r.title}: ${r.reason}${unnamed.length > 0 ? ` (${unnamed.join(', ')})` : ''}`;
  });
  return shortened(lines, measure.ruledOut, 'more');
}

function changeLines(shown: ProposalView | undefined, measure: Measure): readonly string[] {
  if (shown === undefined) return [];
  const { runbook, risk, preview, target } = shown.proposal;
  const from = isOfRepository(runbook.origin) ? ` of ${shortOrigin(runbook.origin)}` : '';
  return [
    `${runbook.title} (${runbook.id} v${runbook.version}${from}, risk ${risk}, ${shown.state})`,
    ...(runbook.about === undefined ? [] : [runbook.about]),
    `on ${targetId(target)}`,
    ...shortened(preview, measure.preview, 'more steps'),
  ];
}

function shadowed({ proposal }: IncidentView): boolean {
  return proposal?.state === 'shadowed';
}

/** By what it acts without an answer, or why it does not although policy would allow it. */
function autonomyLines(shown: ProposalView | undefined, measure: Measure): readonly string[] {
  const { mode, ceiling, reasons = [] } = shown?.policy ?? {};
  if (shown === undefined || mode === undefined || ceiling === undefined) return [];
  const alone = actsAlone(mode) ? [`${mode === 'auto' ? 'acts alone' : 'acts unless somebody objects'} ${authorityText(shown.policy)}`] : [];
  const why = actsAlone(mode) ? reasons.slice(1) : reasons;
  return measure.why === 1 ? [...alone, ...why.slice(0, alone.length === 0 && (actsAlone(ceiling) || mode !== ceiling) ? 1 : 0)] : [...alone, ...why];
}

function severityLines({ triage }: IncidentView): readonly string[] {
  return triage?.reasons ?? [];
}

/** What a model said stands behind our own words, and is told as its own. */
function originLines({ diagnosis }: IncidentView, measure: Measure): readonly string[] {
  const advice = diagnosis?.advice;
  if (advice === undefined) return [];
  const asked = advice.askPerson.length === 0 ? [] : [`a person is asked, as ${advice.askPerson.join(', and ')}`];
  return [advice.note, ...asked, ...adviceLines(advice).slice(0, measure.facts)];
}

/** Why this runbook: on one line where there is little room, else also why not another. */
function whyLines({ diagnosis, proposal }: IncidentView, measure: Measure): readonly string[] {
  const choice = diagnosis?.choice;
  if (choice === undefined) return [];
  const chosen = choice.runbook !== undefined && choice.runbook === proposal?.proposal.runbook.id ? choice.reasons : [];
  if (measure.why === 1) return chosen.length === 0 ? [] : [chosen.join('; ')];
  return [...chosen, ...choice.others.map(({ runbook, reason }) => `${runbook}: ${reason}`)];
}

function undoLines(shown: ProposalView | undefined, measure: Measure): readonly string[] {
  if (shown === undefined) return [];
  return shown.proposal.inverse.length === 0 ? ['this cannot be undone'] : shortened(shown.proposal.inverse, measure.inverse, 'more steps');
}

function shortened(lines: readonly string[], most: number, what: string): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} ${what}`];
}
