import { median } from '../../domain/quantile';
import { MODES } from './model';
import type { Mode } from './model';
import type { Peer } from './peers';
import type { Run } from './run';
import { FAULTS, SCENARIOS } from './scenarios';

/** Shares from 0 to 1; null where nothing was judged by it. */
export interface Shares {
  readonly causeRight: number | null;
  readonly runbookRight: number | null;
  readonly undeterminedRight: number | null;
}

/** A run that came to nothing, as a process of it did not start or ended. */
export interface Unplayed {
  readonly fault: string;
  readonly seed: number;
  readonly reason: string;
}

/** What `bench causes` prints. The shares at the top are the least of all modes. */
export interface CausesResult extends Shares {
  readonly runs: number;
  readonly seeds: number;
  readonly from: number;
  readonly byMode: Readonly<Record<Mode, Shares>>;
  /** The worst mode of each. */
  readonly byFault: Readonly<Record<string, Shares & { readonly runs: number; readonly medianAlertMs: number | null }>>;
  /** Shares of the causes of faults that plain ways name rightly. */
  readonly peers: Readonly<Record<Peer, number | null>>;
  /** Questions whose answer was used, by mode. */
  readonly heard: Readonly<Record<Mode, number>>;
  /** Runs in which the machine let the benchmark wait for longer than `LATE_MS`: their service was slow by itself. */
  readonly disturbed: number;
  /** Runs that were disturbed so and played again, whatever had come of them. */
  readonly repeated: number;
  readonly unplayed: readonly Unplayed[];
  readonly misses: readonly {
    readonly fault: string;
    readonly seed: number;
    readonly modes: readonly Mode[];
    readonly said: string;
    readonly disturbed: boolean;
  }[];
}

/** A wait that spoils a run, milliseconds: a quarter of a scrape's beat. The practice service, of more processes, waits more often than we do; undisturbed runs stay below 150. */
const LATE_MS = 250;
/** The least share that is enough. */
export const ENOUGH = 0.95;
const NAMES = ['causeRight', 'runbookRight', 'undeterminedRight'] as const;

/** Counts runs together. */
export function scoreRuns(runs: readonly Run[], of: Pick<CausesResult, 'seeds' | 'from' | 'unplayed'>): CausesResult {
  const byMode = Object.fromEntries(MODES.map((mode) => [mode, sharesOf(runs, mode)])) as Record<Mode, Shares>;
  const faults = SCENARIOS.filter((each) => runs.some(({ plan }) => plan.scenario === each));
  const told = runs.filter(({ plan }) => FAULTS.includes(plan.scenario));
  return {
    ...{ runs: runs.length, ...least(runs), ...of, byMode },
    byFault: Object.fromEntries(
      faults.map((fault) => {
        const own = runs.filter(({ plan }) => plan.scenario === fault);
        return [fault, { runs: own.length, ...least(own), medianAlertMs: medianOf(own.flatMap(({ alertMs }) => alertMs ?? [])) }];
      }),
    ),
    peers: {
      newestChange: share(told.map(({ peers, plan }) => peers.newestChange === plan.truth.cause)),
      loudestSignal: share(told.map(({ peers, plan }) => peers.loudestSignal === plan.truth.cause)),
    },
    heard: Object.fromEntries(MODES.map((mode) => [mode, runs.filter(({ heard }) => heard[mode] === 'used').length])) as Record<Mode, number>,
    disturbed: runs.filter(isDisturbed).length,
    repeated: runs.filter(({ repeats }) => repeats > 0).length,
    misses: runs.flatMap(missOf),
  };
}

/** What was not reached, a sentence each. */
export function failuresOf({ byMode, heard, runs, unplayed }: CausesResult): string[] {
  const short = MODES.flatMap((mode) =>
    NAMES.filter((name) => (byMode[mode][name] ?? 1) < ENOUGH).map(
      (name) => `${name} is ${text(byMode[mode][name])} with the model ${mode}, below ${text(ENOUGH)}.`,
    ),
  );
  const lost = unplayed.map(({ fault, seed, reason }) => `${fault}, seed ${String(seed)}, could not be played: ${reason}`);
  return [...short, ...lost, ...(runs > 0 && heard.on === 0 ? ['No answer of the honest model was used, so that it was not measured.'] : [])];
}

function text(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function sharesOf(runs: readonly Run[], mode: Mode): Shares {
  const faults = runs.filter(({ plan }) => FAULTS.includes(plan.scenario));
  const of = (name: (typeof NAMES)[number]): number | null =>
    share((name === 'undeterminedRight' ? runs : faults).flatMap(({ judged }) => judged[mode][name] ?? []));
  return { causeRight: of('causeRight'), runbookRight: of('runbookRight'), undeterminedRight: of('undeterminedRight') };
}

function least(runs: readonly Run[]): Shares {
  const each = MODES.map((mode) => sharesOf(runs, mode));
  const of = (name: (typeof NAMES)[number]): number | null => {
    const shares = each.flatMap((one) => one[name] ?? []);
    return shares.length === 0 ? null : Math.min(...shares);
  };
  return { causeRight: of('causeRight'), runbookRight: of('runbookRight'), undeterminedRight: of('undeterminedRight') };
}

/** Whether the machine was too busy for a run to tell anything. */
export function isDisturbed({ lateMs }: Pick<Run, 'lateMs'>): boolean {
  return lateMs > LATE_MS;
}

function missOf(run: Run): CausesResult['misses'] {
  const { plan, judged, said } = run;
  const wrong = MODES.filter((mode) => NAMES.some((name) => judged[mode][name] === false));
  const [first] = wrong;
  return first === undefined ? [] : [{ fault: plan.scenario, seed: plan.seed, modes: wrong, said: said[first], disturbed: isDisturbed(run) }];
}

function share(right: readonly boolean[]): number | null {
  return right.length === 0 ? null : Math.round((1000 * right.filter(Boolean).length) / right.length) / 1000;
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.round(median(values));
}
