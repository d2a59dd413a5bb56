import { compareText } from '../compare';
import type { IncidentCard } from './card';
import type { Confirmation, Remedy } from './confirmed';
import type { Lesson } from './lesson';
import { cardComparer } from './similarity';
import type { Likeness, SharedField } from './similarity';
import type { Field } from './terms';

/** A past incident that is like another one, why, and what helped then. Times are ISO 8601. */
export interface SimilarIncident {
  readonly incidentId: string;
  readonly environment: string;
  readonly service: string;
  readonly title: string;
  readonly resolvedAt: string;
  /** 0 to 1; a ranking, not a probability. */
  readonly score: number;
  /** In words, strongest first. */
  readonly because: readonly string[];
  /** Only where a measured recovery speaks for it. */
  readonly cause?: IncidentCard['cause'];
  readonly confirmedBy: Confirmation;
  readonly helped: readonly Remedy[];
  readonly didNotHelp: readonly Remedy[];
  readonly summary: string;
}

/** How near the meanings of texts are, by the incident: cosine of their embeddings, -1 to 1. */
export interface Meaning {
  readonly model: string;
  readonly cosines: ReadonlyMap<string, number>;
}

/** Lessons that an incident is compared with: the newest of them. Comparing so many takes some tenths of a second, in which the process does nothing else. */
export const NEWEST_LESSONS = 2_000;

/** Below that the best is still a stranger. */
const LEAST_SCORE = 0.3;
/** One thing in common, such as the service, makes no two incidents alike. */
const LEAST_FIELDS = 2;
/** Log lines can be written by outsiders, and every service is deployed: these alone make no two incidents alike. */
const WEAK: readonly Field[] = ['logs', 'changes'];
const MOST_WORDS = 5;

/** Past incidents that are like a card, the most alike first and of equals the newer one; never the incident itself. */
export function rankSimilar(card: IncidentCard, lessons: readonly Lesson[], most: number, meaning?: Meaning): readonly SimilarIncident[] {
  const others = lessons.filter((lesson) => lesson.card.incidentId !== card.incidentId);
  const comparer = cardComparer(others.map((lesson) => lesson.card));
  return others
    .map((lesson) => {
      const likeness = comparer.compare(card, lesson.card);
      const cosine = meaning?.cosines.get(lesson.card.incidentId);
      const score = cosine === undefined ? likeness.score : (likeness.score + Math.max(0, cosine)) / 2;
      return { lesson, likeness, cosine, score };
    })
    .filter(
      ({ likeness, score }) => score >= LEAST_SCORE && likeness.shared.length >= LEAST_FIELDS && likeness.shared.some(({ field }) => !WEAK.includes(field)),
    )
    .sort(
      (a, b) => b.score - a.score || compareText(b.lesson.resolvedAt, a.lesson.resolvedAt) || compareText(a.lesson.card.incidentId, b.lesson.card.incidentId),
    )
    .slice(0, most)
    .map(({ lesson, likeness, cosine, score }) => ({
      ...shown(lesson),
      score: Math.round(score * 1000) / 1000,
      because: [
        ...reasons(likeness, card, lesson.card),
        ...(meaning && cosine !== undefined ? [`its text means much the same: ${cosine.toFixed(2)} by ${meaning.model}`] : []),
      ],
    }));
}

function shown({ card, title, resolvedAt, confirmedBy, remedies, summary }: Lesson): Omit<SimilarIncident, 'score' | 'because'> {
  const { incidentId, environment, service, cause } = card;
  return {
    ...{ incidentId, environment, service, title, resolvedAt, confirmedBy, summary },
    ...(cause === undefined ? {} : { cause }),
    helped: remedies.filter(({ helped }) => helped),
    didNotHelp: remedies.filter(({ helped }) => !helped),
  };
}

function reasons({ shared }: Likeness, card: IncidentCard, past: IncidentCard): readonly string[] {
  return shared.map((each) => REASONS[each.field](each, card, past));
}

const both = (a: readonly string[], b: readonly string[]): readonly string[] => a.filter((text) => b.includes(text));
const list = (texts: readonly string[]): string => texts.slice(0, MOST_WORDS).join(', ');

const REASONS: Readonly<Record<Field, (shared: SharedField, card: IncidentCard, past: IncidentCard) => string>> = {
  service: (_shared, card) => `the same service, ${card.service}`,
  cause: (_shared, card) => `the same cause, ${card.cause ?? 'undetermined'}`,
  alerts: ({ terms }, card, past) => {
    const same = both(card.alerts, past.alerts);
    return same.length > 0 ? `the same alert, ${list(same)}` : `alerts of the same words, ${list(terms.filter((term) => !term.startsWith('=')))}`;
  },
  logs: ({ terms }, card, past) => {
    const same = both(card.logs, past.logs);
    return same.length > 0 ? `the same log line, "${same[0] ?? ''}"` : `log lines of the same words, ${list(terms)}`;
  },
  changes: (_shared, card, past) => `the same kind of change before, ${list(both(card.changes, past.changes))}`,
  signs: (_shared, card, past) => `the same sign, ${list(both(card.signs, past.signs))}`,
};
