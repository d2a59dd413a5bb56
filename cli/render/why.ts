import { evidenceRows, toldLines, TRUST_WORDS } from '../../domain/evidence-table';
import type { EvidenceBundle } from '../../domain/evidence';
import type { IncidentView } from '../../domain/incident-view';
import { rankedCauses, ruledOutLines, whyRunbook, type RankedCause } from '../../domain/why';
import { plainText } from '../../domain/plain-text';
import { table } from './table';
import { wrap } from './wrap';

/** Below this width the source stands no more in a column of its own. */
const NARROW = 90;
/** Characters between columns, and the least that the last one has. */
const GAP = 2;
const LEAST_WHAT = 20;

/** The evidence as a table: id, source, time of day (UTC), whose word it is, what it says. What does not fit into a line goes on below. */
export function evidenceTable(bundle: EvidenceBundle, width: number): string[] {
  const narrow = width < NARROW;
  const headings = narrow ? ['ID', 'TIME', 'WHAT'] : ['ID', 'SOURCE', 'TIME', 'TRUST', 'WHAT'];
  const rows = evidenceRows(bundle).map(({ id, source, at, trust, what }) => {
    const time = at.slice(11, 19);
    return narrow ? { before: [id, time], what: `${what} (${TRUST_WORDS[trust]})` } : { before: [id, source, time, TRUST_WORDS[trust]], what };
  });
  const taken = headings.slice(0, -1).reduce((sum, heading, i) => sum + GAP + Math.max(heading.length, ...rows.map(({ before }) => before[i]?.length ?? 0)), 0);
  const lines = rows.flatMap(({ before, what }) =>
    wrap(plainText(what), Math.max(LEAST_WHAT, width - taken)).map((part, i) => [...before.map((cell) => (i === 0 ? cell : '')), part]),
  );
  return table(headings, lines, width).trimEnd().split('\n');
}

/** Sample lines of the log, each with the id of the fact that it is of. */
export function lineSamples(bundle: EvidenceBundle, width: number): string[] {
  return toldLines(bundle).flatMap(({ id, line }) => {
    const label = `${id}  `;
    return wrap(`“${plainText(line)}”`, width - label.length).map((part, i) => (i === 0 ? label : ' '.repeat(label.length)) + part);
  });
}

/** The ranked causes with what speaks for and against each, what was ruled out, and why this runbook; each part under its heading. */
export function whyParts(view: IncidentView, width: number): { readonly heading: string; readonly lines: readonly string[] }[] {
  const { diagnosis } = view;
  if (!diagnosis) return [];
  const causes = rankedCauses(diagnosis);
  const told = causes.length > 0 ? causes.flatMap(causeLines) : ['undetermined: nothing in the evidence tells strongly enough'];
  return [
    { heading: 'Why this cause', lines: told },
    { heading: 'What was ruled out', lines: ruledOutLines(diagnosis) },
    { heading: 'Why this runbook', lines: whyRunbook(view) },
  ]
    .filter(({ lines }) => lines.length > 0)
    .map(({ heading, lines }) => ({ heading, lines: lines.flatMap((line) => hanging(line, width)) }));
}

function causeLines({ rank, title, cause, score, supporting, contradicting }: RankedCause): string[] {
  return [
    `${String(rank)}. ${title} (${cause}, strength ${score.toFixed(2)})`,
    ...supporting.map((each) => `   for      ${each}`),
    ...contradicting.map((each) => `   against  ${each}`),
  ];
}

/** A line whose indent and label stay free when it is broken. */
function hanging(line: string, width: number): string[] {
  const label = /^ {3}(?:for {6}|against {2})|^\d+\. /.exec(line)?.[0] ?? '';
  return wrap(plainText(line.slice(label.length)), width - label.length).map((part, i) => (i === 0 ? label : ' '.repeat(label.length)) + part);
}
