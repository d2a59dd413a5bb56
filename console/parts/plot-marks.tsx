import type { JSX } from 'preact';
import type { Mark } from '../view/marks';
import { rowsFor } from '../view/marks';
import type { Scale } from '../../domain/plot-scale';

/** About as wide is a letter of a label, in pixels, and the space around it. */
const LETTER = 6.4;
const AROUND = 14;

/** The moments as lines through all plots. */
export function MarkLines(props: { readonly marks: readonly Mark[]; readonly x: Scale; readonly top: number; readonly bottom: number }): JSX.Element {
  return (
    <g>
      {props.marks.map(({ at, kind, text }) => (
        <path key={`${String(at)} ${text}`} class={`mark ${kind}`} d={`M${props.x(at).toFixed(1)} ${String(props.top - 6)}V${String(props.bottom)}`} />
      ))}
    </g>
  );
}

/** What the lines mean, above the plots, in rows so that none lies on another. */
export function MarkLabels(props: {
  readonly marks: readonly Mark[];
  readonly x: Scale;
  readonly strip: number;
  readonly width: number;
  readonly row: number;
}): JSX.Element {
  const { marks, x, strip, width, row } = props;
  const places = marks.map(({ at, text }) => {
    const wide = text.length * LETTER + AROUND;
    return { x: Math.max(0, Math.min(x(at) - 4, width - wide)), width: wide };
  });
  const rows = rowsFor(places);
  return (
    <g>
      {marks.map(({ at, kind, text }, i) => {
        const y = strip - 12 - ((rows[i] ?? 0) % Math.floor(strip / row)) * row;
        return (
          <g key={`${String(at)} ${text}`} class={`mark-label ${kind}`}>
            <circle cx={(places[i]?.x ?? 0) + 4} cy={y - 4} r="3.5" />
            <text x={(places[i]?.x ?? 0) + 11} y={y}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}
