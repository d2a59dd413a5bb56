import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Panel } from '../view/panels';
import type { Scale } from '../../domain/plot-scale';
import { linear, pathOf, timeTicks } from '../../domain/plot-scale';

/** A rectangle on the screen, in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** One plot: axis, and a line that is red where it is above the limit. */
export function PanelPlot(props: { readonly panel: Panel; readonly x: (step: number) => number; readonly frame: Frame }): JSX.Element {
  const { panel, x, frame } = props;
  const above = useId();
  const y = linear(0, panel.top, frame.bottom, frame.top);
  const line = pathOf(panel.values, x, y);
  return (
    <g>
      {[0, panel.top / 2, panel.top].map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${String(frame.left)} ${y(tick).toFixed(1)}H${String(frame.right)}`} />
          {tick !== panel.top / 2 && (
            <text class="tick" x={frame.left - 6} y={y(tick) + 4}>
              {panel.text(tick)}
            </text>
          )}
        </g>
      ))}
      <path class="line" d={line} />
      {panel.limit !== undefined && (
        <>
          <clipPath id={above}>
            <rect x={frame.left} y={frame.top - 2} width={frame.right - frame.left} height={Math.max(0, y(panel.limit) - frame.top + 2)} />
          </clipPath>
          <path class="line over" d={line} clip-path={`url(#${above})`} />
          <path class="limit" d={`M${String(frame.left)} ${y(panel.limit).toFixed(1)}H${String(frame.right)}`} />
          <text class="limit-text" x={frame.left + 4} y={y(panel.limit) - 4}>
            limit {panel.text(panel.limit)}
          </text>
        </>
      )}
    </g>
  );
}

/** The title of a plot with the value that is pointed at, or the newest. Drawn after the marks, to be read over them. */
export function PanelTitle(props: { readonly panel: Panel; readonly frame: Frame; readonly pointed: number | undefined }): JSX.Element {
  const { panel, frame, pointed } = props;
  const value = pointed === undefined ? (panel.values.findLast((each) => each !== null) ?? null) : (panel.values[pointed] ?? null);
  return (
    <text class="plot-title" x={frame.left} y={frame.top - 7}>
      {panel.title}
      <tspan class="plot-value" dx="8">
        {panel.text(value)}
      </tspan>
    </text>
  );
}

interface AxisProps {
  readonly x: Scale;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** Lines at round times through all plots. */
export function Grid({ x, from, to, width, top, bottom }: AxisProps & { readonly top: number; readonly bottom: number }): JSX.Element {
  const lines = timeTicks(from, to, ticksIn(width)).map(({ at }) => `M${x(at).toFixed(1)} ${String(top)}V${String(bottom)}`);
  return <path class="grid" d={lines.join('')} />;
}

/** The round times under all plots. */
export function TimeAxis({ x, from, to, width, y }: AxisProps & { readonly y: number }): JSX.Element {
  return (
    <g>
      {timeTicks(from, to, ticksIn(width)).map(({ at, text }) => (
        <text key={at} class="time" x={Math.min(width - 30, x(at))} y={y + 14}>
          {text}
        </text>
      ))}
    </g>
  );
}

/** As many times as have room for their text. */
function ticksIn(width: number): number {
  return Math.max(2, Math.floor(width / 90));
}
