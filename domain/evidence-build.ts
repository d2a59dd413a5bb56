import type { Change } from './change';
import type { LogAnomaly } from './log-templates/rates-types';
import type { AnomalyRecord } from './detection/anomaly-record';
import { anomalyText } from './detection/anomaly-record';
import type { EvidenceBundle, EvidenceFact, EvidenceItem } from './evidence';
import { buildFacts } from './evidence-builds';
import { provenanceOf } from './evidence-provenance';
import { incidentFacts, similarFacts, stepsAround, surroundingFacts } from './evidence-nearby';
import { fitEvidence, MOST_ITEMS } from './evidence-fit';
import type { RawEvidence, RawTarget } from './evidence-raw';
import { humanDuration } from './human-time';
import { logPatterns, ONSET_SLACK_MS } from './log-patterns';
import { sampleText } from './log-samples';
import { isHealthy } from './neighbour-health';
import { findOnset } from './onset';
import { isOwnChange } from './own-changes';
import type { WindowStats } from './metrics';
import { cleanText, personOf } from './outside-text';
import { clip } from './plain-text';
import { redact, redactDeep } from './redact';
import { fillings } from './saturation';
import { sampledSteps } from './topology/sampled-steps';
import type { StepSpan } from './topology/step-series';
import { seriesPoints, windowStats } from './windows';
import { percent } from './wording';

/** Most facts of one kind, so that none crowds out the others; with metrics, logs, no-change and what is missing they stay within the most items of a bundle. */
const MOST = {
  saturation: 4,
  changes: 6,
  furtherChanges: 4,
  neighbours: 5,
  releases: 5,
  missing: 6,
  anomalies: 4,
  unusualLines: 3,
  patterns: 12,
  releaseNames: 20,
  runbookNames: 8,
} as const;
const TEXT = { anomaly: 320, summary: 240, name: 120, reason: 240 } as const;
/** With less than this many steps after our own effect, the state now is not yet its doing alone. */
const LEAST_STEPS_AFTER_EFFECT = 3;

/** A fact with its title, before it has an id. */
type Fact = EvidenceFact & { readonly title: string };

/**
 * Turns what was gathered into facts with ids E01, E02, … in a stable order: failed builds, metrics, saturation, logs, changes, neighbours, releases, what is missing, the call graph with
 * the numbers of its services, anomalies, unusual lines, incidents nearby, similar ones, and runbooks. The same input gives the same bundle, within `MOST_ITEMS` and `MOST_BYTES`.
 */
export function buildEvidence(raw: RawEvidence): EvidenceBundle {
  const { lookbackMs, stepMs } = raw.settings;
  const wellSince = raw.wellSince ?? -Infinity;
  // A sender's clock may run ahead of ours.
  const firstAlertAt = Math.min(raw.firstAlertAt, raw.now);
  const onset = findOnset(seriesPoints(raw.samples, sampledFrom(raw, firstAlertAt - lookbackMs), firstAlertAt + stepMs, stepMs), firstAlertAt);
  const windows = windowsOf(raw, onset);
  const facts: Fact[] = [
    ...buildFacts(raw.failedBuilds ?? []),
    ...metricFacts(raw, windows),
    ...saturationFacts(raw, windows),
    ...logFacts({ ...raw, logs: raw.logs?.filter((line) => line.at >= wellSince) ?? null }, onset),
    // A series tells the onset to a step: what changed within the first bad step may have come before the trouble.
    ...changeFacts(raw, onset, Math.min(onset + stepMs, firstAlertAt)),
    ...neighbourFacts(raw, windows),
    ...raw.targets.slice(0, MOST.releases).map(releaseFact),
    ...missingFacts(raw, windows),
    ...graphFacts(raw, windows),
    // Last, as these are the ones that give way: the facts before say what was measured too.
    ...(raw.anomalies ?? []).slice(0, MOST.anomalies).map(anomalyFact),
    ...(raw.unusualLines ?? []).slice(0, MOST.unusualLines).map((each) => linesFact(raw.service, each)),
    ...(raw.around ? incidentFacts(raw.service, raw.around, onset) : []),
    ...similarFacts(raw.similar ?? []),
  ];
  const gatheredAt = new Date(raw.now).toISOString();
  // At the end, so that ids stand as they were without it, and with a place of its own.
  const runbooks = runbookFacts(raw);
  const items = [...facts.slice(0, MOST_ITEMS - runbooks.length), ...runbooks].map((fact, i): EvidenceItem => {
    const item: EvidenceItem = { id: `E${String(i + 1).padStart(2, '0')}`, ...fact };
    return { ...item, ...provenanceOf(item, gatheredAt) };
  });
  const { incidentId, round, environment, service } = raw;
  return fitEvidence({ incidentId, round, environment, service, gatheredAt, onset, items });
}

// No series begins before the first sample, however old an alert says it is, nor in a trouble that is over.
function sampledFrom(raw: RawEvidence, from: number): number {
  const first = raw.samples.reduce((earliest, s) => Math.min(earliest, s.at), raw.now);
  return Math.max(from, first - raw.settings.stepMs, raw.wellSince ?? -Infinity);
}

interface Windows {
  readonly baselineFrom: number;
  readonly onset: number;
  readonly nowFrom: number;
}

// After an effect of ours the state now is what followed it; mixed with what was before, a remedy would never show.
function windowsOf(raw: RawEvidence, onset: number): Windows {
  const own = (raw.changes ?? []).filter(isOwnChange).map((c) => Date.parse(c.at));
  const lastOwn = own.filter((at) => at <= raw.now - LEAST_STEPS_AFTER_EFFECT * raw.settings.stepMs).reduce((a, b) => Math.max(a, b), 0);
  const baselineFrom = Math.min(Math.max(onset - raw.settings.baselineMs, raw.wellSince ?? -Infinity), onset);
  return { baselineFrom, onset, nowFrom: Math.min(Math.max(onset, lastOwn, raw.now - raw.settings.baselineMs), raw.now) };
}

function metricFacts(raw: RawEvidence, windows: Windows): Fact[] {
  if (raw.samples.length === 0) return [];
  const baseline = scrubbed(windowStats(raw.samples, windows.baselineFrom, windows.onset));
  const now = scrubbed(windowStats(raw.samples, windows.nowFrom, raw.now));
  const series = seriesPoints(raw.samples, sampledFrom(raw, windows.baselineFrom), raw.now, raw.settings.stepMs);
  const title = `${raw.service}: ${percent(now.errorShare)} of requests fail, ${percent(baseline.errorShare)} before`;
  return [{ kind: 'metrics', title, service: raw.service, baseline, now, series }];
}

/** Names of routes and resources are values of labels, which may be of whoever sends a request. */
function scrubbed(stats: WindowStats): WindowStats {
  const named = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [cleanText(name, TEXT.name), value]));
  return { ...stats, routes: named(stats.routes), saturation: named(stats.saturation) };
}

function saturationFacts(raw: RawEvidence, windows: Windows): Fact[] {
  return fillings(raw.samples, windows.baselineFrom, windows.onset, raw.now)
    .sort((a, b) => b.now - a.now || (a.resource < b.resource ? -1 : 1))
    .slice(0, MOST.saturation)
    .map((each) => {
      const filling = { ...each, resource: cleanText(each.resource, TEXT.name) };
      const title = `${raw.service}: ${filling.resource} is ${percent(filling.now)} full, ${percent(filling.before)} before`;
      return { kind: 'saturation', title, service: raw.service, ...filling };
    });
}

function logFacts(raw: RawEvidence, onset: number): Fact[] {
  if (raw.logs === null) return [];
  const others = raw.knownServices.filter((name) => name !== raw.service);
  const patterns = logPatterns(raw.logs, onset, others, MOST.patterns);
  const fresh = patterns.filter((p) => p.isNew);
  const title = fresh[0]
    ? `${raw.service} logs ${fresh.length} new warning or error pattern${fresh.length > 1 ? 's' : ''}`
    : `${raw.service} logs no new warnings or errors`;
  return [{ kind: 'logs', title, service: raw.service, patterns, linesRead: raw.logs.length }];
}

function changeFacts(raw: RawEvidence, onset: number, latestOnset: number): Fact[] {
  if (raw.changes === null) return [];
  const from = onset - raw.settings.lookbackMs;
  const seen = raw.changes.filter((c) => Date.parse(c.at) >= from && Date.parse(c.at) <= raw.now);
  // Of too many the ones nearest to the onset are kept; they stand newest first.
  const kept = [...seen]
    .sort((a, b) => Math.abs(onset - Date.parse(a.at)) - Math.abs(onset - Date.parse(b.at)) || (a.id < b.id ? -1 : 1))
    .slice(0, MOST.changes);
  const facts = kept.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1)).map((change) => changeFact(change, onset, latestOnset));
  const early = seen.some((c) => c.service === raw.service && !isOwnChange(c) && Date.parse(c.at) <= Math.max(onset + ONSET_SLACK_MS, latestOnset));
  const sinceMs = raw.settings.lookbackMs;
  const further = furtherChangeFacts(raw, onset, latestOnset, from);
  return early
    ? [...facts, ...further]
    : [
        ...facts,
        { kind: 'no-change', title: `${raw.service}: no change in the ${humanDuration(sinceMs)} before the onset`, service: raw.service, sinceMs },
        ...further,
      ];
}

/** Changes further down the calls; what Nightshift did itself for another incident is among them, as it may be the cause too. */
function furtherChangeFacts(raw: RawEvidence, onset: number, latestOnset: number, from: number): Fact[] {
  const hopsOf = (service: string): number | undefined => raw.around?.neighbourhood.places.find((place) => place.service === service)?.hops;
  return (raw.furtherChanges ?? [])
    .filter((c) => Date.parse(c.at) >= from && Date.parse(c.at) <= Math.max(onset, latestOnset))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1))
    .slice(0, MOST.furtherChanges)
    .map((change) => ({ ...changeFact(change, onset, latestOnset), hops: hopsOf(change.service) ?? 1 }) as Fact);
}

function changeFact(change: Change, onset: number, latestOnset: number): Fact {
  const at = Date.parse(change.at);
  const leadMs = at > onset && at <= latestOnset ? 0 : onset - at;
  const when = leadMs === 0 ? 'at the onset' : leadMs > 0 ? `${humanDuration(leadMs)} before the onset` : `${humanDuration(-leadMs)} after the onset`;
  const { link, ...rest } = redactDeep(change);
  // An address would be redacted whole, and "not the author" could no longer be asked.
  const shown = {
    ...rest,
    author: personOf(change.author),
    summary: clip(rest.summary, TEXT.summary),
    ...(link === undefined ? {} : { link: clip(link, TEXT.reason) }),
  };
  const to = change.to === undefined ? '' : ` of ${change.to}`;
  return { kind: 'change', title: `${change.kind}${to} on ${change.service}, ${when}`, change: shown, leadMs };
}

function neighbourFacts(raw: RawEvidence, windows: Windows): Fact[] {
  const span = stepsOf(raw, windows);
  return nearNeighbours(raw).map(({ service, samples }) => {
    const baseline = scrubbed(windowStats(samples, windows.baselineFrom, windows.onset));
    const now = scrubbed(windowStats(samples, windows.nowFrom, raw.now));
    const healthy = isHealthy(baseline, now);
    return {
      kind: 'neighbour',
      title: `${service} ${healthy === null ? 'was not measured' : healthy ? 'answers normally' : 'is failing'}`,
      service,
      healthy,
      baseline,
      now,
      ...(raw.around && samples.length > 0 ? { series: sampledSteps(samples, span) } : {}),
    };
  });
}

function nearNeighbours(raw: RawEvidence): RawEvidence['neighbours'] {
  return [...raw.neighbours].sort((a, b) => (a.service < b.service ? -1 : 1)).slice(0, MOST.neighbours);
}

function stepsOf(raw: RawEvidence, { onset, baselineFrom }: Windows): StepSpan {
  return stepsAround(onset, baselineFrom, raw.now, raw.settings.stepMs);
}

/** The graph, and the numbers of those of its services that no fact on a neighbour tells. */
function graphFacts(raw: RawEvidence, windows: Windows): Fact[] {
  if (!raw.around) return [];
  const span = stepsOf(raw, windows);
  const told = nearNeighbours(raw).flatMap(({ service, samples }) => (samples.length > 0 ? [service] : []));
  return surroundingFacts(raw.service, sampledSteps(raw.samples, span), raw.around, windows.onset, span, told);
}

function linesFact(service: string, { kind: what, text, lines, expected, since, sentence, example }: LogAnomaly): Fact {
  const samples = what === 'fewer' ? [] : [sampleText(example)].filter((sample) => sample !== '');
  const told = { what, template: text, lines, expected: expected.mean, since, ...(samples.length > 0 ? { samples } : {}) };
  return { kind: 'log-anomaly', title: clip(sentence, TEXT.anomaly), service, ...told };
}

function anomalyFact(record: AnomalyRecord): Fact {
  const { at, since, score } = record.anomaly;
  return { kind: 'anomaly', title: clip(anomalyText(record), TEXT.anomaly), service: record.service, anomaly: record.id, at, since, score };
}

function runbookFacts({ service, runbooks }: RawEvidence): Fact[] {
  if (!runbooks) return [];
  const { inCatalogue, applicable, candidates } = runbooks;
  const names = candidates.slice(0, MOST.runbookNames).map(({ runbook }) => runbook);
  const more = applicable > names.length ? ` and ${String(applicable - names.length)} more` : '';
  const all = `${String(inCatalogue)} ${inCatalogue === 1 ? 'runbook' : 'runbooks'}`;
  const title = applicable === 0 ? `None of ${all} can be given to ${service}` : `${String(applicable)} of ${all} could be given: ${names.join(', ')}${more}`;
  return [{ kind: 'runbooks', title: clip(title, TEXT.anomaly), service, ...runbooks }];
}

function releaseFact(target: RawTarget): Fact {
  const { service, release, releases, previousRelease, startedAt } = target;
  return {
    kind: 'release',
    title: `${service} runs ${release ?? 'an unknown release'}`,
    service,
    current: release ?? '',
    available: releases.slice(-MOST.releaseNames),
    ...(previousRelease === undefined ? {} : { previous: previousRelease }),
    ...(target.onAws === true ? { onAws: true as const } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

function missingFacts(raw: RawEvidence, { baselineFrom, onset }: Windows): Fact[] {
  const missing = [...raw.missing];
  const says = (what: string) => missing.some((m) => m.what === what);
  if (raw.samples.length === 0 && !says('metrics')) missing.push({ what: 'metrics', reason: `nothing was measured on ${raw.service}` });
  else if (windowStats(raw.samples, baselineFrom, onset).errorShare === null)
    missing.push({ what: 'baseline', reason: 'nothing was measured before the onset' });
  if (raw.logs === null && !says('logs')) missing.push({ what: 'logs', reason: `the log of ${raw.service} was not read` });
  if (raw.changes === null && !says('changes')) missing.push({ what: 'changes', reason: 'the changes were not read' });
  return missing.slice(0, MOST.missing).map(({ what, reason }) => {
    return { kind: 'missing', title: `Missing: ${clip(what, TEXT.name)}`, what: clip(what, TEXT.name), reason: clip(redact(reason), TEXT.reason) };
  });
}
