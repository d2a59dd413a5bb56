import type { AlertNote } from './alert';
import type { Triage } from './diagnosis';
import type { Service } from './inventory';
import { AS_GOOD_AS_DOWN, limitSeverity } from './limit-severity';
import { ERROR_LINES } from './log-watch/log-alerts';
import type { WindowStats } from './metrics';
import { SEVERITIES, type Severity } from './names';
import { headlineOf, isForetold, isPrediction } from './prediction/foretold';
import { latency, percent } from './wording';

const MOST_ROUTES = 3;

/**
 * How bad an incident is and for whom: the worst severity of its alerts, made worse where the measurement says that the service is as good as down. Where all is prediction and the
 * service is not down, it says what is to come. `service` is absent for an unknown one, `now` where nothing was measured.
 */
export function triage(name: string, service: Service | undefined, alerts: readonly AlertNote[], now: WindowStats | null): Triage {
  const firing = alerts.filter((a) => a.status === 'firing');
  const counted = firing.length > 0 ? firing : alerts;
  const told = counted.map((a) => SEVERITIES.indexOf(a.severity)).reduce((a, b) => Math.min(a, b), SEVERITIES.length - 1);
  const seen = measured(service, now);
  const severity = SEVERITIES[Math.min(told, seen)] ?? 'sev4';
  const [first] = counted;
  if (first && isForetold(counted) && seen === SEVERITIES.length - 1) {
    return { severity, title: headlineOf(first), affected: `nobody yet; users of ${name} when it comes` };
  }
  const real = counted.filter((alert) => !isPrediction(alert));
  return { severity, title: title(name, real, now), affected: affected(name, now) };
}

function measured(service: Service | undefined, now: WindowStats | null): number {
  if (!service || !now) return SEVERITIES.length - 1;
  const severity: Severity = now.upShare === 0 ? limitSeverity(service.tier, 'silence') : limitSeverity(service.tier, 'errorShare', now.errorShare ?? 0);
  // Only "as good as down" is a reason of its own to raise what the alerts say.
  return now.upShare === 0 || (now.errorShare ?? 0) >= AS_GOOD_AS_DOWN ? SEVERITIES.indexOf(severity) : SEVERITIES.length - 1;
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
