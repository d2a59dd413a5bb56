import { z } from 'zod';
import type { PresetName } from '../anomaly/presets';
import { PRESETS, withSeason } from '../anomaly/presets';
import type { WatchSettings } from '../anomaly/watch';

const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

const trial = z.object({
  seasonMs: z.number().positive(),
  alertsPerWeek: z.number().positive(),
  /** Injected incidents and alerts that people called useful, and how many of them it told. */
  incidents: z.int().min(0),
  found: z.int().min(0),
  /** Alerts where nothing was injected and that nobody called useful; those that people called noise count double. */
  falseAlerts: z.number().min(0),
  score: z.number(),
});

const choice = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  preset: z.enum(PRESET_NAMES),
  seasonMs: z.number().min(24_000),
  alertsPerWeek: z.number().positive(),
  /** True where the settings that are configured were kept. */
  kept: z.boolean(),
  reason: z.string(),
  /** Rows of history, length of the held-out part in milliseconds, and what each candidate did there. */
  figures: z.object({ rows: z.int().min(0), heldMs: z.number().min(0), trials: z.array(trial).max(50) }),
});

/** How one candidate did in a backtest. */
export type ChoiceTrial = z.output<typeof trial>;
/** The settings that a backtest chose for a series, when and why. */
export type Choice = z.output<typeof choice>;

/** Name under which the choice for a series is saved, by the series' key. */
export function choiceName(key: string): string {
  return `choice:${key}`;
}

/** Reads back a choice as it was saved; undefined for anything else, so that what is configured holds. */
export function readChoice(saved: unknown): Choice | undefined {
  const parsed = choice.safeParse(saved);
  return parsed.success ? parsed.data : undefined;
}

/** What a choice changes in how a series is watched; undefined where what is configured holds. */
export function chosenSettings({ kept, preset, seasonMs, alertsPerWeek }: Choice): Required<Pick<WatchSettings, 'detector' | 'alertsPerWeek'>> | undefined {
  return kept ? undefined : { detector: withSeason(PRESETS[preset], seasonMs), alertsPerWeek };
}
