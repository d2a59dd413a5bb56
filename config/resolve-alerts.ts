import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { formatDuration } from '../domain/duration';
import type { AlertMatch } from '../domain/quiet/match';
import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { ConfigSource } from './schema';
import type { Secrets } from './secrets';
import type { AlertsConfig } from './types';

type AlertsSource = NonNullable<ConfigSource['alerts']>;
type MatchSource = NonNullable<AlertsSource['conditions']>[number]['match'];

/** What is held back between inbox and workflows, with defaults filled in. */
export function resolveAlerts(source: AlertsSource = {}, { alerts }: Defaults, secrets: Secrets): AlertsConfig {
  const { conditions = [], flapping = {}, maintenance = [], silences = {} } = source;
  const { enabled, changes, within, calm, settle } = flapping;
  return {
    conditions: conditions.map((rule) =>
      defined({
        match: matchOf(rule.match),
        except: rule.except && matchOf(rule.except),
        require: rule.require && { count: rule.require.count, withinMs: rule.require.within },
        settleMs: rule.settle,
      }),
    ),
    flapping: overlay(alerts.flapping, { enabled, changes, withinMs: within, calmMs: calm, settleMs: settle }),
    maintenance: maintenance.map((window) => ({ ...window, match: matchOf(window.match ?? {}) })),
    longestSilenceMs: silences.longest ?? alerts.longestSilenceMs,
    alertmanagers: (silences.alertmanager ?? []).map(({ url, every, timeout, token }, i) =>
      defined({
        url: url.replace(/\/+$/, ''),
        everyMs: every ?? alerts.alertmanager.everyMs,
        timeoutMs: timeout ?? alerts.alertmanager.timeoutMs,
        token: token && secrets.read(token, `alerts.silences.alertmanager.${String(i)}.token`),
      }),
    ),
  };
}

/** What does not fit together in it. */
export function alertProblems({ maintenance, longestSilenceMs, alertmanagers }: AlertsConfig): Problem[] {
  const names = maintenance.map(({ name }) => name);
  const urls = alertmanagers.map(({ url }) => url);
  return [
    ...names.flatMap((name, i) =>
      names.indexOf(name) < i ? [{ path: `alerts.maintenance.${String(i)}.name`, message: `${name} is used twice; give each window its own name` }] : [],
    ),
    ...maintenance.flatMap(({ from, to }, i) =>
      Date.parse(`${to}Z`) - Date.parse(`${from}Z`) > longestSilenceMs
        ? [
            {
              path: `alerts.maintenance.${String(i)}.to`,
              message: `lies more than ${formatDuration(longestSilenceMs)} after from; alerts.silences.longest allows no more`,
            },
          ]
        : [],
    ),
    ...urls.flatMap((url, i) =>
      urls.indexOf(url) < i ? [{ path: `alerts.silences.alertmanager.${String(i)}.url`, message: `${url} is read already; remove one` }] : [],
    ),
  ];
}

function matchOf(match: MatchSource): AlertMatch {
  return defined(match);
}
