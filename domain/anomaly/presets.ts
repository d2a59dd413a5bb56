import { NightshiftError } from '../errors';
import { suggestion } from '../nearest';

/** The experts that judge a value: novelty of the value, of what it is off from the season, spread (a clipped z-score), and novelty of the level. */
export const EXPERTS = ['value', 'season', 'spread', 'level'] as const;
export type Expert = (typeof EXPERTS)[number];

const MINUTE = 60_000;
const WEEK = 7 * 1440 * MINUTE;

/** How a detector of one series is built. */
export interface DetectorSettings {
  /** Values that windows keep. */
  readonly window: number;
  /** Length of the season, milliseconds. */
  readonly seasonMs: number;
  /** What each expert weighs; one of weight 0 is not built and takes no memory. */
  readonly weights: Readonly<Record<Expert, number>>;
  /** A strength stands only where it beats those of so many rows and of so much time before it. */
  readonly holdRows: number;
  readonly holdMs: number;
}

/**
 * `default`: good where incidents repeat, as they do in operation. `nab`: for the Numenta Anomaly Benchmark, where nothing counts but the first time: no spread, and longer quiet
 * after a sign. Window: two weeks of 5 minutes.
 */
export const PRESETS = {
  default: { window: 4000, seasonMs: WEEK, weights: { value: 1, season: 0.5, spread: 0.1, level: 0.3 }, holdRows: 20, holdMs: 15 * MINUTE },
  nab: { window: 4000, seasonMs: WEEK, weights: { value: 1, season: 0.5, spread: 0, level: 0.5 }, holdRows: 100, holdMs: 15 * MINUTE },
} as const satisfies Record<string, DetectorSettings>;
export type PresetName = keyof typeof PRESETS;

/** Settings of a preset. Throws `invalid_input` for a name that is none. */
export function presetNamed(name: string): DetectorSettings {
  if (!Object.hasOwn(PRESETS, name)) throw new NightshiftError('invalid_input', `There is no preset ${name}; ${suggestion(name, Object.keys(PRESETS))}.`);
  return PRESETS[name as PresetName];
}

/** The same detector for another season. A hold of time is at most a 96th of the season, so that in a season made short nothing is held for days of it. */
export function withSeason(settings: DetectorSettings, seasonMs: number): DetectorSettings {
  if (!(seasonMs >= 24_000) || !Number.isFinite(seasonMs)) {
    throw new NightshiftError('invalid_input', 'A season is at least 24 seconds long; a week and a day are usual.');
  }
  return { ...settings, seasonMs, holdMs: Math.min(settings.holdMs, seasonMs / 96) };
}
