import { afterNothing } from '../domain/actions/again';
import { specOf } from '../domain/actions/table';
import { paceOf } from '../domain/actions/timing';
import { errorCode, errorMessage, isFinal } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { ExecuteInput, Executed, RemediationActivities } from '../domain/steps';
import type { Effect, Sighting } from '../ports/hands';
import type { IntentRow, IntentStore, KillSwitch } from '../ports/store';
import { callOff, effectOf, endedAs, halted, misled, outcome, outOfSight, told } from './intent-end';
import type { IntentEndDeps, Settled } from './intent-end';
import { requireService, wrongIdentity } from './remediation';

/** What acting works with. `heartbeat` tells Temporal that a long effect is still under way; `pause` waits without holding the process. */
export interface ExecutionDeps extends IntentEndDeps {
  readonly intents: Pick<IntentStore, 'get' | 'mark' | 'swap'>;
  readonly killSwitch: Pick<KillSwitch, 'halted'>;
  readonly heartbeat: (detail: string) => void;
  /** Milliseconds between heartbeats; shorter than their time-out. */
  readonly beatEveryMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Whether somebody cancelled it; that only this process ends is none. */
  readonly cancelled?: () => boolean;
}

/** How often it is asked of the store whether something was heard. */
const LISTEN_MS = 1_000;

/** At most one effect per intent: nothing is done without an intent, and nothing before looking whether it was done already. However it ends, its intent says how. */
export function createExecutionActivities(deps: ExecutionDeps): Pick<RemediationActivities, 'execute' | 'callOff'> {
  return {
    execute: (input) =>
      whileBeating(deps, async () => {
        const since = deps.clock.now();
        try {
          return await carryOut(deps, requireService(deps.inventory, input.environment, input.service), input);
        } catch (error) {
          if (deps.cancelled?.() === true) await callOff(deps, { ...input, stop: true, why: 'cancelled' }, since);
          else if (isFinal(error)) return outOfSight(deps, input, errorMessage(error));
          throw error;
        }
      }),
    callOff: (input) => callOff(deps, input),
  };
}

async function carryOut(deps: ExecutionDeps, service: Service, input: ExecuteInput): Promise<Executed> {
  const intent = await deps.intents.get(input.step.token);
  const wrong = wrongIdentity(service, await deps.hands.describe(service));
  if (wrong !== undefined) return misled(deps, input, intent, wrong);
  const effect = effectOf(input, intent?.intendedAt ?? input.step.intendedAt ?? deps.clock.now(), intent?.reference);
  const seen = await settle(deps, service, effect);
  if (!intent) return withoutIntent(deps, input, seen);
  // The world may forget.
  const ended = seen.state === 'absent' ? endedAs(deps, intent) : undefined;
  if (ended) return ended;
  const shown = seen.state === 'absent' ? await unanswered(deps, service, effect, { first: seen, intent, idempotent: input.step.idempotent === true }) : seen;
  // Whatever the store says, it was begun.
  if (shown.state !== 'absent') return conclude(deps, effect, shown, { found: intent.state !== 'intended', startedAt: intent.startedAt ?? intent.intendedAt });
  const { on, by } = await deps.killSwitch.halted();
  if (on) return halted(deps, effect, intent, `The kill switch is on${by === undefined ? '' : ` (by ${by})`}.`);
  return act(deps, service, effect, intent);
}

/** The store is older than the effect (it was restored): what was done is told, and nothing is done. */
function withoutIntent(deps: ExecutionDeps, { step }: ExecuteInput, seen: Sighting): Executed {
  if (seen.state === 'absent' && specOf(step.action).trace === 'store')
    return outcome(deps, 'ambiguous', `No intent is recorded for ${step.name}, and nothing but an earlier state of the store could tell whether it was done.`);
  if (seen.state === 'absent') return outcome(deps, 'refused', `No intent is recorded for ${step.name}; nothing was done.`);
  if (seen.state === 'done') return { state: 'done', detail: `${seen.detail} (its intent is not in the store)`, at: Date.parse(seen.at), found: true };
  return outcome(deps, seen.state === 'failed' ? 'failed' : 'ambiguous', seen.detail);
}

type Absent = Extract<Sighting, { readonly state: 'absent' }>;

/** An attempt began before and nothing shows of it: it has its time to show, and then is done again only where that does no harm. `absent`: it may be done. */
async function unanswered(
  deps: ExecutionDeps,
  service: Service,
  effect: Effect,
  { first, intent, idempotent }: { readonly first: Absent; readonly intent: IntentRow; readonly idempotent: boolean },
): Promise<Sighting> {
  if (intent.state === 'intended' || first.again) return first;
  // A store of the version before does not know when it began.
  const attempt = { startedAt: intent.startedAt ?? deps.clock.now(), idempotent };
  const { settleMs, pollMostMs } = paceOf(specOf(effect.action), deps.far);
  const next = (): ReturnType<typeof afterNothing> => afterNothing({ again: specOf(effect.action).again, settleMs }, attempt, deps.clock.now());
  for (let what = next(); what.kind !== 'do'; what = next()) {
    if (what.kind === 'ask') return { state: 'ambiguous', detail: what.reason };
    const { ms } = what;
    await deps.pause(Math.min(ms, pollMostMs));
    const seen = await settle(deps, service, effect);
    if (seen.state !== 'absent' || seen.again) return seen;
  }
  return first;
}

async function act(deps: ExecutionDeps, service: Service, effect: Effect, intent: IntentRow): Promise<Executed> {
  const { token } = effect;
  const attempt = intent.state === 'intended' ? 'first attempt' : 'another attempt; the one before left no trace';
  const begun = { state: 'started', startedAt: deps.clock.now() } as const;
  // One that was held up so long that another took over must not go on beside it.
  if (!(await deps.intents.swap(intent, { ...begun, detail: attempt }))) throw new Error('another attempt has begun meanwhile');
  let reference: string | undefined;
  try {
    const { settleMs } = paceOf(specOf(effect.action), deps.far);
    reference = await deps.hands.act(service, { ...effect, sendBefore: begun.startedAt + settleMs });
  } catch (error) {
    return notAnswered(deps, service, effect, { error, begun: { token, ...begun }, before: intent });
  }
  if (reference === undefined) return conclude(deps, effect, await settle(deps, service, effect, 'it was carried out'));
  await deps.intents.mark(token, 'started', `accepted as ${reference}`, { reference });
  return conclude(deps, effect, await settle(deps, service, { ...effect, reference }, `it was accepted as ${reference}`));
}

async function notAnswered(
  deps: ExecutionDeps,
  service: Service,
  effect: Effect,
  { error, begun, before }: { readonly error: unknown; readonly begun: Pick<IntentRow, 'token' | 'state' | 'startedAt'>; readonly before: IntentRow },
): Promise<Executed> {
  const code = errorCode(error);
  if (code === 'effect_failed') return conclude(deps, effect, { state: 'failed', detail: errorMessage(error) });
  if (code === 'not_begun') {
    // Nothing began, so that the next attempt follows the one before.
    const startedAt = before.state === 'intended' ? before.startedAt : begun.startedAt;
    await deps.intents.swap(begun, { state: before.state, startedAt, detail: errorMessage(error) });
    throw error;
  }
  // Whether it happened is not known from here; the world knows.
  const lost = code === 'ambiguous_effect' ? errorMessage(error) : `the answer was lost (${errorMessage(error)})`;
  const seen = await settle(deps, service, effect, lost);
  if (seen.state === 'absent' && !isFinal(error)) throw error;
  if (seen.state === 'absent' && code === 'ambiguous_effect') return conclude(deps, effect, { state: 'ambiguous', detail: lost });
  if (seen.state === 'absent' && seen.again && before.state === 'intended')
    return conclude(deps, effect, { state: 'failed', detail: `nothing was done: ${errorMessage(error)}` });
  if (seen.state === 'absent') return conclude(deps, effect, { state: 'ambiguous', detail: `${lost}, and nothing of it shows` });
  return conclude(deps, effect, seen);
}

/** Looks, and waits for an effect that is under way, as long as its own time-out allows. Where looking fails for good, `known` is what is told of it; while nothing is known, that is thrown. */
async function settle(deps: ExecutionDeps, service: Service, effect: Effect, known?: string): Promise<Sighting> {
  const until = deps.clock.now() + effect.timeoutMs;
  let seen = await looked(deps, service, effect, known);
  const { pollMs, pollMostMs } = paceOf(specOf(effect.action), deps.far);
  for (let pause = pollMs; seen.state === 'in-progress' && deps.clock.now() < until; pause = Math.min(pause * 2, pollMostMs)) {
    await untilHeard(deps, effect, pause);
    seen = await looked(deps, service, effect, `it was under way: ${seen.detail}`);
  }
  return seen.state === 'in-progress' ? { state: 'ambiguous', detail: `still under way after its time-out: ${seen.detail}` } : seen;
}

async function looked({ hands }: ExecutionDeps, service: Service, effect: Effect, known: string | undefined): Promise<Sighting> {
  try {
    return await hands.look(service, effect);
  } catch (error) {
    if (known === undefined || !isFinal(error)) throw error;
    return { state: 'ambiguous', detail: `${known}; what became of it cannot be looked up: ${errorMessage(error)}` };
  }
}

/** Pauses for so long, or until the other side tells something of the effect, which comes to whichever process takes messages in. */
async function untilHeard({ intents, pause }: ExecutionDeps, { token, action }: Effect, ms: number): Promise<void> {
  if (specOf(action).part === undefined) return pause(ms);
  const heardAt = async (): Promise<number | undefined> => (await intents.get(token))?.heardAt;
  const before = await heardAt();
  for (let left = ms; left > 0; left -= LISTEN_MS) {
    await pause(Math.min(left, LISTEN_MS));
    if ((await heardAt()) !== before) return;
  }
}

async function conclude(
  deps: ExecutionDeps,
  effect: Effect,
  seen: Sighting,
  { found = false, ...begun }: { readonly found?: boolean; readonly startedAt?: number } = {},
): Promise<Executed> {
  const settled: Settled =
    seen.state === 'absent' || seen.state === 'in-progress'
      ? { state: 'ambiguous', detail: seen.state === 'absent' ? 'it was carried out, but the target shows no trace of it' : seen.detail }
      : seen;
  await deps.intents.mark(effect.token, settled.state, settled.detail, begun);
  return told(deps, settled, found);
}

/** Heartbeats are billed, so short effects send none. One timer for all of it: a wait is made of many short pauses. */
async function whileBeating<T>(deps: ExecutionDeps, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => deps.heartbeat('under way'), deps.beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
