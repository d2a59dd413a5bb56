import type { IncidentReason, IncidentView } from '../incident-view';
import type { Condition } from './condition';
import { UNSTEADY_CHANGES, type FlappingRule } from './flapping';
import { incidentSilence, silenceText, waitsForEnd, type ReadySilence } from './silence';

/** What becomes of a message about an incident. `hold` is the id of the silence, or `unsteady`. */
export type Fate =
  { readonly kind: 'send' } | { readonly kind: 'drop' } | { readonly kind: 'hold'; readonly hold: string; readonly until: number; readonly why: string };

/** Held until it is clear whether an alert that came back flaps. */
export const UNSTEADY = 'unsteady';

/** What repeats with every change of an alert. Requests to decide, and what a person or a remedy brought about, are no such thing. */
const REPEATED: ReadonlySet<IncidentReason> = new Set(['relapsed', 'escalated', 'no-action', 'suggested', 'reminder']);
/** News of an alert that came back. */
const NEWS: ReadonlySet<IncidentReason> = new Set(['relapsed', 'escalated', 'no-action']);

/** What the fate of a message depends on. */
export interface MessageFacts {
  readonly silences: readonly ReadySilence[];
  /** What the gate keeps of conditions of the incident's service. */
  readonly conditions: readonly Condition[];
  readonly rule: FlappingRule;
}

/** What becomes of a message: silent ones wait for the end, those of an alert that flaps are in the one message about that. */
export function fateOf(view: IncidentView, reason: IncidentReason, { silences, conditions, rule }: MessageFacts, now: number): Fate {
  const silence = waitsForEnd(reason) ? incidentSilence(silences, view, now) : undefined;
  if (silence) return { kind: 'hold', hold: silence.id, until: silence.endsAt, why: silenceText(silence) };
  if (!REPEATED.has(reason) || view.remediation !== undefined) return { kind: 'send' };
  const firing = conditionsOf(view, conditions);
  if (firing.length === 0) return { kind: 'send' };
  if (firing.every((one) => one?.flapping)) return { kind: 'drop' };
  const unsteady = rule.enabled && NEWS.has(reason) && firing.every((one) => one && isUnsteady(one, rule, now));
  if (!unsteady || rule.settleMs === 0) return { kind: 'send' };
  return { kind: 'hold', hold: UNSTEADY, until: now + rule.settleMs, why: 'It came back; whether it flaps is seen soon.' };
}

/** What is remembered of each condition that fires in an incident, where there is anything. */
export function conditionsOf({ alerts }: Pick<IncidentView, 'alerts'>, conditions: readonly Condition[]): readonly (Condition | undefined)[] {
  return alerts
    .filter((note) => note.status === 'firing')
    .map((note) =>
      conditions.find(
        (one) => one.fingerprint === note.fingerprint && one.source === note.source && (note.joined === undefined || one.service === note.service),
      ),
    );
}

function isUnsteady({ flapping, changes }: Condition, rule: FlappingRule, now: number): boolean {
  return flapping !== undefined || changes.filter((at) => now - at < rule.withinMs).length >= UNSTEADY_CHANGES;
}
