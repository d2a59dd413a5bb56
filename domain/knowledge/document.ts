import type { AuditEntry } from '../audit';
import type { EvidenceBundle } from '../evidence';
import { evidenceRows, TRUST_WORDS } from '../evidence-table';
import { humanDuration, utcTime } from '../human-time';
import type { IncidentView } from '../incident-view';
import { adviceLines } from '../reasoning/advice';
import { OWN_AUTHOR } from '../own-changes';
import { confirmationOf, confirmedCause, remediesOf } from './confirmed';
import type { Confirmation, Remedy, RoundOutcome } from './confirmed';
import { item, md, section } from './markdown-text';

/** Everything that a document is made of. */
export interface DocumentParts {
  readonly view: IncidentView;
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** Of the ledger, oldest first. */
  readonly outcomes: readonly RoundOutcome[];
  /** Evidence of the last round, where it could be read. */
  readonly bundle: EvidenceBundle | undefined;
}

/** Grows when documents or cards are made otherwise: those of an older form are made anew. */
export const DOCUMENT_FORM = 2;

/** Entries of the timeline at its begin and at its end; what stands between is counted. */
const TIMELINE = { first: 60, last: 120 } as const;
const DECIDING: readonly AuditEntry['kind'][] = [
  'decision',
  'decision-refused',
  'break-glass',
  'handed-over',
  'handed-back',
  'acknowledged',
  'withdrawn',
  'proposed',
];

/** The post-incident document of a resolved incident in Markdown: what happened, cause, evidence, what helped and what did not, who decided, timeline. Text from outside is escaped and scrubbed. */
export function incidentDocument(parts: DocumentParts): string {
  const { view, entries, outcomes } = parts;
  const remedies = remediesOf(view, outcomes);
  const helped = remedies.filter((each) => each.helped);
  return [
    `# ${md(view.title)}`,
    `**${STANDING[confirmationOf(view) ?? 'nobody']}**`,
    facts(view),
    ...section(
      'What happened',
      [md(view.affected), ...view.alerts.map(({ name, source, summary }) => `${md(name)} (${md(source)}): ${md(summary)}`)].map(item),
    ),
    ...causeSection(parts),
    ...adviceSection(view),
    ...evidenceSection(parts),
    ...section('What helped', [...helped.map(remedyLine), ...endLines(view)].map(item), 'Nothing that was confirmed.'),
    ...section(
      'What did not help',
      remedies
        .filter((each) => !each.helped)
        .map(remedyLine)
        .map(item),
      'Nothing else was tried by Nightshift.',
    ),
    ...section('Who decided', decisions(parts).map(item), 'No person decided anything.'),
    ...section(
      'What stayed unknown',
      (view.diagnosis?.unknown ?? []).map((text) => item(md(text))),
    ),
    ...section('Timeline', timeline(entries)),
  ]
    .join('\n\n')
    .concat('\n');
}

const STANDING: Readonly<Record<Confirmation | 'nobody', string>> = {
  measurement: 'Confirmed by measurement: after the remedy below the service was measured as well again, and stayed so. Nightshift learns from it.',
  person: 'Confirmed by a person, who closed it. Nightshift learns from it how it ended, and takes no cause for proven that it did not measure.',
  nobody: 'Not confirmed: it ended without a measured remedy or a person who says why. Nightshift learns nothing from it.',
};

function facts(view: IncidentView): string {
  const { resolvedAt = view.updatedAt } = view;
  const lasted = Date.parse(resolvedAt) - Date.parse(view.openedAt);
  const rows: readonly (readonly [string, string])[] = [
    ['Incident', `\`${view.incidentId}\``],
    ['Service', `${md(view.service)} in ${md(view.environment)}`],
    ...(view.owner === undefined ? [] : [['Owner', md(view.owner)] as const]),
    ['Severity', view.severity],
    ['Opened', utcTime(view.openedAt)],
    ['Resolved', `${utcTime(resolvedAt)}, after ${humanDuration(lasted)}`],
    ['Rounds', String(view.round)],
    ...(view.predecessor === undefined ? [] : [['Comes back from', `\`${md(view.predecessor)}\``] as const]),
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function causeSection({ view, outcomes }: DocumentParts): readonly string[] {
  const { diagnosis } = view;
  const best = diagnosis?.hypotheses[0];
  if (!diagnosis || !best || diagnosis.verdict === 'undetermined') return section('Cause', [], 'Undetermined: the evidence named no cause.');
  const proven = confirmedCause(view, outcomes) !== undefined;
  const ids = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.map((id) => md(id)).join(', '));
  return section('Cause', [
    item(`${proven ? 'Confirmed by what helped' : 'Suspected, and not confirmed'}: ${md(best.title)} (${best.cause}).`),
    item(`Speaks for it: ${ids(best.supporting)}. Speaks against it: ${ids(best.contradicting)}.`),
    ...diagnosis.ruledOut.slice(0, 10).map(({ title, reason, evidence }) => item(`Ruled out: ${md(title)}, as ${md(reason)} (${ids(evidence)}).`)),
  ]);
}

/** Beside the cause, and never as one: what a model said is its word alone. */
function adviceSection({ diagnosis }: IncidentView): readonly string[] {
  const { advice } = diagnosis ?? {};
  return section('Where the diagnosis comes from', advice === undefined ? [] : [advice.note, ...adviceLines(advice)].map((line) => item(md(line, 1200))));
}

function evidenceSection({ view, bundle }: DocumentParts): readonly string[] {
  const lines = bundle
    ? evidenceRows(bundle).map(({ id, what, source, at, trust }) => item(`${md(id)}: ${md(what)} (${md(source)}, ${utcTime(at)}, ${TRUST_WORDS[trust]})`))
    : Object.entries(view.diagnosis?.evidence ?? {}).map(([id, title]) => item(`${md(id)}: ${md(title)}`));
  return section('Evidence', lines, 'None was gathered, or it could not be read.');
}

function remedyLine({ round, runbook, service, verdict }: Remedy): string {
  return `${md(runbook)} on ${md(service)}, round ${String(round)}: ${verdict === 'averted' ? 'what was predicted did not come' : verdict}`;
}

/** How it ended stands among what helped only where somebody vouches for it. */
function endLines(view: IncidentView): readonly string[] {
  const by = confirmationOf(view);
  return by === undefined || view.outcome === undefined ? [] : [`${by === 'person' ? 'As the person said' : 'As measured'}: ${md(view.outcome.summary)}`];
}

/** What Nightshift does of itself is no decision of a person. Closing stands in the outcome, as its entry is Nightshift's. */
function decisions({ view, entries }: DocumentParts): readonly string[] {
  const made = entries.filter(({ kind, actor }) => actor !== OWN_AUTHOR && DECIDING.includes(kind));
  const closed = view.outcome?.kind === 'resolved-by-person' ? [`closed by ${md(view.outcome.summary)}`] : [];
  return [...made.map((entry) => `${utcTime(entry.at)}, ${md(entry.actor)}: ${md(entry.summary)}`), ...closed];
}

function timeline(entries: readonly AuditEntry[]): readonly string[] {
  const line = ({ at, actor, kind, summary }: AuditEntry): string => item(`${utcTime(at)} ${kind}, ${md(actor)}: ${md(summary, 300)}`);
  const left = entries.length - TIMELINE.first - TIMELINE.last;
  if (left <= 0) return entries.map(line);
  return [
    ...entries.slice(0, TIMELINE.first).map(line),
    item(`${String(left)} entries are left out here; \`nightshift incident show\` has all of them.`),
    ...entries.slice(-TIMELINE.last).map(line),
  ];
}
