import type { AuditRecord } from '../../domain/audit';
import type { EvidenceBundle } from '../../domain/evidence';
import { TRUST_WORDS } from '../../domain/evidence-table';
import { humanDuration, relativeTime } from '../../domain/human-time';
import type { IncidentView, IncidentReason } from '../../domain/incident-view';
import type { MessageSection } from '../../domain/message';
import { composeMessage } from '../../domain/notification-text';
import { plainText } from '../../domain/plain-text';
import { sparkline } from './sparkline';
import type { Style } from './style';
import { table } from './table';
import { evidenceTable, lineSamples, whyParts } from './why';
import { wrap } from './wrap';

/** How a page is drawn: the time now in epoch milliseconds, characters a line, and colours. */
export interface PageOptions {
  readonly now: number;
  readonly width: number;
  readonly style: Style;
  readonly apiUrl?: string;
}

const LABEL = 14;
const SPARK_WIDTH = 60;
/** Parts of the message that stand under headings of their own on the page, with all their evidence. */
const TOLD_BELOW: ReadonlySet<string> = new Set(['Ruled out', 'Why this']);

/** The whole incident on one page: everything of the notification with nothing left out, the error rate, and the timeline where it is given. */
export function incidentPage(view: IncidentView, options: PageOptions, more: { timeline?: readonly AuditRecord[]; evidence?: EvidenceBundle } = {}): string {
  const { style, now } = options;
  const message = composeMessage(view, pageReason(view), { now, whole: true, ...(options.apiUrl === undefined ? {} : { apiUrl: options.apiUrl }) });
  const head = `${style.bold(plainText(view.incidentId))}  ${style.severity(view.severity)(view.severity)}  ${plainText(view.service)} (${plainText(view.environment)})  ${style.status(view.status)(view.status)}`;
  const parts = [
    head,
    ...message.sections.filter(({ label }) => !TOLD_BELOW.has(label)).flatMap((section) => sectionLines(section, options)),
    ...parameterLines(view, options),
    ...peopleLines(view, options),
    ...rateLines(more.evidence, options),
    ...whyLines(view, more.evidence, options),
  ];
  const timeline = more.timeline === undefined ? [] : ['', style.bold('Timeline'), ...more.timeline.map((record) => timelineLine(record, options))];
  return `${[...parts, ...timeline].join('\n')}\n`;
}

/** One audit record as one line (or more, wrapped): time of day in UTC, kind, what happened, who. */
export function timelineLine(record: AuditRecord, options: PageOptions): string {
  const time = plainText(record.at).slice(11, 19);
  const text = `${time}  ${plainText(record.kind).padEnd(16)}  ${plainText(record.summary)} (${plainText(record.actor)})`;
  return wrap(text, options.width, 28).join('\n');
}

/** Incidents as a table. */
export function incidentTable(incidents: readonly IncidentView[], options: PageOptions): string {
  const { style, now } = options;
  const rows = incidents.map((view) => [
    view.incidentId,
    { text: view.severity, paint: style.severity(view.severity) },
    { text: view.status, paint: style.status(view.status) },
    view.service,
    view.environment,
    relativeTime(view.openedAt, now),
    view.title,
  ]);
  return table(['ID', 'SEV', 'STATUS', 'SERVICE', 'ENVIRONMENT', 'OPENED', 'TITLE'], rows, options.width);
}

function pageReason(view: IncidentView): IncidentReason {
  if (view.status === 'awaiting-approval') return view.proposal?.actsAt === undefined ? 'reminder' : 'veto';
  if (view.status === 'escalated' || view.status === 'handed-over' || view.status === 'resolved') return view.status;
  return view.proposal?.state === 'suggested' ? 'suggested' : 'verified';
}

function sectionLines({ label, lines, code }: MessageSection, { width, style }: PageOptions): readonly string[] {
  const paint = code === true ? style.bold : (text: string): string => text;
  return lines.map((line, i) => {
    const first = (i === 0 ? label : '').padEnd(LABEL);
    const wrapped = code === true ? [line] : wrap(line, width - LABEL - 2).map((part, n) => (n === 0 ? part : ' '.repeat(LABEL + 2) + part));
    return `  ${style.dim(first)}${paint(wrapped.join('\n'))}`;
  });
}

function parameterLines(view: IncidentView, options: PageOptions): readonly string[] {
  const shown = view.proposal;
  if (shown === undefined) return [];
  const values = Object.entries(shown.proposal.parameters).map(([name, value]) => plainText(`${name}=${value}`));
  const given = shown.approvals.length === 0 ? '' : `, so far ${shown.approvals.join(', ')}`;
  const approvers = shown.policy.approvers.length === 0 ? 'any approver' : shown.policy.approvers.join(', ');
  const lines = [`${shown.policy.mode}: ${shown.policy.reason}`, `${shown.policy.quorum} of ${approvers}${given}`].map(plainText);
  const parts = [
    { label: 'Parameters', lines: values },
    { label: 'Policy', lines },
    { label: 'Proposal', lines: [shown.proposal.digest], code: true },
  ];
  return parts.flatMap((part) => sectionLines(part, options));
}

function peopleLines(view: IncidentView, options: PageOptions): readonly string[] {
  const lines = [
    ...(view.acknowledgedBy === undefined ? [] : [`acknowledged by ${view.acknowledgedBy}`]),
    ...(view.takenBy === undefined ? [] : [`taken over by ${view.takenBy}`]),
  ].map(plainText);
  return sectionLines({ label: 'People', lines }, options);
}

/** The reasoning with nothing left out: the facts, and what they say for and against each cause. */
function whyLines(view: IncidentView, evidence: EvidenceBundle | undefined, { width, style }: PageOptions): readonly string[] {
  const facts = evidence === undefined ? [] : [{ heading: 'Evidence', lines: evidenceTable(evidence, width - 2) }];
  const lines = evidence === undefined ? [] : lineSamples(evidence, width - 2);
  const samples = lines.length === 0 ? [] : [{ heading: `Sample lines (${TRUST_WORDS.outside})`, lines }];
  return [...facts, ...samples, ...whyParts(view, width - 2)].flatMap(({ heading, lines }) => ['', style.bold(heading), ...lines.map((line) => `  ${line}`)]);
}

function rateLines(evidence: EvidenceBundle | undefined, options: PageOptions): readonly string[] {
  const own = evidence?.items.find((item) => item.kind === 'metrics' && item.service === evidence.service);
  if (own?.kind !== 'metrics' || own.series.length < 2) return [];
  const shares = own.series.map((point) => point.errorShare);
  const first = own.series[0]?.at ?? 0;
  const last = own.series[own.series.length - 1]?.at ?? first;
  const top = Math.max(0, ...shares.map((share) => share ?? 0));
  const drawn = sparkline(shares, Math.max(10, Math.min(SPARK_WIDTH, options.width - LABEL - 30)));
  return sectionLines({ label: 'Error rate', lines: [`${drawn} top ${(top * 100).toFixed(1)} % over ${humanDuration(last - first)}`], code: true }, options);
}
