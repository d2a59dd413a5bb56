import { specOf } from '../domain/actions/table';
import { paceOf } from '../domain/actions/timing';
import type { Pace } from '../domain/actions/timing';
import { defined } from '../domain/defined';
import { errorMessage } from '../domain/errors';
import type { Inventory, Service } from '../domain/inventory';
import type { CallOffInput, ExecuteInput, Executed } from '../domain/steps';
import type { Clock } from '../ports/clock';
import type { Effect, Hands, Sighting } from '../ports/hands';
import type { IntentRow, IntentStore } from '../ports/store';
import { requireService } from './remediation';

/** What ending an intent works with. */
export interface IntentEndDeps {
  readonly intents: Pick<IntentStore, 'get' | 'swap'>;
  readonly hands: Hands;
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** How what is begun far away is watched. */
  readonly far?: Pace | undefined;
  /** Waits although it was cancelled; without it, what was asked to stop is looked at once. */
  readonly linger?: (ms: number) => Promise<unknown>;
  /** How long the activity that runs may take from its beginning to its end, milliseconds. */
  readonly allowedMs?: () => number | undefined;
}

/** How an intent ended. */
export type Settled = Extract<Sighting, { readonly state: 'done' | 'failed' | 'ambiguous' }>;

const ASKED = 'asked to stop: ';
/** How long what was asked to stop is watched. */
const STOPS_WITHIN_MS = 10_000;
/** What is left of the time of the activity after watching, for the last look and for writing down, at most this share of it. */
const [LEFT_MS, LEFT_SHARE] = [5_000, 0.4];

/** It cannot be looked up, and trying again will not help: what the store says decides, and a person is asked unless that is that nothing was sent. */
export async function outOfSight(deps: IntentEndDeps, { step }: ExecuteInput, why: string): Promise<Executed> {
  const intent = await deps.intents.get(step.token);
  if (!intent) return outcome(deps, 'ambiguous', `No intent is recorded for ${step.name}, and it cannot be looked up: ${why}`);
  const ended = endedAs(deps, intent);
  if (ended) return ended;
  // An attempt is on record before anything is sent, and a store that was put back says `started` of whatever could not be seen to be absent (recoverStore).
  return intent.state === 'intended'
    ? end(deps, intent, { state: 'failed', detail: `nothing was done, as it cannot be looked up whether it was done before: ${why}` })
    : end(deps, intent, { state: 'ambiguous', detail: `${beganText(intent)}; what became of it cannot be looked up: ${why}` });
}

/** Another target answers than the one that was approved. */
export async function misled(deps: IntentEndDeps, input: ExecuteInput, intent: IntentRow | undefined, why: string): Promise<Executed> {
  if (!intent) return outcome(deps, 'refused', why);
  return intent.state === 'intended' ? end(deps, intent, { state: 'failed', detail: why }) : outOfSight(deps, input, why);
}

/** The kill switch is on. What may have happened already is not told as untried, unless another proposal of it, which would have another token, does no harm. */
export async function halted(deps: IntentEndDeps, { action }: Effect, intent: IntentRow, why: string): Promise<Executed> {
  if (intent.state === 'intended') return { ...(await end(deps, intent, { state: 'failed', detail: why })), state: 'halted' };
  const ended = await end(deps, intent, { state: 'ambiguous', detail: `${why} An earlier attempt may have happened` });
  return specOf(action).again === 'safe' ? { ...ended, state: 'halted' } : ended;
}

/** Nobody goes on with it: what was begun is ended as far as it can be where that is wanted, and what is known of it is written down, as nobody comes to look at it later. */
export async function callOff(deps: IntentEndDeps, { stop, why, ...input }: CallOffInput, since = deps.clock.now()): Promise<Executed> {
  const intent = await deps.intents.get(input.step.token);
  if (!intent) return outcome(deps, 'ambiguous', `${why}, and no intent is recorded for ${input.step.name}`);
  const ended = endedAs(deps, intent);
  if (ended) return ended;
  if (intent.state === 'intended') return end(deps, intent, { state: 'failed', detail: `${why} before it was begun: ${input.step.name}` });
  const seen = await lastSeen(deps, input, intent, { stop, since });
  if (seen.state === 'done' || seen.state === 'failed') return end(deps, intent, seen);
  const detail = seen.state === 'absent' ? (seen.detail ?? 'nothing of it shows') : seen.detail;
  return end(deps, intent, { state: 'ambiguous', detail: `${why} (${beganText(intent)}): ${detail}` });
}

/** Whatever comes of asking it to stop, and of looking, is told. */
async function lastSeen(
  deps: IntentEndDeps,
  input: ExecuteInput,
  intent: IntentRow,
  { stop, since }: { readonly stop: boolean; readonly since: number },
): Promise<Sighting> {
  let asked = '';
  try {
    const service = requireService(deps.inventory, input.environment, input.service);
    const effect = effectOf(input, intent.intendedAt, intent.reference);
    if (stop) asked = (await stopped(deps, service, effect)) ? ASKED : 'it goes on, as it cannot be stopped: ';
    const seen = await (asked === ASKED ? watched(deps, service, effect, watchedUntil(deps, since)) : deps.hands.look(service, effect));
    return seen.state === 'in-progress' || seen.state === 'ambiguous' ? { state: 'ambiguous', detail: `${asked}${seen.detail}` } : seen;
  } catch (error) {
    return { state: 'ambiguous', detail: `${asked}what became of it cannot be looked up: ${errorMessage(error)}` };
  }
}

async function stopped({ hands }: IntentEndDeps, service: Service, effect: Effect): Promise<boolean> {
  try {
    return (await hands.stop?.(service, effect)) === true;
  } catch {
    return false;
  }
}

/** Another attempt would ask it to stop once more, and could not write down what this one has written. */
function watchedUntil({ allowedMs }: IntentEndDeps, since: number): number {
  const allowed = allowedMs?.() ?? Infinity;
  return since + allowed - Math.min(LEFT_MS, LEFT_SHARE * allowed);
}

/** Stopping takes a while, and nobody looks later. */
async function watched({ hands, linger, far, clock }: IntentEndDeps, service: Service, effect: Effect, until: number): Promise<Sighting> {
  let seen = await hands.look(service, effect);
  const { pollMs } = paceOf(specOf(effect.action), far);
  const left = (waited: number): number => Math.min(STOPS_WITHIN_MS - waited, until - clock.now());
  for (let waited = 0, ms = pollMs; linger && seen.state === 'in-progress' && left(waited) > 0; ms = Math.min(2 * ms, 2_000)) {
    const wait = Math.min(ms, left(waited));
    await linger(wait);
    waited += wait;
    seen = await hands.look(service, effect);
  }
  return seen;
}

function beganText({ reference }: IntentRow): string {
  return reference === undefined ? 'an attempt began, and its answer was lost' : `it was accepted as ${reference}`;
}

/** Ends an intent as it was read; another attempt that has begun meanwhile is looked at anew. */
async function end(deps: IntentEndDeps, intent: IntentRow, settled: Settled): Promise<Executed> {
  // A store of the version before does not know when it began.
  const startedAt = intent.state === 'intended' ? intent.startedAt : (intent.startedAt ?? intent.intendedAt);
  if (!(await deps.intents.swap(intent, { state: settled.state, startedAt, detail: settled.detail }))) throw new Error('another attempt has begun meanwhile');
  return untried({ startedAt }, told(deps, settled, true));
}

/** How an intent has ended, as the result of its step; undefined while it is open. */
export function endedAs(deps: IntentEndDeps, intent: IntentRow): Executed | undefined {
  const settled = settledAs(intent);
  return settled && untried(intent, told(deps, settled, true));
}

/** What no attempt was made at has not failed. */
function untried({ startedAt }: { readonly startedAt?: number | undefined }, executed: Executed): Executed {
  return startedAt === undefined && executed.state === 'failed' ? { ...executed, state: 'refused' } : executed;
}

/** What the store says of an intent that has ended. */
function settledAs({ state, detail = '', startedAt, intendedAt }: IntentRow): Settled | undefined {
  if (state === 'done') return { state, detail, at: new Date(startedAt ?? intendedAt).toISOString() };
  return state === 'failed' || state === 'ambiguous' ? { state, detail } : undefined;
}

/** It as the result of a step; `found` where this attempt did not do it. */
export function told(deps: IntentEndDeps, settled: Settled, found: boolean): Executed {
  if (settled.state !== 'done') return outcome(deps, settled.state, settled.detail);
  return { state: 'done', detail: settled.detail, at: Date.parse(settled.at), found };
}

/** The effect of a step. */
export function effectOf({ incidentId, target, step }: ExecuteInput, intendedAt: number, reference: string | undefined): Effect {
  const { token, action, inputs, timeoutMs, idempotent, approval } = step;
  return defined({ token, incidentId, action, inputs, target, intendedAt, timeoutMs, idempotent, reference, approval });
}

/** A result that is told now. */
export function outcome(deps: IntentEndDeps, state: Executed['state'], detail: string): Executed {
  return { state, detail, at: deps.clock.now(), found: false };
}
