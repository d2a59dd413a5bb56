import type { EvidenceItem } from '../../domain/evidence';
import { humanDuration, utcTime } from '../../domain/human-time';
import type { WindowStats } from '../../domain/metrics';
import { latency, percent } from '../../domain/wording';

/** How far a fact can be relied on: Nightshift measured it, somebody or something says so (and may err or lie), or it could not be learned. */
export type Trust = 'measured' | 'reported' | 'missing';

/** Where a fact comes from, in words, and how far it can be relied on. */
export interface Origin {
  readonly source: string;
  readonly trust: Trust;
}

/** Source and trust of a fact. */
export function originOf(item: EvidenceItem): Origin {
  switch (item.kind) {
    case 'metrics':
    case 'saturation':
      return { source: `metrics of ${item.service}`, trust: 'measured' };
    case 'neighbour':
      return { source: `metrics of ${item.service}, which it depends on`, trust: item.healthy === null ? 'missing' : 'measured' };
    case 'logs':
      return { source: `log of ${item.service}, ${item.linesRead} lines read`, trust: 'reported' };
    case 'change':
      return { source: `changes of ${item.change.service}, by ${item.change.author}`, trust: 'reported' };
    case 'no-change':
      return { source: `changes of ${item.service}`, trust: 'reported' };
    case 'release':
      return { source: `what runs ${item.service}`, trust: 'reported' };
    case 'anomaly':
      return { source: `detector, on what ${item.service} measured`, trust: 'measured' };
    case 'log-anomaly':
      return { source: `log of ${item.service}, as the archive counted it`, trust: 'reported' };
    case 'build':
    case 'other-builds':
      return { source: `builds of ${item.kind === 'build' ? item.service : 'other services'}, as they were told`, trust: 'reported' };
    case 'window':
      return {
        source: item.seenBy === 'itself' ? `metrics of ${item.service}` : `calls of ${item.service}, as they were traced`,
        trust: item.healthy === null ? 'missing' : 'measured',
      };
    case 'graph':
      return { source: 'configuration, traces and counted calls', trust: 'measured' };
    case 'incident-nearby':
      return { source: `incident of ${item.service}`, trust: 'reported' };
    case 'similar':
      return { source: `what was learnt from ${item.incidentId}, confirmed by a ${item.confirmedBy}`, trust: 'reported' };
    case 'missing':
      return { source: item.what, trust: 'missing' };
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
      return item.patterns.map((p) => `${p.level}${p.isNew ? ', new' : ''}: “${p.pattern}”, ${p.before} before and ${p.since} since the onset`);
    case 'change':
      return [`${utcTime(item.change.at)}: ${item.change.summary}`, when(item.leadMs)];
    case 'no-change':
    case 'anomaly':
    case 'log-anomaly':
      return [];
    case 'build':
      return [`ended ${utcTime(Date.parse(item.build.endedAt))}`, ...(item.build.link === undefined ? [] : [item.build.link])];
    case 'other-builds':
      return [];
    case 'release':
      return [`runs ${item.current}${item.previous === undefined ? '' : `, before it ${item.previous}`}; there are ${item.available.join(', ')}`];
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

function measured(stats: WindowStats): string {
  if (stats.errorShare === null) return 'no requests';
  const rate = stats.ratePerSecond === null ? '' : `, ${stats.ratePerSecond.toFixed(1)} requests/s`;
  return `${percent(stats.errorShare)} of requests fail, p95 ${latency(stats.latencyP95Ms)}${rate}`;
}

function when(leadMs: number): string {
  if (leadMs === 0) return 'about when the trouble began';
  return leadMs > 0 ? `${humanDuration(leadMs)} before the trouble began` : `${humanDuration(-leadMs)} after the trouble began`;
}
