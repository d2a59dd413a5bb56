import { relativeTime } from '../../domain/human-time';
import type { Remedy } from '../../domain/knowledge/confirmed';
import type { SimilarIncident } from '../../domain/knowledge/similar';
import { plainText } from '../../domain/plain-text';
import type { PageOptions } from './incident';
import { wrap } from './wrap';

const LABEL = 14;

/** Similar past incidents, one below another: which, why, and what helped. */
export function similarPage(similar: readonly SimilarIncident[], options: PageOptions): string {
  return similar.map((each) => `${part(each, options).join('\n')}\n`).join('\n');
}

function part(each: SimilarIncident, { style, now, width }: PageOptions): readonly string[] {
  const { incidentId, service, environment, title, resolvedAt, score, because, cause, confirmedBy, helped, didNotHelp, summary } = each;
  const row = (label: string, text: string): readonly string[] => wrap(`${label.padEnd(LABEL)}${plainText(text)}`, width, LABEL);
  const head = `${style.bold(plainText(incidentId))}  ${score.toFixed(2)}  ${plainText(service)} (${plainText(environment)}), ${relativeTime(resolvedAt, now)}`;
  return [
    head,
    ...row('Was', title),
    ...row('Similar by', because.join('; ')),
    ...(cause === undefined ? [] : row('Cause', cause)),
    ...(helped.length === 0 ? [] : row('Helped', helped.map(remedyText).join('; '))),
    ...(didNotHelp.length === 0 ? [] : row('Did not help', didNotHelp.map(remedyText).join('; '))),
    ...row(confirmedBy === 'person' ? 'Person said' : 'Measured', summary),
  ];
}

function remedyText({ runbook, service, verdict, helped }: Remedy): string {
  return `${runbook} on ${service}${helped ? '' : ` (${verdict})`}`;
}
