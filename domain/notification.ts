import type { Alert } from './alert';
import type { IncidentReason, IncidentView, NotificationReason } from './incident-view';
import type { ServicePlace } from './ownership';

/** A notification as it waits in the outbox. `id` is the same on every retry. */
export type Notification = IncidentNotification | AlertsNotification | HeartbeatNotification;

/** An anomaly of an incident as a notification carries it. Pictures that are too large are left out. */
export interface AnomalyNews {
  readonly id: string;
  /** What is wrong, in one sentence of plain text. */
  readonly text: string;
  readonly svg?: string;
  /** In base64. */
  readonly png?: string;
  /** Where the API has it, for callers with a key. */
  readonly links?: { readonly anomaly: string; readonly svg: string; readonly png: string };
}

/** Tells of an incident. */
export interface IncidentNotification {
  readonly id: string;
  readonly incidentId: string;
  readonly reason: IncidentReason;
  readonly round: number;
  /** ISO 8601. */
  readonly at: string;
  readonly view: IncidentView;
  /** What our detector saw, at most 3; filled in when it is sent. */
  readonly anomalies?: readonly AnomalyNews[];
}

/** Tells of accepted alerts that are in no incident, which hold all that is known. */
export interface AlertsNotification {
  readonly id: string;
  readonly reason: 'undelivered';
  /** ISO 8601. */
  readonly at: string;
  readonly alerts: readonly Alert[];
  /** What holds them up, as a sentence. */
  readonly why: string;
}

/** Says that a synthetic alert has come all the way; `at` is when it went in, ISO 8601. */
export interface HeartbeatNotification {
  readonly id: string;
  readonly reason: 'heartbeat';
  readonly at: string;
}

/** What a notification is about: those about the same are sent in order. */
export function subjectOf(notification: Notification): string {
  return 'incidentId' in notification ? notification.incidentId : notification.reason;
}

/** What tells that Nightshift itself is in trouble goes to everybody where no channel asks for it. */
const OWN_TROUBLE: ReadonlySet<NotificationReason> = new Set(['undelivered', 'stalled']);

/** What is done without an answer must reach somebody who can stop it: where no channel asks for it, it goes to all. */
const UNASKED: ReadonlySet<NotificationReason> = new Set(['veto', 'acting']);

/** A channel that asks for the one gets the other too, as both are of a remedy that waits, or that begins. */
const LIKEWISE: Partial<Readonly<Record<NotificationReason, NotificationReason>>> = { veto: 'proposed', acting: 'approved', joined: 'opened' };

/** What halts everything is told to everybody, whichever service it began with. */
const FOR_ALL: ReadonlySet<NotificationReason> = new Set(['brake']);

/** The id of what an incident tells in a round for a reason that it tells once in it. */
export function notificationId(incidentId: string, round: number, reason: IncidentReason): string {
  return [incidentId, round, reason].join('/');
}

/** What decides who takes a message: the reasons that a channel lists, and the services that it serves; all where it says nothing. */
export interface Taker {
  readonly on?: readonly NotificationReason[] | undefined;
  readonly serves?: ((place: ServicePlace) => boolean) | undefined;
}

/** A service, and those whose alerts joined its incident. */
export interface IncidentPlace extends ServicePlace {
  readonly joined?: readonly { readonly service: string }[] | undefined;
}

/**
 * The channels that take a reason: those that name it, and those that name none. Of a service's channels where it has some, and of those that joined; where none of those takes the reason, of all, so that
 * a channel that only wants to hear of beginnings does not keep an escalation from everybody.
 */
export function takers<C extends Taker>(reason: NotificationReason, channels: readonly C[], place?: IncidentPlace): readonly C[] {
  const reasons = [reason, LIKEWISE[reason] ?? reason];
  const takes = ({ on }: C): boolean => on === undefined || reasons.some((each) => on.includes(each));
  const serves = ({ serves }: C, places: readonly ServicePlace[]): boolean => places.some((each) => serves?.(each) ?? true);
  const others = place?.joined?.map(({ service }) => ({ environment: place.environment, service })) ?? [];
  // Those of the incident's own service know of it.
  if (reason === 'joined') return channels.filter((channel) => takes(channel) && serves(channel, others) && !(place && serves(channel, [place])));
  const own = place === undefined || FOR_ALL.has(reason) ? [] : channels.filter((channel) => takes(channel) && serves(channel, [place, ...others]));
  const wanted = own.length > 0 ? own : channels.filter(takes);
  return wanted.length === 0 && (OWN_TROUBLE.has(reason) || UNASKED.has(reason)) ? channels : wanted;
}
