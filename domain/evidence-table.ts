import type { EvidenceBundle, EvidenceItem, Trust } from './evidence';
import { provenanceOf } from './evidence-provenance';

/** A fact of an incident as one row: where it comes from, when it was seen or happened (ISO), and who could have put it there. */
export interface EvidenceRow {
  readonly id: string;
  readonly source: string;
  readonly at: string;
  readonly trust: Trust | 'missing';
  readonly what: string;
}

/** Whose word a fact is, in words for people. */
export const TRUST_WORDS: Readonly<Record<EvidenceRow['trust'], string>> = {
  platform: 'platform fact',
  measured: 'our measurement',
  outside: 'outsiders can write it',
  missing: 'not learned',
};

/** The facts of a bundle in their order; what could not be learned is nobody's word. */
export function evidenceRows({ items, gatheredAt }: EvidenceBundle): readonly EvidenceRow[] {
  return items.map((item) => {
    const { source, time, trust } = provenanceOf(item, gatheredAt);
    return { ...{ id: item.id, source, at: time, what: item.title }, trust: isUnknown(item) ? 'missing' : trust };
  });
}

/** A line of a log that stands for one of its new or more frequent kinds, with the fact that it is of. */
export interface ToldLine {
  readonly id: string;
  readonly line: string;
}

/** The sample lines of a bundle in its order, as outsiders wrote them but scrubbed. */
export function toldLines({ items }: EvidenceBundle): readonly ToldLine[] {
  return items.flatMap((item) => {
    const holders = item.kind === 'logs' ? item.patterns : item.kind === 'log-anomaly' ? [item] : [];
    return holders.flatMap(({ samples = [] }) => samples.map((line) => ({ id: item.id, line })));
  });
}

function isUnknown(item: EvidenceItem): boolean {
  return item.kind === 'missing' || (item.kind === 'neighbour' && item.healthy === null);
}
