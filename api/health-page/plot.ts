import { linear, roundTop, timeTicks } from '../../domain/plot-scale';
import type { Scale } from '../../domain/plot-scale';
import type { Trend } from '../../domain/trend';
import { markup, NOTHING } from './html';
import type { Markup } from './html';

/** A value of a run. `at` in epoch milliseconds. */
export interface PlotDot {
  readonly at: number;
  readonly value: number;
  readonly failed: boolean;
  /** What the dot is, for the pointer. */
  readonly text: string;
}

/** One plot: dots over a time, with a line where there is a trend. */
export interface Plot {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** The plot in a sentence, for who cannot see it. */
  readonly spoken: string;
  readonly from: number;
  readonly to: number;
  readonly dots: readonly PlotDot[];
  readonly trend?: Trend | undefined;
  /** Least top of the axis. */
  readonly least: number;
  readonly text: (value: number) => string;
}

/** Pixels. */
const SIZE = { width: 460, height: 150, left: 62, right: 10, top: 26, bottom: 22 } as const;
const TICKS = 5;
const DOT = 2.5;

/** The plot as SVG. A run that failed is a cross, any other a dot, so that colour is not needed to tell them apart. */
export function plotSvg(plot: Plot): Markup {
  const { id, title, spoken, from, to, dots, text } = plot;
  const top = roundTop(Math.max(0, ...dots.map(({ value }) => value)), plot.least);
  const x = linear(from, to, SIZE.left, SIZE.width - SIZE.right);
  const y = linear(0, top, SIZE.height - SIZE.bottom, SIZE.top);
  return markup`<svg class="plot" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="${id}-title ${id}-text">
    <title id="${id}-title">${title}</title>
    <desc id="${id}-text">${spoken}</desc>
    <text class="title" x="${SIZE.left}" y="14">${title}</text>
    ${[0, top / 2, top].map((value) => markup`<path class="grid" d="M${SIZE.left} ${place(y(value))}H${SIZE.width - SIZE.right}" /><text class="axis" x="${SIZE.left - 6}" y="${place(y(value) + 4)}" text-anchor="end">${text(value)}</text>`)}
    ${timeTicks(from, to, TICKS).map(({ at, text: label }) => markup`<text class="axis" x="${place(x(at))}" y="${SIZE.height - 6}" text-anchor="middle">${label}</text>`)}
    ${dots.map((dot) => mark(dot, x, y))} ${trendLine(plot.trend, x, y)}
  </svg>`;
}

function trendLine(trend: Trend | undefined, x: Scale, y: Scale): Markup {
  if (!trend?.line || trend.direction === 'steady') return NOTHING;
  const { from, to } = trend.line;
  // A line that falls far may leave the plot below.
  const at = (value: number): string => place(y(Math.max(0, value)));
  return markup`<path class="trend" d="M${place(x(from.at))} ${at(from.value)}L${place(x(to.at))} ${at(to.value)}" />`;
}

function mark({ at, value, failed, text }: PlotDot, x: Scale, y: Scale): Markup {
  const [left, high] = [x(at), y(value)];
  if (!failed) return markup`<circle class="dot" cx="${place(left)}" cy="${place(high)}" r="${DOT}"><title>${text}</title></circle>`;
  const [l, r, t, b] = [left - DOT, left + DOT, high - DOT, high + DOT].map(place);
  return markup`<path class="cross" d="M${l ?? ''} ${t ?? ''}L${r ?? ''} ${b ?? ''}M${l ?? ''} ${b ?? ''}L${r ?? ''} ${t ?? ''}"><title>${text}</title></path>`;
}

function place(pixels: number): string {
  return pixels.toFixed(1);
}
