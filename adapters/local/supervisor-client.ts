import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import { bodyText, causeMessage, readText } from './http';

/** Limits of the calls that only read. */
export interface SupervisorOptions {
  readonly timeoutMs: number;
}

const MAX_BYTES = 4 * 1024 * 1024;
const text = z.string().nullish();
const stateSchema = z.object({
  account: z.string(),
  region: z.string(),
  service: z.string(),
  current: text,
  previous: text,
  releases: z.array(z.string()),
  instances: z.array(z.object({ id: z.union([z.string(), z.number()]), startedAt: z.union([z.string(), z.number()]).nullish(), healthy: z.boolean() })),
});
const entrySchema = z.object({
  kind: z.string(),
  token: text,
  release: text,
  state: z.enum(['started', 'done', 'failed', 'interrupted']),
  startedAt: z.union([z.string(), z.number()]),
  endedAt: z.union([z.string(), z.number()]).nullish(),
  detail: text,
});

/** State of the supervised service. */
export type SupervisorState = z.infer<typeof stateSchema>;
/** One call in the supervisor's ledger. */
export type LedgerEntry = z.infer<typeof entrySchema>;

const ledgerSchema = z.object({ entries: z.array(entrySchema) });
const actionSchema = z.object({ entry: entrySchema });
const refusalSchema = z.object({ error: z.unknown() });

/** Base address of the supervisor of a service. Throws `invalid_input` where the inventory names none. */
export function supervisorUrl(service: Service): string {
  if (service.hands?.kind !== 'supervisor')
    throw new NightshiftError('invalid_input', `${service.name} has no supervisor in the inventory; add hands to act on it`);
  return service.hands.url.replace(/\/+$/, '');
}

/** Reads the state. Throws `unreachable`. */
export function readState(base: string, options: SupervisorOptions): Promise<SupervisorState> {
  return readJson(`${base}/v1/state`, stateSchema, options);
}

/** Ledger entries that carry a token, in the order of the calls. Throws `unreachable`. */
export async function readLedger(base: string, token: string, options: SupervisorOptions): Promise<readonly LedgerEntry[]> {
  const { entries } = await readJson(`${base}/v1/ledger?token=${encodeURIComponent(token)}`, ledgerSchema, options);
  return entries.filter((entry) => entry.token === token);
}

/** A JSON answer of a known shape. Throws `unreachable` when there is none. */
export async function readJson<T>(url: string, schema: z.ZodType<T>, options: SupervisorOptions): Promise<T> {
  const body = await readText(url, { ...options, maxBytes: MAX_BYTES });
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) throw new NightshiftError('unreachable', `${url}: the answer is not what a supervisor says: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * Sends one effect, once. Returns the ledger entry when it is done; throws `effect_failed` when the supervisor says that it failed or was refused, and a plain error (no code)
 * when the outcome is not known.
 */
export async function postEffect(url: string, body: Readonly<Record<string, string>>, timeoutMs: number): Promise<LedgerEntry> {
  const { status, answer } = await send(url, body, timeoutMs);
  // A time-out or overload is said before or during the effect: it proves nothing.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const refusal = refusalSchema.safeParse(answer);
    throw new NightshiftError('effect_failed', `the supervisor answered ${status}: ${refusal.success ? errorText(refusal.data.error) : 'no reason given'}`);
  }
  const parsed = actionSchema.safeParse(answer);
  if (status !== 200 || !parsed.success) throw new Error(`the supervisor answered ${status} and not that it is done; whether it happened is not known`);
  const { entry } = parsed.data;
  if (entry.state === 'failed') throw new NightshiftError('effect_failed', entry.detail ?? 'the supervisor says that it failed');
  if (entry.state !== 'done') throw new Error(`the supervisor left it ${entry.state}; whether it happened is not known`);
  return entry;
}

async function send(url: string, body: Readonly<Record<string, string>>, timeoutMs: number): Promise<{ readonly status: number; readonly answer: unknown }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    return { status: response.status, answer: parseJson(await bodyText(response, MAX_BYTES)) };
  } catch (error) {
    throw new Error(`no answer from the supervisor (${causeMessage(error)}); whether it happened is not known`, { cause: error });
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function errorText(error: unknown): string {
  return typeof error === 'string' ? error : typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : JSON.stringify(error);
}
