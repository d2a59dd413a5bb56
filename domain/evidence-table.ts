import type { EvidenceBundle, Trust } from './evidence';
import { provenanceOf } from './evidence-provenance';
import { utcTime } from './human-time';

/** A fact in a line: its id, where it is from, of when, who could have written it, and what it says. */
export interface EvidenceRow {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly trust: string;
  readonly what: string;
}

const SAID: Readonly<Record<Trust, string>> = { platform: 'platform fact', measured: 'our measurement', outside: 'outsiders can write it' };

/** Who could have written a fact, in words. */
export function trustText(trust: Trust): string {
  return SAID[trust];
}

/** The facts of a bundle in their order. What could not be gathered is nobody's word. */
export function evidenceRows({ items, gatheredAt }: EvidenceBundle): readonly EvidenceRow[] {
  return items.map((item) => {
    const { source, time, trust } = provenanceOf(item, gatheredAt);
    return { id: item.id, source, time: utcTime(time), trust: item.kind === 'missing' ? 'not known' : trustText(trust), what: item.title };
  });
}
