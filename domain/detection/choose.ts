import type { EffectFloor, MeasureKind } from '../anomaly/kinds';
import { EFFECT_FLOORS } from '../anomaly/kinds';
import { PRESETS, withSeason } from '../anomaly/presets';
import type { Feedback } from '../anomaly/threshold';
import { ALERTS_PER_WEEK, SeriesWatch } from '../anomaly/watch';
import type { WatchSettings } from '../anomaly/watch';
import { humanDuration } from '../human-time';
import { seededRandom } from '../seeded-random';
import { plainNumber } from '../wording';
import { injectIncidents } from './choose-incidents';
import type { Choice, ChoiceTrial } from './choose-record';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Rows that a backtest looks at, the newest: four weeks of 5 minutes. It bounds its time. */
export const MOST_ROWS = 8064;
/** Seasons of history that it takes: two to learn, one to try on. */
export const LEAST_SEASONS = 3;
/** Share of the history that is learnt first. */
const LEARN_SHARE = 0.6;
/** With fewer incidents in the held-out part nothing is chosen. */
const LEAST_INCIDENTS = 4;
/** Budgets that are tried, as multiples of the configured one. */
const BUDGETS = [1, 0.5, 2] as const;
/** What a false alert a week costs, as a share of all incidents. */
const FALSE_COST = 0.5;
/** Other settings are chosen only where their score is better by this; a larger budget by more, as few weeks show few of its false alerts. */
const MARGIN = 0.1;
const LOUDER_MARGIN = 0.2;
/** An alert is about an incident or a label up to so many rows after or around it. */
const NEAR_ROWS = 3;
const USEFUL: readonly Feedback[] = ['useful', 'acted'];

/** What became of an alert of the past. */
export interface LabelledAlert {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly score: number;
  readonly what: Feedback;
}

/** One series with what is configured for it. */
export interface ChoiceHistory {
  /** Epoch milliseconds, rising, and the values at these times; null where nothing was measured. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly kind: MeasureKind;
  readonly labels: readonly LabelledAlert[];
  /** Configured season; a week when absent. */
  readonly seasonMs?: number;
  /** Configured budget. */
  readonly alertsPerWeek?: number;
  readonly floor?: EffectFloor;
}

/** Settings that are tried. */
export type Candidate = Pick<ChoiceTrial, 'seasonMs' | 'alertsPerWeek'>;

/** A choice without the time at which it is made. */
export type Chosen = Omit<Choice, 'at'>;

/** A backtest under way, so that a caller can do others' work between two candidates, each of which takes up to a third of a second. */
export interface Backtest {
  readonly candidates: readonly Candidate[];
  run(candidate: Candidate): ChoiceTrial;
  /** The choice from the trials of all candidates, in their order. */
  choose(trials: readonly ChoiceTrial[]): Chosen;
}

/** Picks season and budget for a series by a backtest (see `backtestOf`); deterministic for a seed. */
export function choose(history: ChoiceHistory, seed: number): Chosen {
  const backtest = backtestOf(history, seed);
  return backtest.choose(backtest.candidates.map((candidate) => backtest.run(candidate)));
}

/**
 * Learns the first part of a history (two seasons and 60 %) with the preset `default` for each candidate, and counts in the rest: incidents that are found of those injected and of the alerts that people called
 * useful, and false alerts, which cost half of all incidents for each one a week. The configured settings are kept unless others are better by a tenth (a larger budget by a fifth), and where history is under three seasons.
 */
export function backtestOf(whole: ChoiceHistory, seed: number): Backtest {
  const history = { ...whole, times: whole.times.slice(-MOST_ROWS), values: whole.values.slice(-MOST_ROWS) };
  const { times, values, kind, seasonMs = WEEK, floor = EFFECT_FLOORS[kind] } = history;
  const span = measuredSpan(history);
  const seasons = [...new Set([seasonMs, ...(seasonMs >= DAY ? [DAY, WEEK] : [])])].filter((each) => LEAST_SEASONS * each <= span);
  const configured = { seasonMs, alertsPerWeek: history.alertsPerWeek ?? ALERTS_PER_WEEK };
  const begin = (times.at(-1) ?? 0) - span;
  const learnt = begin + Math.max(LEARN_SHARE * span, 2 * Math.max(0, ...seasons));
  const split = times.findIndex((at) => at > learnt);
  const short = seasons[0] !== seasonMs || split < 0;
  const injected = injectIncidents(values, short ? values.length : split, { kind, floor, random: seededRandom(seed) });
  const heldMs = short ? 0 : (times.at(-1) ?? 0) - (times[split] ?? 0);
  const usable = !short && injected.incidents.length >= LEAST_INCIDENTS;
  const candidates = !usable
    ? []
    : seasons.flatMap((season) => BUDGETS.map((times) => ({ seasonMs: season, alertsPerWeek: times * configured.alertsPerWeek })));
  return {
    candidates,
    run: (candidate) => trial({ history, floor, split, heldMs, ...injected }, candidate),
    choose: (trials) => {
      const figures = { rows: times.length, heldMs, trials: [...trials] };
      const kept = { preset: 'default' as const, ...configured, kept: true, figures };
      const need = `${LEAST_SEASONS} seasons of ${humanDuration(seasonMs)} and ${LEAST_INCIDENTS} incidents to try`;
      const [first] = trials;
      if (!first) return { ...kept, reason: `What is configured is kept: a backtest needs ${need}, and there are ${humanDuration(span)} of history.` };
      const best = bestOf(trials, first);
      if (best === first) {
        return { ...kept, reason: `${settingsText(first)} kept: ${trialText(first, heldMs)}; nothing else that was tried is clearly better.` };
      }
      const { seasonMs: season, alertsPerWeek } = best;
      const reason = `${settingsText(best)} chosen: ${trialText(best, heldMs)}; with what is configured, ${trialText(first, heldMs)}.`;
      return { preset: 'default', seasonMs: season, alertsPerWeek, kept: false, reason, figures };
    },
  };
}

/** The best of those that are no louder than the first, where it is clearly better than that; and a louder one only where it is better still by more. */
function bestOf(trials: readonly ChoiceTrial[], first: ChoiceTrial): ChoiceTrial {
  const louder = trials.filter((each) => each.alertsPerWeek > first.alertsPerWeek);
  const better = (among: readonly ChoiceTrial[], than: ChoiceTrial, margin: number): ChoiceTrial => {
    const best = among.reduce((a, b) => (b.score > a.score ? b : a), than);
    return best.score > than.score + margin ? best : than;
  };
  const quiet = better(
    trials.filter((each) => !louder.includes(each)),
    first,
    MARGIN,
  );
  return better(louder, quiet, LOUDER_MARGIN);
}

interface Held extends ReturnType<typeof injectIncidents> {
  readonly history: ChoiceHistory;
  readonly floor: EffectFloor;
  readonly split: number;
  readonly heldMs: number;
}

function trial({ history, floor, split, heldMs, values, incidents }: Held, candidate: Candidate): ChoiceTrial {
  const { times, kind, labels, seasonMs = WEEK } = history;
  const settings: WatchSettings = { detector: withSeason(PRESETS.default, candidate.seasonMs), kind, floor, alertsPerWeek: candidate.alertsPerWeek };
  const watch = new SeriesWatch(settings);
  alertsOf(watch, times, history.values, 0, split);
  const learnt = watch.snapshot();
  const told = alertsOf(watch, times, history.values, split, times.length);
  const shown = alertsOf(SeriesWatch.restore(settings, learnt), times, values, split, times.length);
  const found = incidents.filter(({ from, to }) => shown.some((row) => row >= from && row <= to + NEAR_ROWS)).length;
  const near = (row: number, at: number): boolean => Math.abs((times[row] ?? 0) - at) <= NEAR_ROWS * rowMs(times);
  const held = labels.filter(({ at }) => at >= (times[split] ?? Infinity));
  const useful = held.filter(({ what }) => USEFUL.includes(what));
  const right = useful.filter(({ at }) => told.some((row) => near(row, at))).length;
  const wrong = told.filter((row) => !useful.some(({ at }) => near(row, at)));
  const noise = wrong.filter((row) => held.some(({ at, what }) => what === 'noise' && near(row, at)));
  const falseAlerts = wrong.length + noise.length;
  const all = incidents.length + useful.length;
  const weeks = heldMs / (7 * Math.min(DAY, seasonMs));
  const score = (found + right) / all - (FALSE_COST * falseAlerts) / weeks;
  return { ...candidate, incidents: all, found: found + right, falseAlerts, score: Math.round(score * 1e6) / 1e6 };
}

/** Rows that alert. */
function alertsOf(watch: SeriesWatch, times: readonly number[], values: readonly (number | null)[], from: number, to: number): readonly number[] {
  const rows: number[] = [];
  for (let i = from; i < to; i += 1) if (watch.push(times[i] ?? NaN, values[i] ?? null).anomaly?.alerting === true) rows.push(i);
  return rows;
}

/** From the first to the last value, milliseconds. */
function measuredSpan({ times, values }: ChoiceHistory): number {
  const first = values.findIndex((value) => value !== null);
  return first < 0 ? 0 : (times.at(-1) ?? 0) - (times[first] ?? 0);
}

function rowMs(times: readonly number[]): number {
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / Math.max(1, times.length - 1);
}

function settingsText({ seasonMs, alertsPerWeek }: Candidate): string {
  return `A season of ${humanDuration(seasonMs)} and ${plainNumber(alertsPerWeek)} alerts a week`;
}

function trialText({ incidents, found, falseAlerts }: ChoiceTrial, heldMs: number): string {
  const alerts = falseAlerts === 1 ? 'false alert' : 'false alerts';
  return `${found} of ${incidents} incidents found, ${plainNumber(falseAlerts)} ${alerts} in ${humanDuration(heldMs)}`;
}
