import { severityOfWord } from '../../domain/alert-intake';
import { defined } from '../../domain/defined';
import type { PastPage, Span, Where } from '../../domain/lookback/facts';
import type { Severity } from '../../domain/names';
import { digestId } from '../../domain/outside-text';
import { ENVIRONMENT_LABELS, SERVICE_LABELS, valuesOf } from '../../domain/sources/names';
import type { Series } from './past-api';

/** Alerts that are made to fire for ever, so that somebody notices when they stop. */
const HEARTBEATS = ['Watchdog', 'DeadMansSwitch', 'InfoInhibitor'];
/** Without the time of its activation, an alert that was silent for so long has ended. */
const GAP_MS = 5 * 60_000;

/** What is read of the series of alerts. */
export interface AlertSeries {
  /** `ALERTS{alertstate="firing"}` and `ALERTS_FOR_STATE`, whose value is when the condition began to hold, epoch seconds. */
  readonly firing: readonly Series[];
  readonly since: readonly Series[];
  readonly stepMs: number;
}

/**
 * Pages of the series that Prometheus writes of its alerts: one for each time a condition began to hold. A page of two days has a piece in each, with one id. Nothing is known
 * better than `stepMs`. https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
 */
export function pagesOfSeries({ firing, since, stepMs }: AlertSeries, span: Span, severities: readonly Severity[]): PastPage[] {
  const began = new Map(since.map(({ labels, points }) => [keyOf(labels), new Map(points)]));
  return firing
    .filter(({ labels }) => isPage(labels, severities))
    .flatMap(({ labels, points }) => {
      const key = keyOf(labels);
      return pieces(points, began.get(key) ?? new Map(), stepMs).map((piece) => pageOf(labels, key, piece, { span, stepMs }));
    });
}

/** Whether alerts with these labels page: heartbeats do not, nor severities that were not asked for. */
export function isPage(labels: Readonly<Record<string, string>>, severities: readonly Severity[]): boolean {
  const word = labels['severity'];
  if (word === 'none' || HEARTBEATS.includes(labels['alertname'] ?? '')) return false;
  return severities.includes((word === undefined ? undefined : severityOfWord(word)) ?? 'sev3');
}

/** Where an alert is, by the labels that Alertmanager's messages are read by. */
export function whereOf(labels: Readonly<Record<string, string>>): Where {
  const names = valuesOf(labels, SERVICE_LABELS).filter((name) => name !== undefined);
  const environment = valuesOf(labels, ENVIRONMENT_LABELS).find((name) => name !== undefined);
  return defined({ names, resources: [], environment, region: labels['region'] });
}

interface Piece {
  readonly first: number;
  readonly last: number;
  readonly since: number | undefined;
}

function pieces(points: Series['points'], began: ReadonlyMap<number, number>, stepMs: number): Piece[] {
  const found: Piece[] = [];
  for (const [at] of points) {
    const seconds = began.get(at);
    const since = seconds === undefined ? undefined : seconds * 1000;
    const before = found.at(-1);
    const same = before && (since === undefined || before.since === undefined ? at - before.last <= Math.max(GAP_MS, 2 * stepMs) : since === before.since);
    if (before && same) found[found.length - 1] = { ...before, last: at };
    else found.push({ first: at, last: at, since });
  }
  return found;
}

function pageOf(labels: Series['labels'], key: string, { first, last, since }: Piece, { span, stepMs }: { span: Span; stepMs: number }): PastPage {
  const { alertname = '', severity, __name__: _name, alertstate: _state, ...others } = labels;
  const end = last + stepMs >= span.to ? undefined : last + stepMs;
  return defined({
    ...{ kind: 'page' as const, id: digestId('pg', [key, since ?? first]), condition: digestId('alertmanager', [key]), source: 'alertmanager' },
    ...{ name: alertname, severity, labels: others, begin: first, end, since, where: whereOf(labels) },
  });
}

/** Labels as text, without what tells one of the two series from the other. */
function keyOf({ __name__: _name, alertstate: _state, ...labels }: Series['labels']): string {
  return JSON.stringify(Object.entries(labels).sort());
}
