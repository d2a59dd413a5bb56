import type { AuditRecord } from '../../domain/audit';
import type { EvidenceBundle } from '../../domain/evidence';
import type { IncidentView } from '../../domain/incident-view';

/** A moment that the plots show as a vertical line. `at` is epoch milliseconds. */
export interface Mark {
  readonly at: number;
  readonly kind: 'change' | 'onset' | 'answer' | 'effect' | 'verified';
  readonly text: string;
}

/** The moments that explain the plots: changes before, the onset, answers of people, effects, and what was measured after them; oldest first. */
export function marksOf(view: IncidentView, timeline: readonly AuditRecord[], evidence: EvidenceBundle | undefined): readonly Mark[] {
  const changes = (evidence?.items ?? []).flatMap((item): Mark[] =>
    item.kind === 'change' ? [{ at: Date.parse(item.change.at), kind: 'change', text: changeText(item.change) }] : [],
  );
  const onset: Mark[] = view.diagnosis === undefined ? [] : [{ at: Date.parse(view.diagnosis.onset), kind: 'onset', text: 'onset' }];
  return [...changes, ...onset, ...timeline.flatMap(markOf)].filter(({ at }) => Number.isFinite(at)).sort((a, b) => a.at - b.at);
}

function changeText({ kind, to }: { readonly kind: string; readonly to?: string }): string {
  return to === undefined ? kind : `${kind} ${to}`;
}

function markOf(record: AuditRecord): Mark[] {
  const at = Date.parse(record.at);
  if (record.kind === 'decision') return [{ at, kind: 'answer', text: record.data?.['verdict'] === 'reject' ? 'rejected' : 'approved' }];
  if (record.kind === 'effect') return [{ at, kind: 'effect', text: 'done' }];
  if (record.kind === 'verified') return [{ at, kind: 'verified', text: record.summary.split(':')[0] ?? 'measured' }];
  return [];
}

/** The trouble as a range of time: from the onset until it was measured as recovered, or until `now`. Undefined while no onset is known. */
export function troubleOf(marks: readonly Mark[], now: number): { readonly from: number; readonly to: number } | undefined {
  const onset = marks.find((mark) => mark.kind === 'onset');
  if (onset === undefined) return undefined;
  const well = marks.findLast((mark) => mark.kind === 'verified');
  return { from: onset.at, to: well?.text === 'recovered' ? well.at : now };
}

/** Rows for labels at `places` (pixels, ascending) so that none lies on another: each goes to the first row where it has room. */
export function rowsFor(places: readonly { readonly x: number; readonly width: number }[]): readonly number[] {
  const ends: number[] = [];
  return places.map(({ x, width }) => {
    const free = ends.findIndex((end) => end <= x);
    const row = free === -1 ? ends.length : free;
    ends[row] = x + width;
    return row;
  });
}
