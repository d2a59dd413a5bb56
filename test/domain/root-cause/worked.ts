import type { Call, CauseNode, CauseQuestion, NodeSeries, SeriesKind } from '../../../domain/root-cause/types';

/** Steps of a minute: 60 of normal time, then a window of 12 in which the trouble is noticed after the fourth. */
const STEP = 60;
const NORMAL = 60;
const WINDOW = 12;
export const ONSET = (NORMAL + 4) * STEP;

/** A series with a little noise around `usual`, and `now` from a step of the window on. */
export function series(kind: SeriesKind, usual: number, now = usual, from = 4, to = WINDOW): NodeSeries {
  const values = Array.from({ length: NORMAL + WINDOW }, (_each, i) => {
    const value = i >= NORMAL + from && i < NORMAL + to ? now : usual;
    // A fixed wobble of 2 %, as chance would make tests differ.
    return { at: i * STEP, value: kind === 'availability' ? value : value * (1 + 0.02 * Math.sin(i * 2.4)) };
  });
  return { name: kind, kind, values };
}

/** A node with 200 requests a step and availability 1, but for what is given. */
export function node(id: string, ...own: readonly NodeSeries[]): CauseNode {
  const others = [series('latency', 0.05), series('availability', 1), series('requests', 200)].filter(({ kind }) => own.every((each) => each.kind !== kind));
  return { id, series: [...own, ...others] };
}

/** `a>b` is a call from a to b. */
export function calls(...pairs: readonly string[]): Call[] {
  return pairs.map((pair) => {
    const [caller = '', callee = ''] = pair.split('>');
    return { caller, callee };
  });
}

/** A question about nodes, noticed by the latency of `shop` unless told otherwise. */
export function question(nodes: readonly CauseNode[], edges: readonly Call[], more: Partial<CauseQuestion> = {}): CauseQuestion {
  return {
    nodes,
    calls: edges,
    changes: [],
    normal: { from: 0, to: NORMAL * STEP },
    window: { from: NORMAL * STEP, to: (NORMAL + WINDOW) * STEP },
    onset: ONSET,
    symptom: { node: 'shop', kind: 'latency' },
    ...more,
  };
}
