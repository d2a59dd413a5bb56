import type { LeadForecast } from './forecast';

/** A value that must not be crossed: `above` is broken by larger values, `below` by smaller ones. */
export interface Limit {
  readonly side: 'above' | 'below';
  readonly value: number;
}

/** When a limit is crossed, by the edges of an interval, epoch milliseconds. An end that lies beyond the forecast is open: null. */
export interface Eta {
  /** The edge that is further out crosses. */
  readonly earliest: number;
  /** The middle of the forecast crosses. */
  readonly expected: number | null;
  /** The near edge crosses: from here on the breach is as sure as the interval says. */
  readonly latest: number | null;
}

/** A time, inclusive, in which a limit is broken. Epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which line of a forecast is meant: the edge nearer to the safe side, the middle, or the further edge. */
type Line = 'near' | 'middle' | 'far';

/** Whether a value breaks a limit; never for NaN. */
export function breaks(limit: Limit, value: number): boolean {
  return limit.side === 'above' ? value > limit.value : value < limit.value;
}

/** When a limit will first be crossed, by the interval of the nominal probability; null where not even the further edge crosses it. */
export function etaOf(forecast: readonly LeadForecast[], limit: Limit, nominal: number): Eta | null {
  const far = forecast.findIndex((lead) => breaks(limit, lineOf(lead, limit, nominal, 'far')));
  if (far < 0) return null;
  const near = forecast.findIndex((lead) => breaks(limit, lineOf(lead, limit, nominal, 'near')));
  if (near >= 0) return etaAt(forecast, limit, nominal, near);
  const middle = forecast.findIndex((lead) => breaks(limit, lead.value));
  return { earliest: forecast[far]?.at ?? NaN, expected: forecast[middle]?.at ?? null, latest: null };
}

/** The crossing that ends with the near edge at one lead: back from there as long as the other lines are across. */
export function etaAt(forecast: readonly LeadForecast[], limit: Limit, nominal: number, near: number): Eta {
  const back = (line: Line): number => {
    let at = near;
    while (at > 0 && breaks(limit, lineOf(forecast[at - 1], limit, nominal, line))) at -= 1;
    return forecast[at]?.at ?? NaN;
  };
  return { earliest: back('far'), expected: back('middle'), latest: forecast[near]?.at ?? null };
}

/** The furthest that the far edge of an interval gets across a limit in a span; the limit itself where there is no such interval. */
export function worstIn(forecast: readonly LeadForecast[], limit: Limit, nominal: number, { from, to }: Span): number {
  const far = forecast.filter(({ at }) => at >= from && at <= to).map((lead) => lineOf(lead, limit, nominal, 'far'));
  const values = [limit.value, ...far.filter((value) => Number.isFinite(value))];
  return limit.side === 'above' ? Math.max(...values) : Math.min(...values);
}

/** The spans in which the near edge of an interval is across the limit; those closer than `gapMs` are one. Ascending. */
export function surelyBroken(forecast: readonly LeadForecast[], limit: Limit, nominal: number, gapMs: number): readonly Span[] {
  const times = forecast.filter((lead) => breaks(limit, lineOf(lead, limit, nominal, 'near'))).map(({ at }) => at);
  return spansOf(times, gapMs);
}

/** Times in ascending order as spans; those closer than `gapMs` are one. */
export function spansOf(times: readonly number[], gapMs: number): readonly Span[] {
  const spans: Span[] = [];
  for (const at of times) {
    const last = spans.at(-1);
    if (last && at - last.to <= gapMs) spans[spans.length - 1] = { from: last.from, to: at };
    else spans.push({ from: at, to: at });
  }
  return spans;
}

/** Whether two spans touch, or are at most `gapMs` apart. */
export function touches(a: Span, b: Span, gapMs: number): boolean {
  return a.from <= b.to + gapMs && b.from <= a.to + gapMs;
}

/** A line of a forecast at one lead; NaN without such an interval. */
function lineOf(lead: LeadForecast | undefined, { side }: Limit, nominal: number, line: Line): number {
  if (!lead) return NaN;
  if (line === 'middle') return lead.value;
  const interval = lead.intervals.find((each) => each.nominal === nominal);
  return (line === 'near') === (side === 'above') ? (interval?.low ?? NaN) : (interval?.high ?? NaN);
}
