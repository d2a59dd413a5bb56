import { linear, roundTop, timeTicks } from '../plot-scale';
import { plainNumber } from '../wording';
import type { Band } from './band';
import type { Anomaly } from './explain';
import { explain } from './explain';

/** One value of a series with its band, as it is drawn. Times are epoch milliseconds. */
export interface PlotPoint {
  readonly at: number;
  readonly value: number | null;
  readonly band?: Band | undefined;
}

/** What a drawing consists of; places in pixels from the top left. */
export type Shape =
  | { readonly kind: 'area' | 'line'; readonly colour: Colour; readonly places: readonly (readonly [x: number, y: number])[] }
  | { readonly kind: 'dot'; readonly colour: Colour; readonly x: number; readonly y: number }
  | {
      readonly kind: 'text';
      readonly colour: Colour;
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly anchor: 'start' | 'end' | 'middle';
    };

/** A drawing of an anomaly, and what it shows in one sentence. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly shapes: readonly Shape[];
}

/** Colours of the console in its light dress, as they must be read on white in a chat too. */
export const COLOURS = { page: '#ffffff', grid: '#e8ebf1', band: '#dce6fa', value: '#2456c4', onset: '#8a5300', anomaly: '#b3261e', text: '#566074' } as const;
export type Colour = keyof typeof COLOURS;

const WIDTH = 640;
const HEIGHT = 240;
const FRAME = { left: 64, right: 628, top: 14, bottom: 212 };
const ROWS = 4;

/** Draws an anomaly: values, the band, when it began, and the value that showed it. `points` in order of time, with the anomaly among them; values without a number leave a gap. */
export function drawAnomaly(anomaly: Anomaly, points: readonly PlotPoint[]): Drawing {
  const all = points.flatMap(({ value, band }) => [...(value === null ? [] : [value]), ...(band ? [band.low, band.high] : [])]);
  const numbers = [anomaly.value, ...all].filter(Number.isFinite);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const room = 0.05 * (high - low || Math.abs(high) || 1);
  const [from, to] = [Math.min(anomaly.since, points[0]?.at ?? anomaly.at), Math.max(anomaly.at, points.at(-1)?.at ?? anomaly.at)];
  const x = linear(from, Math.max(to, from + 1), FRAME.left, FRAME.right);
  const y = linear(low - room, high + room, FRAME.bottom, FRAME.top);
  const shapes: Shape[] = [...bands(points, x, y), ...axes(y, low - room, high + room, x, from, to)];
  for (const run of runsOf(points, ({ value }) => value !== null))
    shapes.push({ kind: 'line', colour: 'value', places: run.map(({ at, value }) => [x(at), y(value ?? 0)]) });
  const onset = x(anomaly.since);
  shapes.push({
    kind: 'line',
    colour: 'onset',
    places: [
      [onset, FRAME.top],
      [onset, FRAME.bottom],
    ],
  });
  shapes.push({ kind: 'dot', colour: 'anomaly', x: x(anomaly.at), y: y(anomaly.value) });
  return { width: WIDTH, height: HEIGHT, title: explain(anomaly), shapes };
}

type Place = (value: number) => number;

function bands(points: readonly PlotPoint[], x: Place, y: Place): Shape[] {
  return runsOf(points, ({ band }) => band !== undefined).map((run) => {
    const edge = (pick: (band: Band) => number): [number, number][] => run.flatMap(({ at, band }) => (band ? [[x(at), y(pick(band))]] : []));
    return { kind: 'area', colour: 'band', places: [...edge(({ high }) => high), ...edge(({ low }) => low).reverse()] };
  });
}

function axes(y: Place, low: number, high: number, x: Place, from: number, to: number): Shape[] {
  const step = roundTop((high - low) / ROWS, 0);
  const first = Math.ceil(low / step);
  const values = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  return [
    ...values.flatMap((value): Shape[] => [
      {
        kind: 'line',
        colour: 'grid',
        places: [
          [FRAME.left, y(value)],
          [FRAME.right, y(value)],
        ],
      },
      {
        kind: 'text',
        colour: 'text',
        x: FRAME.left - 6,
        y: y(value) + 4,
        text: plainNumber(value),
        anchor: 'end',
      },
    ]),
    ...timeTicks(from, to, 6).map(({ at, text }): Shape => ({
      kind: 'text',
      colour: 'text',
      x: Math.min(x(at), FRAME.right - 20),
      y: FRAME.bottom + 18,
      text,
      anchor: 'middle',
    })),
  ];
}

/** Stretches of points that have something, in order. */
function runsOf(points: readonly PlotPoint[], has: (point: PlotPoint) => boolean): PlotPoint[][] {
  const runs: PlotPoint[][] = [];
  points.forEach((point, i) => {
    if (!has(point)) return;
    const before = points[i - 1];
    if (before && has(before)) runs.at(-1)?.push(point);
    else runs.push([point]);
  });
  return runs;
}
