import { AWS_OPERATIONS } from './aws/calls';
import { callerOf } from './cloudtrail';
import type { TrailRecord } from './cloudtrail';

/** An intent as far as it is laid beside calls. */
export interface JoinedIntent {
  readonly token: string;
  readonly incidentId: string;
  readonly step: string;
  readonly target: string;
  readonly state: string;
  /** Epoch milliseconds. */
  readonly intendedAt: number;
}

/** A call as far as people need it. */
export interface JoinedCall {
  readonly id: string;
  readonly at: string;
  /** `ssm:StartAutomationExecution`. */
  readonly call: string;
  readonly by: string;
  /** `123456789012/eu-central-1`. */
  readonly where: string;
  /** Why AWS refused it. */
  readonly error?: string;
}

/** One line: an intent with a call of it, an intent that no call is known of, or a call in our name that no intent is known of. */
export interface JoinLine {
  readonly what: 'matched' | 'intent-only' | 'call-only';
  readonly intent?: JoinedIntent;
  readonly call?: JoinedCall;
}

/** Intents beside calls, by time, with what needs no line of its own. */
export interface Join {
  readonly lines: readonly JoinLine[];
  readonly matched: number;
  readonly intentOnly: number;
  readonly callOnly: number;
  /** Calls in our name that keep Nightshift's own parts (its queue, its bucket) and act on nothing. */
  readonly ownParts: number;
  /** Intents of targets that are not of AWS. */
  readonly elsewhere: number;
}

/** How intents and calls are laid beside each other. */
export interface JoinOptions {
  /** Times between which an intent must have a call, epoch milliseconds; intents before may still match. */
  readonly from: number;
  readonly to: number;
  /** Whether a role or the name of a session is ours. */
  readonly isOurs: (name: string) => boolean;
}

const UUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/gi;
const OWN_PARTS = new Set(
  AWS_OPERATIONS.filter(({ writes, roles }) => writes && !roles.includes('actuator')).map(({ client, operation }) => `${client}:${operation}`),
);

/** Lays the calls of some files of CloudTrail beside the intents of that time. A call belongs to an intent when its token stands anywhere in the request, or in who made it. */
export function joinCalls(intents: readonly JoinedIntent[], records: readonly TrailRecord[], { from, to, isOurs }: JoinOptions): Join {
  const byToken = new Map(intents.map((intent) => [folded(intent.token), intent]));
  const met = new Set<string>();
  const timed: { readonly at: number; readonly line: JoinLine }[] = [];
  let ownParts = 0;
  for (const record of distinct(records)) {
    const intent = intentOf(record, byToken);
    const call = callOf(record);
    if (intent) met.add(intent.token);
    else if (record.readOnly === true || !ours(record, isOurs)) continue;
    else if (OWN_PARTS.has(call.call)) {
      ownParts += 1;
      continue;
    }
    timed.push({ at: Date.parse(call.at), line: intent ? { what: 'matched', intent, call } : { what: 'call-only', call } });
  }
  const unmet = intents.filter(({ token, intendedAt }) => !met.has(token) && intendedAt >= from && intendedAt <= to);
  const lacking = unmet.filter(({ target }) => isOfAws(target));
  for (const intent of lacking) timed.push({ at: intent.intendedAt, line: { what: 'intent-only', intent } });
  const lines = timed.sort((a, b) => a.at - b.at).map(({ line }) => line);
  const count = (what: JoinLine['what']): number => lines.filter((line) => line.what === what).length;
  return {
    ...{ lines, matched: count('matched'), intentOnly: count('intent-only'), callOnly: count('call-only') },
    ...{ ownParts, elsewhere: unmet.length - lacking.length },
  };
}

/** CloudTrail may deliver a record twice. */
function distinct(records: readonly TrailRecord[]): Iterable<TrailRecord> {
  return new Map(records.map((record) => [record.eventID, record])).values();
}

function intentOf({ requestParameters, userIdentity }: TrailRecord, byToken: ReadonlyMap<string, JoinedIntent>): JoinedIntent | undefined {
  for (const text of textsIn([requestParameters, userIdentity])) {
    const whole = byToken.get(folded(text));
    if (whole) return whole;
    for (const [found] of text.matchAll(UUID)) {
      const intent = byToken.get(folded(found));
      if (intent) return intent;
    }
  }
  return undefined;
}

/** Some tokens of AWS hold no hyphen. */
function folded(token: string): string {
  return token.toLowerCase().replaceAll('-', '');
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) yield* textsIn(member);
}

function ours(record: TrailRecord, isOurs: JoinOptions['isOurs']): boolean {
  const { role, session } = callerOf(record);
  return (role !== undefined && isOurs(role)) || (session !== undefined && isOurs(session));
}

function isOfAws(target: string): boolean {
  return target.startsWith('aws/');
}

function callOf(record: TrailRecord): JoinedCall {
  const { eventID, eventTime, eventSource, eventName, awsRegion, recipientAccountId, errorCode } = record;
  return {
    ...{ id: eventID, at: eventTime, call: `${eventSource.replace(/\.amazonaws\.com(?:\.cn)?$/, '')}:${eventName}`, by: callerOf(record).name },
    where: `${recipientAccountId ?? 'unknown'}/${awsRegion}`,
    ...(errorCode === undefined ? {} : { error: errorCode }),
  };
}
