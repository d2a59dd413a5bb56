import type { EvidenceBundle } from '../evidence';
import type { IncidentView } from '../incident-view';
import { clip, plainText } from '../plain-text';
import { redact } from '../redact';
import { cardOf } from './card';
import type { IncidentCard } from './card';
import { confirmationOf, confirmedCause, remediesOf } from './confirmed';
import type { Confirmation, Remedy, RoundOutcome } from './confirmed';

/** What is learnt from a resolved incident whose end was confirmed. Times are ISO 8601. */
export interface Lesson {
  readonly card: IncidentCard;
  readonly title: string;
  readonly openedAt: string;
  readonly resolvedAt: string;
  readonly confirmedBy: Confirmation;
  readonly remedies: readonly Remedy[];
  /** How it ended, in the words of the measurement or of the person. */
  readonly summary: string;
}

const LONGEST = 300;

/** What is learnt from an incident; undefined where nobody confirmed how it ended. Its card names a cause only where a measured recovery speaks for it. */
export function lessonOf(view: IncidentView, outcomes: readonly RoundOutcome[], bundle: EvidenceBundle | undefined): Lesson | undefined {
  const confirmedBy = confirmationOf(view);
  if (confirmedBy === undefined) return undefined;
  const said = (text: string): string => clip(plainText(redact(text)), LONGEST);
  return {
    card: cardOf(view, bundle, confirmedCause(view, outcomes) ?? 'undetermined'),
    title: said(view.title),
    openedAt: view.openedAt,
    resolvedAt: view.resolvedAt ?? view.updatedAt,
    confirmedBy,
    remedies: remediesOf(view, outcomes),
    summary: said(view.outcome?.summary ?? ''),
  };
}
