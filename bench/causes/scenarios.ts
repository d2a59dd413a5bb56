import { seededRandom } from '../../domain/seeded-random';
import type { CauseKind } from '../../domain/names';
import { pick } from '../random';

/** What is right to say and to do. */
export interface Truth {
  readonly cause: CauseKind;
  /** Releases that each proposal in turn may go back to; a restart; or nothing of ours. */
  readonly remedy: { readonly kind: 'back'; readonly to: readonly string[] } | { readonly kind: 'restart' } | { readonly kind: 'none' };
  /** Nothing that can be read tells the cause. */
  readonly unknowable: boolean;
}

/** Something that is done before the trouble and has nothing to do with it. */
export interface Step {
  /** Milliseconds since customers came. */
  readonly at: number;
  readonly what: 'deploy' | 'restart' | 'flag' | 'crowd';
  readonly release?: string;
}

/** One run: how the bookshop is played, and what is right. Times are milliseconds since customers came. */
export interface Plan {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Mean requests a second, and the seed of the customers. */
  readonly rate: number;
  readonly steps: readonly Step[];
  /** When the trouble is brought about. */
  readonly at: number;
  /** The release that is deployed as the trouble; others are faults of the practice service. */
  readonly bad?: string;
  /** An outsider tells of it so long after; absent where the limits of the service do. */
  readonly toldAfter?: number;
  readonly truth: Truth;
}

/** The faults of the practice service, and two in which nothing can be known: an alert on a service that is well, and one on a service of which nothing can be read. */
export const SCENARIOS = ['bad-release', 'memory-leak', 'dependency', 'two-releases', 'traffic-wave', 'unknown', 'false-alarm', 'unseen'] as const;
/** One of them. */
export type Scenario = (typeof SCENARIOS)[number];

/** The faults of the practice service: by the others only "undetermined" is judged, as there is no cause to name. */
export const FAULTS: readonly Scenario[] = SCENARIOS.filter((each) => each !== 'false-alarm' && each !== 'unseen');

/** A clean release, and the names that the bad one of 1.5.0 can have. */
export const CLEAN = '1.4.1';
export const BAD = ['1.5.0', '1.6.0', '1.10.0', '2.0.0'] as const;

const RATE = { least: 55, more: 25 } as const;
const BEFORE_MS = { least: 27_000, more: 10_000 } as const;
/** Innocent changes begin when there is something to compare with, and stand apart, as each replaces the process. */
const FIRST_MS = 7_000;
const APART_MS = 5_000;
/** And so long before the trouble that what was changed was seen to run well: anybody would look first at a release that came right before. */
const LAST_MS = 16_000;
const TOLD_MS = { least: 4_000, more: 6_000 } as const;

/** What can come before a trouble and has nothing to do with it; the same for every one. */
const INNOCENT = ['release', 'away-and-back', 'restart', 'flag'] as const;
type Innocent = (typeof INNOCENT)[number];

/** The run of a scenario by its seed; the same seed gives the same run. */
export function planOf(scenario: Scenario, seed: number): Plan {
  const random = seededRandom(seed * SCENARIOS.length + SCENARIOS.indexOf(scenario));
  const rate = Math.round(RATE.least + random() * RATE.more);
  const before = Math.round(BEFORE_MS.least + random() * BEFORE_MS.more);
  const innocent = shuffled(INNOCENT, random).slice(0, Math.floor(random() * (INNOCENT.length + 1)));
  const wanted = innocent.flatMap(stepsOf);
  const at = Math.max(before, FIRST_MS + APART_MS * wanted.length + LAST_MS);
  const steps = spread(wanted, at - LAST_MS, random);
  const crowd: Step[] = random() < 0.5 ? [{ at: Math.round(FIRST_MS + random() * (at - 2 * FIRST_MS)), what: 'crowd' }] : [];
  const bad = scenario === 'bad-release' ? pick(BAD, random) : undefined;
  const outside = !FAULTS.includes(scenario);
  return {
    ...{ scenario, seed, rate, at, steps: [...steps, ...crowd].sort((a, b) => a.at - b.at) },
    ...(bad === undefined ? {} : { bad }),
    ...(outside ? { toldAfter: Math.round(TOLD_MS.least + random() * TOLD_MS.more) } : {}),
    truth: truthOf(scenario, steps.findLast(({ release }) => release !== undefined)?.release ?? '1.4.0'),
  };
}

function truthOf(scenario: Scenario, running: string): Truth {
  const none = { kind: 'none' } as const;
  switch (scenario) {
    case 'bad-release':
      return { cause: 'bad-release', remedy: { kind: 'back', to: [running] }, unknowable: false };
    case 'two-releases':
      // Nothing tells which of the two it is: the newer one goes back first, then the older one.
      return { cause: 'bad-release', remedy: { kind: 'back', to: ['1.5.0', running] }, unknowable: false };
    case 'memory-leak':
      return { cause: 'resource-exhaustion', remedy: { kind: 'restart' }, unknowable: false };
    case 'dependency':
      return { cause: 'dependency-failure', remedy: none, unknowable: false };
    case 'traffic-wave':
      return { cause: 'traffic-surge', remedy: none, unknowable: false };
    default:
      return { cause: 'undetermined', remedy: none, unknowable: true };
  }
}

function stepsOf(innocent: Innocent): readonly Omit<Step, 'at'>[] {
  if (innocent === 'restart' || innocent === 'flag') return [{ what: innocent }];
  const release = { what: 'deploy', release: CLEAN } as const;
  return innocent === 'release' ? [release] : [release, { what: 'deploy', release: '1.4.0' }];
}

/** In their order over the time before the trouble, each with room for itself. */
function spread(steps: readonly Omit<Step, 'at'>[], until: number, random: () => number): Step[] {
  const room = until - FIRST_MS - APART_MS * Math.max(0, steps.length - 1);
  const offsets = steps.map(() => random() * room).sort((a, b) => a - b);
  return steps.map((step, i) => ({ ...step, at: Math.round(FIRST_MS + (offsets[i] ?? 0) + APART_MS * i) }));
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
