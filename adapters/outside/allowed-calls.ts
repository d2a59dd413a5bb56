import { allowedValues, type AllowedCall } from '../../domain/actions/allowed';
import { settleCall, type CallFinding, type CallRecord } from '../../domain/actions/call-record';
import { fillTemplate } from '../../domain/actions/template';
import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import { suggestion } from '../../domain/nearest';
import { plainText } from '../../domain/plain-text';
import { redact } from '../../domain/redact';
import type { Clock } from '../../ports/clock';
import type { Carrier, Effect } from '../../ports/hands';
import type { StateStore } from '../../ports/store';
import { bodyText, causeMessage } from '../local/http';

/** What making allowed calls works with. */
export interface AllowedCallDeps {
  readonly calls: readonly AllowedCall[];
  /** Headers with their secrets, by name of the call. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly state: StateStore;
  readonly clock: Clock;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const LONGEST_SAID = 300;
/** The connection was never made, so that nothing went out. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Carries out `http.call`: a call goes out once, with the token in a header, is written down before, and is never redirected. One whose answer was lost is made again only where the other side takes a token twice for one. */
export function createAllowedCalls(deps: AllowedCallDeps): Carrier {
  return {
    async look(service, effect) {
      const record = await recordOf(deps, effect.token);
      if (!record) return { state: 'absent' };
      const found = settleCall(record, prepared(deps, service, effect).allowed.dedupes, deps.clock.now());
      if (found.state === 'done') return { ...found, at: new Date(found.at).toISOString() };
      return found.state === 'absent' ? { state: 'absent', ...(found.again ? { again: true } : {}) } : found;
    },
    async act(service, effect) {
      const call = prepared(deps, service, effect);
      const { name, dedupes } = call.allowed;
      const begunAt = deps.clock.now();
      const record: CallRecord = { name, begunAt, deadline: begunAt + effect.timeoutMs };
      if (!(await deps.state.create(key(effect.token), record))) await deps.state.save(key(effect.token), record);
      const ended = { ...record, ...(await sent(call, effect.timeoutMs, deps.clock)) };
      await deps.state.save(key(effect.token), ended);
      const found = settleCall(ended, dedupes, deps.clock.now());
      if (found.state === 'failed') throw new NightshiftError('effect_failed', found.detail);
      if (found.state === 'absent') throw unsettled(ended, found);
      return undefined;
    },
    async unmet(service, effect) {
      try {
        prepared(deps, service, { ...effect, token: '', incidentId: '' });
        return undefined;
      } catch (error) {
        if (errorCode(error) === 'effect_failed') return `${errorMessage(error)}.`;
        throw error;
      }
    },
    async preview(service, effect) {
      const { allowed, url, body } = prepared(deps, service, { ...effect, token: '<token>', incidentId: '<incident>' });
      return `calls ${allowed.method} ${url}${body === undefined ? '' : ` with ${body}`}`;
    },
  };
}

function unsettled({ notBegun, answer }: CallRecord, found: CallFinding): Error {
  return notBegun || (answer && answer.status < 500) ? new NightshiftError('not_begun', found.detail) : new Error(found.detail);
}

interface Call {
  readonly allowed: AllowedCall;
  readonly url: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws `effect_failed` when the call is not allowed, not for this service, or not with these inputs. */
function prepared({ calls, headers }: AllowedCallDeps, service: Service, effect: Pick<Effect, 'inputs' | 'token' | 'incidentId'>): Call {
  const { call: name = '', ...inputs } = effect.inputs;
  const allowed = calls.find((each) => each.name === name);
  if (!allowed)
    throw new NightshiftError(
      'effect_failed',
      `${name} is not among actions.calls; ${suggestion(
        name,
        calls.map((each) => each.name),
      )}`,
    );
  const values = allowedValues(allowed, inputs, { service: service.name, environment: service.environment, token: effect.token, incident: effect.incidentId });
  const body = allowed.body === undefined ? undefined : JSON.stringify(filled(allowed.body, values));
  const own = { [allowed.tokenHeader ?? 'Idempotency-Key']: effect.token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  return { allowed, url: filledUrl(allowed.url, values), headers: { ...headers[name], ...own }, ...(body === undefined ? {} : { body }) };
}

/** A value stays one segment of the path, or one value of the query. */
function filledUrl(template: string, values: Readonly<Record<string, string>>): string {
  return fillTemplate(template, values, (value) => {
    if (value === '.' || value === '..')
      throw new NightshiftError('effect_failed', `${JSON.stringify(value)} would lead to another address than the one that is allowed`);
    return encodeURIComponent(value);
  });
}

function filled(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillTemplate(value, values);
  if (Array.isArray(value)) return value.map((each) => filled(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, values)]));
}

async function sent({ allowed, url, body, headers }: Call, timeoutMs: number, clock: Clock): Promise<Partial<CallRecord>> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: allowed.method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) });
    // The status alone decides; what is said beside it may be cut off.
    const text = await bodyText(response, MAX_ANSWER_BYTES).catch(() => '');
    return { answer: { status: response.status, at: clock.now(), said: plainText(redact(text)).slice(0, LONGEST_SAID) } };
  } catch (error) {
    const lost = { at: clock.now(), reason: causeMessage(error) };
    return NOT_CONNECTED.includes(codeOf(error)) ? { lost, notBegun: true } : { lost };
  }
}

function codeOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

async function recordOf({ state }: AllowedCallDeps, token: string): Promise<CallRecord | undefined> {
  return (await state.load(key(token))) as CallRecord | undefined;
}

function key(token: string): string {
  return `call:${token}`;
}
