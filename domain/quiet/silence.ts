import type { Alert } from '../alert';
import type { IncidentReason, IncidentView } from '../incident-view';
import { labelTest, type LabelMatcher } from './label-matcher';
import { matches, matchText, type AlertMatch, type Matched } from './match';

/** Who made a silence: a person by the API, another system that it is read from (a silence of Alertmanager, a mute rule of CloudWatch), or the configuration (a maintenance window). */
export const SILENCE_ORIGINS = ['person', 'alertmanager', 'cloudwatch', 'maintenance'] as const;
/** Who made a silence. */
export type SilenceOrigin = (typeof SILENCE_ORIGINS)[number];

/** A time in which some alerts page nobody and nothing is done about them. Times are epoch milliseconds; its end is not part of it. */
export interface Silence {
  readonly id: string;
  readonly origin: SilenceOrigin;
  readonly match: AlertMatch;
  /** Of an imported one, beside `match`. */
  readonly matchers?: readonly LabelMatcher[];
  /** Person or team that answers for it. */
  readonly owner: string;
  readonly reason: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Where it was read from. */
  readonly from?: string;
}

/** A silence that is ready to be asked. */
export interface ReadySilence {
  readonly silence: Silence;
  readonly fits: (of: Matched) => boolean;
}

/** What sends even while it is silent: these are about Nightshift's own brakes, or somebody broke the glass. */
const LOUD: ReadonlySet<IncidentReason> = new Set(['break-glass', 'brake', 'stalled', 'veto', 'acting']);

/** Makes a silence ready. Throws an Error that says why a regular expression of it cannot be used. */
export function readySilence(silence: Silence): ReadySilence {
  const { match, matchers } = silence;
  const labels = matchers && labelTest(matchers);
  return { silence, fits: (of) => matches(match, of) && (labels?.(of) ?? true) };
}

/** Of the silences in force at `now` that fit, the one that ends last. */
export function silencing(silences: readonly ReadySilence[], of: Matched, now: number): Silence | undefined {
  let last: Silence | undefined;
  for (const { silence, fits } of silences) {
    if (silence.startsAt <= now && now < silence.endsAt && silence.endsAt > (last?.endsAt ?? 0) && fits(of)) last = silence;
  }
  return last;
}

/** The silence of a whole incident: every condition that fires is silent (every one that it had, when none fires); the one that ends first counts. */
export function incidentSilence(silences: readonly ReadySilence[], view: IncidentView, now: number): Silence | undefined {
  if (silences.length === 0) return undefined;
  const firing = view.alerts.filter((note) => note.status === 'firing');
  const found = (firing.length > 0 ? firing : view.alerts).map((note) => {
    const { environment } = view;
    const { source, name: title, severity, service = view.service } = note;
    return silencing(silences, { source, environment, service, title, severity }, now);
  });
  const all = found.flatMap((each) => each ?? []);
  return all.length < found.length ? undefined : all.sort((a, b) => a.endsAt - b.endsAt)[0];
}

/** Does a message of an incident wait for the end of a silence? */
export function waitsForEnd(reason: IncidentReason): boolean {
  return !LOUD.has(reason);
}

/** What a silence asks of an alert. */
export function matchedOf({ source, service, environment, name, severity, labels }: Alert): Matched {
  return { source, service, environment, title: name, severity, labels };
}

/** Why something is held, in one line. */
export function silenceText({ origin, owner, reason, endsAt }: Silence): string {
  const what = { person: 'A silence', alertmanager: 'A silence of Alertmanager', cloudwatch: 'A mute of CloudWatch', maintenance: 'A maintenance window' }[
    origin
  ];
  return `${what} of ${owner} holds until ${new Date(endsAt).toISOString()}: ${reason}`;
}

/** What a silence is about, in one line. */
export function silenceScope({ match, matchers }: Silence): string {
  if (!matchers) return matchText(match);
  return matchers.map(({ name, value, isRegex, isEqual }) => `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}${value}`).join(', ');
}
