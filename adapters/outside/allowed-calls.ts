import { digestLabel, refusalOf, type AllowedCall } from '../../domain/actions/allowed';
import { settleCall, type CallFinding, type CallRecord } from '../../domain/actions/call-record';
import { NightshiftError } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { redact } from '../../domain/redact';
import type { Clock } from '../../ports/clock';
import type { Carrier, Effect, Sighting } from '../../ports/hands';
import type { StateStore } from '../../ports/store';
import { withoutSecrets } from '../local/command-context';
import { bodyText, causeMessage, neverSent } from '../local/http';
import { callRequest, type CallRequest } from './call-request';

/** What making allowed calls works with. */
export interface AllowedCallDeps {
  readonly calls: readonly AllowedCall[];
  /** Headers by name of the call, and which of their values are secret. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: readonly string[];
  readonly state: StateStore;
  readonly clock: Clock;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const LONGEST_SAID = 300;

/** Carries out `http.call`: a call goes out once, with the token in a header, is written down before, and is never redirected. One whose answer was lost is made again only where the other side takes a token twice for one, or the step may be done twice. */
export function createAllowedCalls(deps: AllowedCallDeps): Carrier {
  const { calls, headers, state, clock } = deps;
  // Only what is on record is asked for here, so that an answer is found whatever the configuration says by now.
  const dedupes = ({ inputs }: Pick<Effect, 'inputs'>): boolean => calls.find(({ name }) => name === inputs['call'])?.dedupes ?? false;
  return {
    async look(_service, effect) {
      const record = (await state.load(key(effect.token))) as CallRecord | undefined;
      // Nothing goes out before it is on record.
      return record ? sighting(settleCall(record, dedupes(effect), clock.now())) : { state: 'absent', again: true };
    },
    async act(service, effect) {
      const call = callRequest(calls, headers, service, effect);
      const record = await begin(deps, effect, call);
      const ended = { ...record, ...(await sent(deps, call, effect.timeoutMs)) };
      await state.save(key(effect.token), ended);
      const found = settleCall(ended, call.allowed.dedupes, clock.now());
      if (found.state === 'failed') throw new NightshiftError('effect_failed', found.detail);
      if (found.state === 'absent' && found.nothing) throw new NightshiftError('not_begun', found.detail);
      if (found.state !== 'done') throw new Error(found.detail);
      return undefined;
    },
    async unmet(service, effect) {
      return refusalOf(() => callRequest(calls, headers, service, { ...effect, token: 'token', incidentId: 'incident' }));
    },
    async preview(service, effect) {
      const { allowed, url, body } = callRequest(calls, headers, service, { ...effect, token: '<token>', incidentId: '<incident>' });
      return `calls ${digestLabel(allowed)} ${allowed.method} ${url}${body === undefined ? '' : ` with ${body}`}`;
    },
  };
}

function sighting(found: CallFinding): Sighting {
  if (found.state === 'done') return { ...found, at: new Date(found.at).toISOString() };
  return found.state === 'absent' ? { state: 'absent', ...(found.again ? { again: true } : {}) } : found;
}

/** Writes down that it begins. Another attempt that is on record is followed by this one only where that does no harm; it is not forgotten, as it may have had its effect. */
async function begin({ state, clock }: AllowedCallDeps, { token, timeoutMs, idempotent }: Effect, { allowed }: CallRequest): Promise<CallRecord> {
  const begunAt = clock.now();
  const record: CallRecord = { name: allowed.name, begunAt, deadline: begunAt + timeoutMs };
  if (await state.create(key(token), record)) return record;
  const before = (await state.load(key(token))) as CallRecord;
  const found = settleCall(before, allowed.dedupes, begunAt);
  if (found.state !== 'absent' || !(found.again || idempotent)) throw new Error(`${allowed.name} was begun before; what became of it is looked up`);
  const next: CallRecord = found.nothing ? record : { ...record, earlier: true };
  await state.save(key(token), next);
  return next;
}

async function sent(deps: AllowedCallDeps, { allowed, url, body, headers }: CallRequest, timeoutMs: number): Promise<Partial<CallRecord>> {
  const { clock, secrets } = deps;
  const plain = (text: string): string => plainText(redact(withoutSecrets(text, { variables: {}, secrets }))).slice(0, LONGEST_SAID);
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: allowed.method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) });
    // The status alone decides; what is said beside it may be cut off.
    const text = await bodyText(response, MAX_ANSWER_BYTES).catch(() => '');
    return { answer: { status: response.status, at: clock.now(), said: plain(text) } };
  } catch (error) {
    const lost = { at: clock.now(), reason: plain(causeMessage(error)) };
    return neverSent(error) ? { lost, notBegun: true } : { lost };
  }
}

function key(token: string): string {
  return `call:${token}`;
}
