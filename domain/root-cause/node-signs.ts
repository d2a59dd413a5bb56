import { median } from '../quantile';
import { deviationsOf } from './deviation';
import type { Times } from './deviation';
import type { CauseNode, Deviation, NodeSeries, SeriesKind } from './types';

/** What the series of a node say of the window. Trouble is what a caller feels: latency and errors. */
export interface NodeSigns {
  readonly latency: Deviation | null;
  readonly errors: Deviation | null;
  readonly saturation: Deviation | null;
  readonly other: Deviation | null;
  /** More requests than normal. */
  readonly surge: Deviation | null;
  /** Hardly any requests any more. */
  readonly drop: Deviation | null;
  /** Requests of a step in the window, or before where they ceased; null where they are not counted. */
  readonly requests: number | null;
  /** Logarithm of the odds that the node is in trouble; 0 where nothing tells. */
  readonly logOdds: number;
  /** The series that speaks loudest for trouble. */
  readonly loudest: Deviation | null;
  /** When the trouble of the node began, seconds since the epoch; null where it shows none. */
  readonly since: number | null;
  /** Whether latency or errors are measured. */
  readonly measured: boolean;
  /** Whether it was called before the incident: what was not is called because its caller does something else now. */
  readonly usedBefore: boolean;
}

/** Most that resources and unnamed series say of trouble: they go with it, and without it. */
const MOST = { saturation: 3, other: 1.5 };
/** Requests that fell below this share of normal are silence. */
const SILENT = 0.2;
/** In so small a share of the steps of the normal period requests came at all, where a node was not used. */
const HARDLY = 0.05;

/** Reads the series of a node. */
export function signsOf(node: CauseNode, times: Times): NodeSigns {
  const counted = node.series.find(({ kind }) => kind === 'requests');
  const requests = new Map(counted?.values.flatMap(({ at, value }) => (value === null ? [] : [[at, value] as const])));
  const of = (...kinds: SeriesKind[]): NodeSeries[] => node.series.filter(({ kind }) => kinds.includes(kind));
  const up = (series: readonly NodeSeries[]): (Deviation | null)[] => series.map((each) => deviationsOf(each, requests, times)?.(1) ?? null);
  const latency = agreed(up(of('latency')));
  const errors = agreed(up(of('errors', 'availability')));
  const saturation = capped(strongest(up(of('saturation'))), MOST.saturation);
  const either = of('other').flatMap((series) => {
    const look = deviationsOf(series, requests, times);
    return look ? [look(1), look(-1)] : [];
  });
  const other = capped(strongest(either), MOST.other);
  const calls = counted ? deviationsOf(counted, requests, times) : null;
  const fewer = calls?.(-1) ?? null;
  const drop = fewer && fewer.now < SILENT * fewer.usual && fewer.logOdds > 0 ? fewer : null;
  const usedBefore = counted === undefined || usedIn(counted, times);
  const kinds = { latency, errors, saturation, other, drop };
  return {
    ...kinds,
    ...(usedBefore ? troubleOf(kinds) : { loudest: null, measured: false, logOdds: 0, since: null }),
    usedBefore,
    surge: calls?.(1) ?? null,
    requests: drop ? drop.usual : counted ? usualIn(counted, times) : null,
  };
}

/** The trouble of a node that was used before. */
function troubleOf(
  kinds: Pick<NodeSigns, 'latency' | 'errors' | 'saturation' | 'other' | 'drop'>,
): Pick<NodeSigns, 'loudest' | 'measured' | 'logOdds' | 'since'> {
  const { latency, errors, saturation, other, drop } = kinds;
  const seen = drop !== null || (latency !== null && errors !== null);
  // Who is silent shows no latency, and what it showed before or shows later is not the trouble. A full resource that slows and fails nothing is no trouble either.
  const felt = drop ?? strongest([latency, errors]);
  const loudest = seen ? felt : strongest([felt, saturation, other]);
  const measured = felt !== null;
  const odds = loudest?.logOdds ?? 0;
  return {
    loudest,
    measured,
    logOdds: seen ? odds : measured ? halfSeen(odds) : Math.max(0, odds),
    since: sinceOf(drop ? [drop] : [latency, errors, loudest]),
  };
}

/** Odds where only one of latency and errors is measured: the trouble may as well be in the other, so that a quiet one exonerates by half at most. */
function halfSeen(logOdds: number): number {
  return logOdds >= 0 ? logOdds : Math.log(0.5 + 0.5 * Math.exp(logOdds));
}

/** The first of the kinds of trouble: the others often follow from it. */
function sinceOf(signs: readonly (Deviation | null)[]): number | null {
  const begun = signs.flatMap((each) => (each && each.logOdds > 0 ? [each.since] : []));
  return begun.length === 0 ? null : Math.min(...begun);
}

/** Of several views of one thing the main one, with the odds of the second strongest: a single noisy quantile must not speak alone. */
function agreed(views: readonly (Deviation | null)[]): Deviation | null {
  const seen = views.filter((each) => each !== null);
  const odds = seen.map(({ logOdds }) => logOdds).sort((a, b) => b - a);
  const main = seen[0];
  return main ? { ...main, logOdds: odds[seen.length > 2 ? 1 : 0] ?? 0 } : null;
}

function strongest(deviations: readonly (Deviation | null)[]): Deviation | null {
  return deviations.reduce((best, each) => (each && (!best || each.logOdds > best.logOdds) ? each : best), null);
}

function capped(deviation: Deviation | null, most: number): Deviation | null {
  return deviation && { ...deviation, logOdds: Math.min(most, deviation.logOdds) };
}

function usedIn({ values }: NodeSeries, { normal }: Times): boolean {
  const usual = values.filter(({ at, value }) => at >= normal.from && at < normal.to && value !== null);
  return usual.length === 0 ? values.every(({ value }) => value === null) : usual.filter(({ value }) => (value ?? 0) > 0).length > HARDLY * usual.length;
}

function usualIn({ values }: NodeSeries, { window }: Times): number | null {
  const now = values.flatMap(({ at, value }) => (at >= window.from && at < window.to && value !== null ? [value] : []));
  return now.length === 0 ? null : median(now);
}
