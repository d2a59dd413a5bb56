import { seededRandom } from '../../domain/seeded-random';
import { pick } from '../random';

/** Faults that the seeds alternate between. */
export const FAULTS = ['bad-release', 'memory-leak'] as const;
/** A fault of the practice service. */
export type Fault = (typeof FAULTS)[number];

/** Where an incident can be when something is killed, in order. `deciding`: the answer of a person is on its way; `preparing`: answered, and nothing asked of the supervisor yet; `acting`: the supervisor is at work; `acted`: it is done, and Nightshift has not said so yet. */
export const STAGES = ['detecting', 'opened', 'awaiting-approval', 'deciding', 'preparing', 'acting', 'acted', 'verifying', 'watching'] as const;
/** One of the stages. */
export type Stage = (typeof STAGES)[number];

/** What is killed: `system` is Nightshift's one process (its Temporal server ends with it), `everything` is all three at once, as when the machine loses its power. */
export const VICTIMS = ['system', 'supervisor', 'temporal', 'everything'] as const;
/** One of the victims. */
export type Victim = (typeof VICTIMS)[number];

/** One SIGKILL: `delayMs` after the stage was reached; the victim is started again `pauseMs` later. */
export interface Kill {
  readonly stage: Stage;
  readonly victim: Victim;
  readonly delayMs: number;
  readonly pauseMs: number;
}

/** What happens in one run. */
export interface Plan {
  readonly seed: number;
  readonly fault: Fault;
  /** In the order of their stages, each at another stage. */
  readonly kills: readonly Kill[];
}

/** Longest delay by stage, milliseconds: about as long as the stage lasts. */
const DELAYS: Readonly<Record<Stage, number>> = {
  ...{ detecting: 2500, opened: 200, 'awaiting-approval': 300, deciding: 60, preparing: 60 },
  ...{ acting: 600, acted: 40, verifying: 2200, watching: 900 },
};
const PAUSE_MS = 300;
const SECOND_KILL_SHARE = 0.25;

/**
 * The plan of a seed, a whole number of at least 1; always the same for a seed. Any 36 seeds in a row visit every stage with both faults, each once with a victim that takes
 * Nightshift's process down and once with another.
 */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const index = seed - 1;
  const round = Math.floor(index / (FAULTS.length * STAGES.length));
  const stage = Math.floor(index / FAULTS.length) % STAGES.length;
  const takesProcess = (index + round) % 2 === 0;
  const kills = [killAt(stage, pick(poolOf(STAGES[stage], takesProcess), random), random)];
  if (stage + 1 < STAGES.length && random() < SECOND_KILL_SHARE) {
    const later = stage + 1 + Math.floor(random() * (STAGES.length - stage - 1));
    kills.push(killAt(later, pick(VICTIMS, random), random));
  }
  return { seed, fault: FAULTS[index % FAULTS.length] ?? FAULTS[0], kills };
}

// Only a supervisor that lives on shows an effect that is done twice.
function poolOf(stage: Stage | undefined, takesProcess: boolean): readonly Victim[] {
  if (!takesProcess) return ['supervisor', 'temporal'];
  return stage === 'acting' ? ['system'] : ['system', 'system', 'everything'];
}

function killAt(index: number, victim: Victim, random: () => number): Kill {
  const stage = STAGES[index] ?? STAGES[0];
  return { stage, victim, delayMs: Math.round(random() * DELAYS[stage]), pauseMs: Math.round(random() * PAUSE_MS) };
}
