import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { utcTime } from '../../domain/human-time';
import type { SignalHistory } from '../../domain/signals';
import { useWidth } from '../use-width';
import type { Mark } from '../view/marks';
import { troubleOf } from '../view/marks';
import type { Panel } from '../view/panels';
import { panelsOf, spokenPanel } from '../view/panels';
import { linear, stepAt } from '../../domain/plot-scale';
import { Section } from './bits';
import { MarkLabels, MarkLines } from './plot-marks';
import { Grid, PanelPlot, PanelTitle, TimeAxis } from './plot-panel';

/** Pixels. */
const SPACE = { left: 46, right: 10, title: 20, plot: 74, gap: 14, axis: 22, row: 16, rows: 3 } as const;

/** The signals of the service as plots above each other with one axis of time, and the moments that explain them as lines through all. */
export function Plots({ history, marks }: { readonly history: SignalHistory; readonly marks: readonly Mark[] }): JSX.Element {
  const [place, width] = useWidth();
  const [pointed, setPointed] = useState<number>();
  const panels = panelsOf(history);
  return (
    <Section title={`Signals of ${history.service}`} class="signals">
      <p class="quiet">{whenShown(history, pointed)}</p>
      <div ref={place}>{panels.length > 0 && width > 0 && <Drawing {...{ history, marks, panels, width, pointed, setPointed }} />}</div>
    </Section>
  );
}

function whenShown({ source, from, to, stepMs }: SignalHistory, pointed: number | undefined): string {
  if (source === 'none') return 'No measurements are kept of this time.';
  const span = pointed === undefined ? `${utcTime(from)} to ${utcTime(to).slice(11)}` : utcTime(from + pointed * stepMs);
  return source === 'evidence' ? `${span} (frozen as evidence; the samples are no longer kept)` : span;
}

interface DrawingProps {
  readonly history: SignalHistory;
  readonly marks: readonly Mark[];
  readonly panels: readonly Panel[];
  readonly width: number;
  /** The step that is pointed at. */
  readonly pointed: number | undefined;
  readonly setPointed: (step: number | undefined) => void;
}

function Drawing({ history, marks, panels, width, pointed, setPointed }: DrawingProps): JSX.Element {
  const { from, to, stepMs, points } = history;
  const right = width - SPACE.right;
  const x = linear(from, to, SPACE.left, right);
  const middle = (step: number): number => x(from + (step + 0.5) * stepMs);
  const seen = marks.filter(({ at }) => at >= from && at <= to);
  const strip = SPACE.rows * SPACE.row;
  const each = SPACE.title + SPACE.plot + SPACE.gap;
  const bottom = strip + panels.length * each;
  const frame = (i: number) => ({ left: SPACE.left, right, top: strip + i * each + SPACE.title, bottom: strip + (i + 1) * each - SPACE.gap });
  const timeUnder = linear(SPACE.left, right, from, to);
  const point = (event: PointerEvent & { readonly currentTarget: SVGElement }): void =>
    setPointed(stepAt(timeUnder(event.clientX - event.currentTarget.getBoundingClientRect().left), history, points.length));
  const trouble = troubleOf(marks, to);
  const [begin, end] = trouble === undefined ? [0, 0] : [x(Math.max(from, trouble.from)), x(Math.min(to, trouble.to))];
  return (
    <svg
      width={width}
      height={bottom + SPACE.axis}
      role="img"
      aria-label={spokenDrawing(history, panels, marks)}
      onPointerMove={point}
      onPointerLeave={() => setPointed(undefined)}
    >
      {end > begin && <rect class="trouble" x={begin} y={strip} width={end - begin} height={bottom - strip} />}
      <Grid x={x} from={from} to={to} top={strip} bottom={bottom} width={width} />
      {panels.map((panel, i) => (
        <PanelPlot key={panel.title} panel={panel} x={middle} frame={frame(i)} />
      ))}
      <MarkLines marks={seen} x={x} top={strip} bottom={bottom} />
      {panels.map((panel, i) => (
        <PanelTitle key={panel.title} panel={panel} frame={frame(i)} pointed={pointed} />
      ))}
      <MarkLabels marks={seen} x={x} strip={strip} width={width} row={SPACE.row} />
      {pointed !== undefined && <path class="pointer" d={`M${middle(pointed).toFixed(1)} ${String(strip)}V${String(bottom)}`} />}
      <TimeAxis x={x} from={from} to={to} y={bottom} width={width} />
    </svg>
  );
}

function spokenDrawing(history: SignalHistory, panels: readonly Panel[], marks: readonly Mark[]): string {
  const onset = marks.find((mark) => mark.kind === 'onset')?.at ?? history.to;
  const step = stepAt(onset, history, history.points.length) ?? (onset < history.from ? 0 : history.points.length);
  return [...panels.map((panel) => spokenPanel(panel, step)), ...marks.map(({ at, text }) => `${text} at ${utcTime(at)}.`)].join(' ');
}
