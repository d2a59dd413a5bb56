import type { Alert } from '../alert';
import type { Service } from '../inventory';
import { limitSeverity } from '../limit-severity';
import { SEVERITIES } from '../names';
import type { Severity } from '../names';
import { utcTime } from '../human-time';
import type { ConditionStep } from './condition';
import { anomalyId, anomalyText, seriesKey } from './anomaly-record';
import { measureText, relatedText, valueText } from './measure-text';
import { SATURATION } from './measures';
import type { JudgedMeasure } from './service-watch';

const NAMES: Readonly<Record<string, string>> = {
  errorShare: 'ErrorShareUnusual',
  up: 'AnswersMissing',
  latencyP95Ms: 'LatencyUnusual',
  rate: 'TrafficUnusual',
};

/** Below this share of the expected requests a service serves nobody. */
const SILENT = 0.1;

/** The alert of a condition that began or ended on a measure; the same condition always has the same id. `related` are other measures that are unusual in the same row. */
export function conditionAlert(
  service: Pick<Service, 'name' | 'environment' | 'tier'>,
  seen: JudgedMeasure,
  event: NonNullable<ConditionStep['event']>,
  related: readonly string[],
): Alert {
  const { measure, value, band } = seen;
  const series = seriesKey({ environment: service.environment, service: service.name, measure });
  const fingerprint = `anomaly:${series}`;
  const startsAt = new Date(event.since).toISOString();
  const status = event.kind === 'begins' ? 'firing' : 'resolved';
  return {
    id: `${fingerprint}:${startsAt}:${status}`,
    fingerprint,
    status,
    source: 'detector',
    environment: service.environment,
    service: service.name,
    name: NAMES[measure] ?? (measure.startsWith(SATURATION) ? 'SaturationUnusual' : 'SeriesUnusual'),
    severity: severityOf(service, seen),
    summary: `${service.name}: ${textOf(seen, event, related)}`,
    startsAt,
    ...(event.kind === 'ends' && { endsAt: new Date(event.at).toISOString() }),
    signal: signalOf(seen),
    ...(value !== null && { value }),
    ...(band && { threshold: value !== null && value < band.expected ? band.low : band.high }),
    labels: {},
    ...(event.kind === 'begins' && seen.anomaly && { anomaly: anomalyId(series, seen.anomaly.at) }),
  };
}

/** The end of a condition of which no data comes any more, marked so that it heals nothing: `since` and `at` are its times, `last` that of the last value. */
export function noDataAlert(
  service: Pick<Service, 'name' | 'environment' | 'tier'>,
  measure: string,
  { since, last, at }: { readonly since: number; readonly last: number; readonly at: number },
): Alert {
  const seen: JudgedMeasure = { measure, value: null, score: 0, threshold: 1, band: undefined, effect: 0, anomaly: undefined };
  const ended = conditionAlert(service, seen, { kind: 'ends', since, at }, []);
  return {
    ...ended,
    noData: true,
    summary: `${service.name}: no data of ${measureText(measure)} comes any more, the last was of ${utcTime(last)}; whether it is well is not known`,
  };
}

function textOf(seen: JudgedMeasure, event: NonNullable<ConditionStep['event']>, related: readonly string[]): string {
  const { measure, value, anomaly, band } = seen;
  if (event.kind === 'ends') return `the ${measureText(measure)} is as expected again since ${utcTime(event.at)}`;
  if (anomaly) return `${anomalyText({ label: measureText(measure), measure, anomaly })}${relatedText(related)}`;
  const expected = band ? `${valueText(measure, band.low)} to ${valueText(measure, band.high)}` : 'what is expected';
  return `${measureText(measure)}: ${value === null ? 'nothing' : valueText(measure, value)} is outside ${expected} again since ${utcTime(event.since)}.`;
}

/** What verification and diagnosis look at; traffic that all but stays away is silence. */
function signalOf({ measure, value, band }: JudgedMeasure): string {
  if (measure === 'up') return 'silence';
  if (measure === 'rate') return value !== null && band && value < SILENT * band.expected ? 'silence' : 'rate';
  return measure.startsWith(SATURATION) ? 'saturation' : measure;
}

/** More traffic, a fuller resource or another series than usual is a warning, one step milder than trouble that users feel. */
const FELT: ReadonlySet<string> = new Set(['errorShare', 'latencyP95Ms', 'silence']);

function severityOf({ tier }: Pick<Service, 'tier'>, seen: JudgedMeasure): Severity {
  const signal = signalOf(seen);
  const felt = limitSeverity(tier, signal, seen.value ?? undefined);
  if (FELT.has(signal)) return felt;
  return SEVERITIES[SEVERITIES.indexOf(felt) + 1] ?? 'sev4';
}
