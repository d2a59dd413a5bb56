import type { AlertNote } from './alert';
import type { Triage } from './diagnosis';
import type { Service } from './inventory';
import { AS_GOOD_AS_DOWN, limitSeverity } from './limit-severity';
import { ERROR_LINES } from './log-watch/log-alerts';
import type { WindowStats } from './metrics';
import { SEVERITIES } from './names';
import { clip, plainText } from './plain-text';
import { headlineOf, isForetold, isPrediction } from './prediction/foretold';
import { DEFAULT_TRIAGE } from './triage-rules';
import type { TriageFacts, TriageRules } from './triage-rules';
import { judgeSeverity } from './triage-severity';
import type { FirstSeverity } from './triage-severity';
import { latency, percent } from './wording';

const MOST_ROUTES = 3;
const NAME_LENGTH = 60;

/** What severities are decided by besides: `rules` are the defaults where absent, `at` is the time now in epoch milliseconds. Without rules nothing asks for a place. */
export interface TriagePlace {
  readonly environment: string;
  readonly rules?: TriageRules | undefined;
  readonly at: number;
}

/**
 * How bad an incident is and for whom: the worst severity of its alerts, made worse where the measurement says that the service is as good as down, and what declared rules make of
 * impact and urgency. Where all is prediction and the service is not down, it says what is to come. `service` is absent for an unknown one, `now` where nothing was measured.
 */
export function triage(name: string, service: Service | undefined, alerts: readonly AlertNote[], now: WindowStats | null, place?: TriagePlace): Triage {
  const counted = countedOf(alerts);
  const down = service !== undefined && now !== null && (now.upShare === 0 || (now.errorShare ?? 0) >= AS_GOOD_AS_DOWN);
  const foretold = isForetold(counted) && !down;
  const facts: TriageFacts = {
    ...{ environment: place?.environment ?? '', service: name, tier: service?.tier, alerts: counted, down, foretold, at: place?.at ?? 0 },
    ...{ errorShare: now?.errorShare ?? null, failedRequests: now?.errors ?? null },
  };
  const judged = judgeSeverity(place?.rules ?? DEFAULT_TRIAGE, firstSeverity(service, counted, down ? now : null), facts);
  const [first] = counted;
  if (first && foretold) return { ...judged, title: headlineOf(first), affected: `nobody yet; users of ${name} when it comes` };
  const real = counted.filter((alert) => !isPrediction(alert));
  return { ...judged, title: title(name, real, now), affected: affected(name, now) };
}

/** Alerts that fire, or all where none does. */
function countedOf(alerts: readonly AlertNote[]): readonly AlertNote[] {
  const firing = alerts.filter((a) => a.status === 'firing');
  return firing.length > 0 ? firing : alerts;
}

/** The worst that an alert says; only "as good as down" is a reason of its own to raise it. */
function firstSeverity(service: Service | undefined, alerts: readonly AlertNote[], down: WindowStats | null): FirstSeverity {
  const [worst] = [...alerts].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const told: FirstSeverity = worst
    ? { severity: worst.severity, says: `the alert ${clip(plainText(worst.name), NAME_LENGTH)} says ${worst.severity}` }
    : { severity: 'sev4', says: 'no alert says how bad it is' };
  if (!service || !down) return told;
  const silent = down.upShare === 0;
  const seen = silent ? limitSeverity(service.tier, 'silence') : limitSeverity(service.tier, 'errorShare', down.errorShare ?? 0);
  if (SEVERITIES.indexOf(seen) > SEVERITIES.indexOf(told.severity)) return told;
  return { severity: seen, says: silent ? `${service.name} does not answer` : `${percent(down.errorShare)} of requests fail` };
}

function title(name: string, alerts: readonly AlertNote[], now: WindowStats | null): string {
  const signals = new Set(alerts.map((a) => a.signal));
  if (now?.upShare === 0) return `${name} does not answer`;
  if (signals.has('silence')) return `${name} serves no requests`;
  if (now && (signals.has('errorShare') || alerts.length === 0) && now.errorShare !== null) return `${name}: ${percent(now.errorShare)} of requests fail`;
  if (now && signals.has('latencyP95Ms') && now.latencyP95Ms !== null) return `${name}: p95 latency is ${latency(now.latencyP95Ms)}`;
  if (signals.has(ERROR_LINES) && signals.size === 1) return `${name} writes unusual error lines`;
  return alerts[0] ? `${name}: ${alerts[0].name}` : `${name} has trouble`;
}

function affected(name: string, now: WindowStats | null): string {
  if (!now || now.upShare === null) return `users of ${name}; how many is not measured`;
  if (now.upShare === 0) return `all users of ${name}`;
  const routes = Object.entries(now.routes)
    .filter(([, r]) => r.errors > 0)
    .sort(([a, x], [b, y]) => y.errors - x.errors || (a < b ? -1 : 1));
  if (routes.length === 0) return `users of ${name}; ${now.requests} requests measured, none failed`;
  const shown = routes.slice(0, MOST_ROUTES).map(([route, r]) => `${route} (${r.errors} of ${r.requests} failed)`);
  const more = routes.length > MOST_ROUTES ? ` and ${routes.length - MOST_ROUTES} more` : '';
  return `users of ${shown.join(', ')}${more}`;
}
