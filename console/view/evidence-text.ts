import type { EvidenceItem, LogPattern } from '../../domain/evidence';
import { humanDuration, utcTime } from '../../domain/human-time';
import type { WindowStats } from '../../domain/metrics';
import { latency, percent } from '../../domain/wording';

/** Where a fact comes from, in words. */
export function originOf(item: EvidenceItem): string {
  switch (item.kind) {
    case 'metrics':
    case 'saturation':
      return `metrics of ${item.service}`;
    case 'neighbour':
      return `metrics of ${item.service}, which it depends on`;
    case 'logs':
      return `log of ${item.service}, ${item.linesRead} lines read`;
    case 'change':
      return `changes of ${item.change.service}, by ${item.change.author}`;
    case 'no-change':
      return `changes of ${item.service}`;
    case 'release':
      return `what runs ${item.service}`;
    case 'runbooks':
      return 'runbooks of the catalogue, by what the configuration has';
    case 'anomaly':
      return `detector, on what ${item.service} measured`;
    case 'log-anomaly':
      return `log of ${item.service}, as the archive counted it`;
    case 'build':
    case 'other-builds':
      return `builds of ${item.kind === 'build' ? item.service : 'other services'}, as they were told`;
    case 'window':
      return item.seenBy === 'itself' ? `metrics of ${item.service}` : `calls of ${item.service}, as they were traced`;
    case 'graph':
      return 'configuration, traces and counted calls';
    case 'incident-nearby':
      return `incident of ${item.service}`;
    case 'similar':
      return `what was learnt from ${item.incidentId}, confirmed by a ${item.confirmedBy}`;
    case 'missing':
      return item.what;
  }
}

/** What a fact says beyond its title, a line each. */
export function linesOf(item: EvidenceItem): readonly string[] {
  switch (item.kind) {
    case 'metrics':
    case 'neighbour':
      return [`before: ${measured(item.baseline)}`, `now: ${measured(item.now)}`];
    case 'saturation':
      return item.risingSince === undefined ? [] : [`rising since ${utcTime(item.risingSince)}`];
    case 'logs':
      return item.patterns.flatMap(patternLines);
    case 'change':
      return [`${utcTime(item.change.at)}: ${item.change.summary}`, when(item.leadMs)];
    case 'log-anomaly':
      return sampled(item.samples);
    case 'no-change':
    case 'anomaly':
      return [];
    case 'build':
      return [`ended ${utcTime(Date.parse(item.build.endedAt))}`, ...(item.build.link === undefined ? [] : [item.build.link])];
    case 'other-builds':
      return [];
    case 'runbooks':
      return item.candidates.map(({ runbook, title, version, hash, because }) => `${runbook} (${title}), version ${version}, ${hash.slice(0, 12)}: ${because}`);
    case 'release':
      return [releaseLine(item)];
    case 'window':
      return [];
    case 'graph':
      return item.calls.map(({ caller, callee, from }) => `${caller} calls ${callee} (${from.join(', ')})`);
    case 'incident-nearby':
      return [item.told, `since ${utcTime(item.openedAt)}`];
    case 'similar':
      return [...item.because, ...item.didNotHelp.map((name) => `did not help: ${name}`)];
    case 'missing':
      return [item.reason];
  }
}

function patternLines({ pattern, level, before, since, isNew, samples }: LogPattern): readonly string[] {
  return [`${level}${isNew ? ', new' : ''}: “${pattern}”, ${before} before and ${since} since the onset`, ...sampled(samples)];
}

function releaseLine({ current, previous, available }: Extract<EvidenceItem, { kind: 'release' }>): string {
  return `runs ${current}${previous === undefined ? '' : `, before it ${previous}`}; there are ${available.join(', ')}`;
}

function sampled(samples: readonly string[] = []): readonly string[] {
  return samples.map((sample) => `a line: “${sample}”`);
}

function measured(stats: WindowStats): string {
  if (stats.errorShare === null) return 'no requests';
  const rate = stats.ratePerSecond === null ? '' : `, ${stats.ratePerSecond.toFixed(1)} requests/s`;
  return `${percent(stats.errorShare)} of requests fail, p95 ${latency(stats.latencyP95Ms)}${rate}`;
}

function when(leadMs: number): string {
  if (leadMs === 0) return 'about when the trouble began';
  return leadMs > 0 ? `${humanDuration(leadMs)} before the trouble began` : `${humanDuration(-leadMs)} after the trouble began`;
}
