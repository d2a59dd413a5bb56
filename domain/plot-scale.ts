/** Turns a value into a place on the screen, in pixels. */
export type Scale = (value: number) => number;

/** A line from `from` to `to` pixels for values from `low` to `high`; a range without length lands at `from`. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  return (value) => (high === low ? from : from + ((value - low) / (high - low)) * (to - from));
}

/** The round number (1, 2, 2.5 or 5 times a power of ten) at or above a value, as the top of an axis; `least` when there is nothing to show. */
export function roundTop(value: number, least: number): number {
  const wanted = Math.max(value, least);
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 2.5, 5].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return step * power;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * MINUTE))
  .concat([1, 2, 3, 6, 12].map((n) => n * HOUR))
  .concat([1, 2, 7, 14, 28, 56, 91].map((n) => n * DAY));

/** Round times in a range (epoch milliseconds), at most `most` of them, with their text in UTC: with seconds only where they are needed, as month and day from steps of a day on. */
export function timeTicks(from: number, to: number, most: number): readonly { readonly at: number; readonly text: string }[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? 182 * DAY;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * step;
    const iso = new Date(at).toISOString();
    return { at, text: step >= DAY ? iso.slice(5, 10) : iso.slice(11, step < MINUTE ? 19 : 16) };
  });
}

/** A line through the values as an SVG path; a gap where nothing was measured, and a dot where a value stands alone. */
export function pathOf(values: readonly (number | null)[], x: (index: number) => number, y: Scale): string {
  const runs: string[][] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const place = `${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    if (i > 0 && values[i - 1] !== null) runs.at(-1)?.push(place);
    else runs.push([place]);
  });
  return runs.map((places) => (places.length === 1 ? `M${places[0] ?? ''}h0` : `M${places.join('L')}`)).join('');
}

/** The number of the step in which a time lies, or undefined outside of them all. */
export function stepAt(at: number, window: { readonly from: number; readonly stepMs: number }, count: number): number | undefined {
  const index = Math.floor((at - window.from) / window.stepMs);
  return index >= 0 && index < count ? index : undefined;
}
