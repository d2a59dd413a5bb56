import type { DecisionProblem } from './approval';

/** What a person says to have mended an incident, as the door that knows the person wrote it. Times are ISO 8601. */
export interface Closing {
  readonly incidentId: string;
  /** Digest of the proposal that was there when the person closed it; a later one is another matter. */
  readonly proposal: string;
  /** Id of the runbook that the person carried out. */
  readonly runbook: string;
  /** What the person did, in words. */
  readonly what: string;
  readonly person: string;
  readonly at: string;
  /** Taken in after this time it confirms nothing, so that it cannot be kept for later. */
  readonly acceptBy: string;
}

/** A closing with the HMAC-SHA-256 (base64url) of its canonical JSON by the store's door key. */
export interface SignedClosing extends Closing {
  readonly signature: string;
}

/** A closing that the workflow took in, and when. */
export interface RecordedClosing extends SignedClosing {
  readonly acceptedAt: string;
}

const MEMBERS = ['incidentId', 'proposal', 'runbook', 'what', 'person', 'at', 'acceptBy', 'signature'] as const satisfies readonly (keyof SignedClosing)[];
const MOST_CHARACTERS = 1000;

/** Checks the shape of a signed closing, as anyone with access to Temporal can send anything. What it is worth is checked where its line is written. */
export function malformedClosing(value: unknown): DecisionProblem | undefined {
  if (value === undefined) return undefined;
  const said = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const wrong = MEMBERS.find((key) => {
    const text = said[key];
    return typeof text !== 'string' || text.length === 0 || text.length > MOST_CHARACTERS;
  });
  return wrong && { code: 'invalid_input', message: `A signed closing needs "${wrong}" as text of at most ${String(MOST_CHARACTERS)} characters.` };
}

/** A closing with its own members only, and when it was taken in. */
export function recordedClosing({ incidentId, proposal, runbook, what, person, at, acceptBy, signature }: SignedClosing, now: number): RecordedClosing {
  return { incidentId, proposal, runbook, what, person, at, acceptBy, signature, acceptedAt: new Date(now).toISOString() };
}
