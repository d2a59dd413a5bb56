import { humanDuration } from '../human-time';
import type { Weighed } from './cause';
import type { Span } from './facts';
import type { Group } from './group';
import type { Placed, PlacedChange } from './places';
import type { WouldHave } from './proposal';

/** What one knows afterwards. `wrong` where it speaks against what the engine would have done. */
export interface Hindsight {
  readonly kind: 'healed' | 'folded' | 'fixed-forward' | 'rolled-back' | 'taken-back' | 'again' | 'silent' | 'still';
  readonly wrong: boolean;
  /** One sentence. */
  readonly text: string;
}

/** A remedy begins no earlier than this after the page: diagnosis, and a person who reads and approves. */
export const REMEDY_AFTER_MS = 5 * 60_000;
/** A change so long after the end may still be what ended it: alarms end late, pipelines report late. */
const AFTER_END_MS = 10 * 60_000;
/** The same page within a day was the same trouble, not mended. */
const AGAIN_MS = 24 * 3_600_000;

/** What hindsight looks at; `folded` counts pages that the alert gate folds. */
export interface Seen {
  readonly placed: Placed;
  readonly span: Span;
  readonly folded: number;
}

/** What happened during and after the trouble that tells whether the engine would have been right, wrong or silent. */
export function hindsightOf(group: Group, weighed: readonly Weighed[], would: WouldHave, { placed, span, folded }: Seen): readonly Hindsight[] {
  const named = weighed.find((each) => each.named);
  const mended = mendingChange(group, placed, named);
  const lastedMs = group.end - group.begin;
  const open = group.pages.some(({ end }) => end === undefined);
  const over = !open && lastedMs < REMEDY_AFTER_MS && !mended;
  return [
    ...(folded > 0
      ? [{ kind: 'folded' as const, wrong: false, text: `Its alert gate would have folded ${String(folded)} of the ${String(group.pages.length)} pages.` }]
      : []),
    // Of what needed no remedy nothing was missed.
    ...(would.would === 'silent' ? [{ kind: 'silent' as const, wrong: !over && folded === 0, text: 'Silent: nothing in what was read says why.' }] : []),
    ...(open ? [{ kind: 'still' as const, wrong: false, text: 'It still fires at the end of the span.' }] : []),
    ...(over ? [healed(lastedMs, would)] : []),
    ...(mended ? [mending(mended, group, named, would)] : []),
    ...again(group, placed, would, span),
  ];
}

function healed(lastedMs: number, { would }: WouldHave): Hindsight {
  const text = `It healed by itself after ${humanDuration(lastedMs)}, before any remedy would have begun.`;
  return { kind: 'healed', wrong: would === 'propose', text };
}

/** What may have ended it: the first release on its services that came in time, else the first change by hand where a cause is named that one can be the answer to. */
function mendingChange({ services, begin, end }: Group, { changes }: Placed, named: Weighed | undefined): PlacedChange | undefined {
  const inTime = changes.filter(
    ({ past, services: touched }) =>
      past.at > begin &&
      past.at <= end + AFTER_END_MS &&
      past.by !== 'provider' &&
      past.id !== named?.suspect.placed.past.id &&
      touched.some((name) => services.includes(name)),
  );
  const release = inTime.find(({ past }) => past.what === 'deployment' || past.what === 'rollback');
  return release ?? (named && inTime.find(({ past }) => past.by === 'person' && past.what !== 'run'));
}

function mending({ past, change }: PlacedChange, group: Group, named: Weighed | undefined, { would }: WouldHave): Hindsight {
  const cause = named?.suspect.placed.change;
  const when = `${humanDuration(past.at - group.begin)} after the first page`;
  const back = past.what === 'rollback' || (past.to !== undefined && change.to === cause?.from);
  if (past.what !== 'deployment' && past.what !== 'rollback')
    return { kind: 'taken-back', wrong: false, text: `${change.summary} by ${change.author} came ${when}.` };
  if (back) {
    const agrees = would === 'propose' ? ', which is what would have been proposed' : '';
    return { kind: 'rolled-back', wrong: false, text: `People went back${change.to === undefined ? '' : ` to ${change.to}`} ${when}${agrees}.` };
  }
  const against = would === 'propose' ? ' People chose this over the rollback that would have been proposed.' : '';
  return {
    kind: 'fixed-forward',
    wrong: would === 'propose',
    text: `It was fixed forward${change.to === undefined ? '' : ` with ${change.to}`} ${when}.${against}`,
  };
}

function again({ pages, end }: Group, placed: Placed, { would }: WouldHave, span: Span): Hindsight[] {
  const conditions = new Set(pages.map(({ condition }) => condition));
  const next = placed.pages.find((page) => page.begin > end && page.begin <= Math.min(end + AGAIN_MS, span.to) && conditions.has(page.condition));
  if (!next) return [];
  const text = `${next.alert.name} came again ${humanDuration(next.begin - end)} after the end: whatever was done did not last.`;
  return [{ kind: 'again', wrong: would === 'silent', text }];
}
