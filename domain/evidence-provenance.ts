import type { EvidenceFact, EvidenceItem, Provenance } from './evidence';
import { witnessOf } from './reasoning/trust';

/** Where a fact is from, of when, and who could have written it: as it was frozen, or derived for what was frozen before that was kept. `gatheredAt` is ISO 8601. */
export function provenanceOf(item: EvidenceItem, gatheredAt: string): Provenance {
  return {
    source: item.source ?? sourceOf(item),
    time: item.time ?? timeOf(item) ?? gatheredAt,
    trust: item.trust ?? witnessOf(item).trust,
  };
}

/** Of what kind of looking a fact is, and what was looked at. */
function sourceOf(item: EvidenceFact): string {
  switch (item.kind) {
    case 'metrics':
    case 'neighbour':
      return `requests:${item.service}`;
    case 'window':
      return item.seenBy === 'itself' ? `requests:${item.service}` : `traces:${item.service}`;
    case 'anomaly':
      return `detector:${item.service}`;
    case 'saturation':
      return `resources:${item.service}`;
    case 'logs':
    case 'log-anomaly':
      return `logs:${item.service}`;
    case 'change':
      return `changes:${item.change.service}`;
    case 'no-change':
      return `changes:${item.service}`;
    case 'release':
      return `releases:${item.service}`;
    case 'runbooks':
      return 'runbooks:catalogue';
    case 'build':
      return `builds:${item.service}`;
    case 'other-builds':
      return 'builds:others';
    case 'graph':
      return `calls:${item.service}`;
    case 'incident-nearby':
      return `incidents:${item.service}`;
    case 'similar':
      return `knowledge:${item.incidentId}`;
    case 'missing':
      return `gathering:${item.what}`;
  }
}

/** When what the fact tells happened or began; undefined where it holds as of the gathering. */
function timeOf(item: EvidenceFact): string | undefined {
  switch (item.kind) {
    case 'change':
      return item.change.at;
    case 'build':
      return item.build.endedAt;
    case 'incident-nearby':
      return item.openedAt;
    case 'similar':
      return item.resolvedAt;
    case 'release':
      return item.startedAt;
    case 'anomaly':
    case 'log-anomaly':
      return iso(item.since);
    case 'saturation':
      return item.risingSince === undefined ? undefined : iso(item.risingSince);
    default:
      return undefined;
  }
}

function iso(at: number): string | undefined {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
