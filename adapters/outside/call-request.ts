import { allowedValues, requireAllowed, type AllowedCall } from '../../domain/actions/allowed';
import { fillTemplate, templateNames } from '../../domain/actions/template';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Effect } from '../../ports/hands';

/** An allowed call, filled. */
export interface CallRequest {
  readonly allowed: AllowedCall;
  readonly url: string;
  readonly body?: string;
  readonly headers: Headers;
}

/** Header that carries the token where the configuration names none. */
const TOKEN_HEADER = 'Idempotency-Key';

/** Fills a call. `headers` are those of the configuration, by name of the call. Throws `effect_failed` when it is not allowed, not for this service, or not with these inputs. */
export function callRequest(
  calls: readonly AllowedCall[],
  headers: Readonly<Record<string, Readonly<Record<string, string>>>>,
  service: Service,
  effect: Pick<Effect, 'inputs' | 'token' | 'incidentId'>,
): CallRequest {
  const { call: name = '', ...inputs } = effect.inputs;
  const allowed = requireAllowed('calls', calls, name);
  const values = allowedValues(allowed, inputs, service, effect);
  const body = allowed.body === undefined ? undefined : JSON.stringify(filled(allowed.body, values));
  const all = new Headers(headers[name]);
  if (body !== undefined) all.set('Content-Type', 'application/json');
  all.set(allowed.tokenHeader ?? TOKEN_HEADER, effect.token);
  return { allowed, url: filledUrl(allowed.url, values), headers: all, ...(body === undefined ? {} : { body }) };
}

/** A value stays one segment of the path, which is never empty, or one value of the query. */
function filledUrl(template: string, values: Readonly<Record<string, string>>): string {
  const [path = ''] = template.split('?');
  for (const name of templateNames(path)) {
    const value = values[name] ?? '';
    if (['', '.', '..'].includes(value))
      throw new NightshiftError('effect_failed', `${name} is ${JSON.stringify(value)}, which would lead to another address than the one that is allowed`);
  }
  return fillTemplate(template, values, encodeURIComponent);
}

function filled(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillTemplate(value, values);
  if (Array.isArray(value)) return value.map((each) => filled(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, values)]));
}
