import type { AwsActionName } from '../../../domain/actions/table';
import { seededRandom } from '../../../domain/seeded-random';
import type { FaultEffect } from '../../../test/fakes/aws/faults';
import { pick } from '../../random';
import { ACTIONS, casesOf } from './scenarios';
import type { Case } from './scenarios';

/** When the worker is killed: as the focus makes its nth call or has its first effect, before the answer is sent; or so long after the begin. */
export type Moment = { readonly at: 'call'; readonly number: number } | { readonly at: 'effect' } | { readonly at: 'time' };

/** One SIGKILL of the worker, `delayMs` after its moment; another worker is started `pauseMs` later. */
export interface WorkerKill {
  readonly moment: Moment;
  readonly delayMs: number;
  readonly pauseMs: number;
}

/** Something that goes wrong with the calls of one action. */
export interface PlannedFault {
  readonly effect: FaultEffect;
  /** `sessions`: calls for credentials of a session, whose action nobody can tell. */
  readonly of: 'reads' | 'writes' | 'sessions';
  readonly times: number;
  /** Calls that are spared first. */
  readonly after: number;
  readonly delayMs: number;
}

/** What befalls one action in a run, and on which of its services. */
export interface ActionPlan {
  readonly on: Case;
  readonly faults: readonly PlannedFault[];
  /** How long what it begins is not seen; 0 for at once. */
  readonly lagMs: number;
}

/** What happens in one run: some of the actions are carried out once, side by side, each on a service of its own. */
export interface AwsPlan {
  readonly seed: number;
  /** Whose calls and effects the moments of the kills are counted by. */
  readonly focus: AwsActionName;
  readonly kills: readonly WorkerKill[];
  readonly actions: readonly ActionPlan[];
}

/** Calls of an action without faults at most, about: identity, preconditions, looking, session, acting, watching. */
const CALLS = 16;
/** Under the time in which an effect may come to show (`SETTLE_MS`), as it would be outside. */
const LATE_MS = 350;
const SLOW_MS = 300;
const TIME_MS = 1_500;
/** So many actions that a run takes no longer than a few seconds of a processor. */
const AT_ONCE = 5;
const WRITES: readonly FaultEffect[] = ['throttle', 'deny', 'drop', 'drop', 'fail', 'fail', 'stall', 'stall', 'slow', 'late', 'late', 'hang', 'refuse'];
const READS: readonly FaultEffect[] = ['throttle', 'drop', 'fail', 'slow', 'hang', 'refuse'];

/** The plan of a seed, a whole number of at least 1; always the same for a seed and the same scenarios; each action is the focus in turn. */
export function awsPlanOf(seed: number): AwsPlan {
  const random = seededRandom(seed);
  const focus = ACTIONS[seed % ACTIONS.length] as AwsActionName;
  const count = random() < 0.05 ? 0 : random() < 0.25 ? 2 : 1;
  const kills = Array.from({ length: count }, () => killOf(random));
  const actions = [focus, ...others(focus, random)].map((action) => actionPlan(action, random));
  return { seed, focus, kills, actions };
}

function others(focus: AwsActionName, random: () => number): AwsActionName[] {
  const left = ACTIONS.filter((action) => action !== focus);
  return Array.from({ length: Math.min(AT_ONCE - 1, left.length) }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

function actionPlan(action: AwsActionName, random: () => number): ActionPlan {
  const count = random() < 0.2 ? 0 : random() < 0.35 ? 2 : 1;
  const faults = Array.from({ length: count }, () => faultOf(random));
  return { on: pick(casesOf(action), random), faults, lagMs: random() < 0.6 ? 0 : Math.round(50 + random() * LATE_MS) };
}

function faultOf(random: () => number): PlannedFault {
  const drawn = random();
  const of = drawn < 0.65 ? 'writes' : drawn < 0.9 ? 'reads' : 'sessions';
  const effect = pick(of === 'writes' ? WRITES : READS, random);
  const delayMs = effect === 'late' ? 30 + random() * LATE_MS : random() * SLOW_MS;
  const after = of === 'reads' ? Math.floor(random() * 8) : random() < 0.25 ? 1 : 0;
  return { effect, of, times: random() < 0.75 ? 1 : 2, after, delayMs: Math.round(delayMs) };
}

function killOf(random: () => number): WorkerKill {
  const drawn = random();
  const moment: Moment = drawn < 0.5 ? { at: 'call', number: 1 + Math.floor(random() * CALLS) } : drawn < 0.75 ? { at: 'effect' } : { at: 'time' };
  const most = moment.at === 'time' ? TIME_MS : moment.at === 'effect' ? 25 : 12;
  return { moment, delayMs: Math.floor(random() * most), pauseMs: Math.floor(random() * 100) };
}
