import type { CountedTemplate, RateSettings } from './rates-types';

/** A template's lines in windows of equal length. */
export interface Windowed {
  readonly template: CountedTemplate;
  /** Lines in the window that is judged. */
  readonly lines: number;
  /** Index of the first window of the history with lines of it; -1 when none has. */
  readonly first: number;
  /** Lines in each window of the history from `first` on, without those that are ignored. */
  readonly history: readonly number[];
  /** Lines in window `first`. */
  readonly firstLines: number;
}

/** How many whole windows of history there are before the one that ends now. */
export function historyWindows({ from, now, windowMs }: RateSettings): number {
  return Math.max(0, Math.floor((now - from) / windowMs) - 1);
}

/** Begin of window `index` of the history; the window after the last is the one that is judged. */
export function windowBegin({ now, windowMs }: RateSettings, windows: number, index: number): number {
  return now - (windows + 1 - index) * windowMs;
}

/** Cuts a template's minutes into windows. */
export function windowed(template: CountedTemplate, settings: RateSettings, windows: number): Windowed {
  const counts = new Array<number>(windows + 1).fill(0);
  const begin = windowBegin(settings, windows, 0);
  for (const { at, lines } of template.minutes) {
    const index = Math.floor((at - begin) / settings.windowMs);
    if (index >= 0 && index <= windows) counts[index] = (counts[index] ?? 0) + lines;
  }
  const first = counts.slice(0, windows).findIndex((count) => count > 0);
  const kept = (index: number): boolean => {
    const at = windowBegin(settings, windows, index);
    return !settings.ignored.some(({ from, to }) => at < to && at + settings.windowMs > from);
  };
  const history = first < 0 ? [] : counts.slice(first, windows).filter((_, i) => kept(first + i));
  return { template, lines: counts[windows] ?? 0, first, history, firstLines: first < 0 ? 0 : (counts[first] ?? 0) };
}
