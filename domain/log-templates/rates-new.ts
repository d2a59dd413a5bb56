import { historyWindows, windowBegin } from './rates-windows';
import type { Windowed } from './rates-windows';
import type { CountedTemplate, RateSettings } from './rates-types';

const WEEK_MS = 604_800_000;
const STRENGTH: Readonly<Record<CountedTemplate['level'], number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A template that no window of the history has, and how many of these had a newcomer at least as strong. */
export interface Newcomer {
  readonly windowed: Windowed;
  readonly before: number;
}

/**
 * New templates that are worth telling. What a service does daily is no news: of the newcomers since the learning time those count that were at least as severe and had at least as
 * many lines in their first window; no more windows may have had such ones than `alertsPerWeek` allows. Nothing is new before the learning time is over.
 */
export function newcomers(all: readonly Windowed[], settings: RateSettings): Newcomer[] {
  const windows = historyWindows(settings);
  const learned = settings.from + settings.learningMs;
  const watchedMs = windowBegin(settings, windows, windows) - learned;
  if (watchedMs < 0) return [];
  const allowed = Math.floor((watchedMs / WEEK_MS) * settings.alertsPerWeek);
  const earlier = all.filter(({ first }) => first >= 0 && windowBegin(settings, windows, first) >= learned);
  return all
    .filter(({ first, lines }) => first < 0 && lines > 0)
    .map((windowed) => {
      const asStrong = earlier.filter(
        ({ template, firstLines }) => STRENGTH[template.level] >= STRENGTH[windowed.template.level] && firstLines >= windowed.lines,
      );
      return { windowed, before: new Set(asStrong.map(({ first }) => first)).size };
    })
    .filter(({ before }) => before <= allowed)
    .sort((a, b) => STRENGTH[b.windowed.template.level] - STRENGTH[a.windowed.template.level] || b.windowed.lines - a.windowed.lines);
}
