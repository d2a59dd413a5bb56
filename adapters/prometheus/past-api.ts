import { z } from 'zod';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { readAnswer } from '../local/http';

/** Where a server is, without a slash at its end, and what is sent to it as `Authorization`. */
export interface ServerOptions {
  readonly url: string;
  readonly authorization?: string;
}

/** A series with its points: epoch milliseconds and value. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

const LIMITS = { timeoutMs: 60_000, maxBytes: 128 * 1024 * 1024 } as const;

const envelope = z.object({ status: z.string(), error: z.string().optional(), data: z.unknown().optional() });
const matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])).default([]) })),
});
const rules = z.object({ groups: z.array(z.looseObject({ interval: z.number(), rules: z.array(z.looseObject({ name: z.string(), type: z.string() })) })) });

/** What the rules of a Prometheus tell: how often they are looked at (the shortest, milliseconds), and the names of alerts; undefined where it does not tell. */
export interface AlertRules {
  readonly everyMs: number | undefined;
  readonly names: readonly string[] | undefined;
}

/** Series of a query over a range. Throws `unreachable` with the server's own words. https://prometheus.io/docs/prometheus/latest/querying/api/ */
export async function queryRange(
  server: ServerOptions,
  query: string,
  range: { readonly from: number; readonly to: number; readonly stepMs: number },
): Promise<readonly Series[]> {
  const params = new URLSearchParams({ query, start: String(range.from / 1000), end: String(range.to / 1000), step: String(range.stepMs / 1000) });
  const data = await ask(server, `/api/v1/query_range?${params.toString()}`);
  const found = matrix.safeParse(data);
  if (!found.success) throw new NightshiftError('unreachable', `${server.url} answered with something else than a matrix`);
  return found.data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([at, value]) => [Math.round(at * 1000), Number(value)] as const),
  }));
}

/** The alerting rules, or nothing where the server has no such page (some that speak the API have none). */
export async function readAlertRules(server: ServerOptions): Promise<AlertRules> {
  const found = rules.safeParse(await ask(server, '/api/v1/rules?type=alert').catch(() => undefined));
  if (!found.success) return { everyMs: undefined, names: undefined };
  const groups = found.data.groups.filter((group) => group.rules.length > 0);
  const every = groups.map(({ interval }) => interval * 1000);
  return { everyMs: every.length > 0 ? Math.min(...every) : undefined, names: groups.flatMap((group) => group.rules.map(({ name }) => name)) };
}

/** The JSON that a GET of an Alertmanager's API answers. Throws `unreachable`. */
export async function askAlertmanager({ url, authorization }: ServerOptions, path: string): Promise<unknown> {
  const { status, text } = await readAnswer(`${url}${path}`, { ...LIMITS, ...(authorization !== undefined && { headers: { authorization } }) });
  if (status !== 200) throw new NightshiftError('unreachable', `${url} answered ${String(status)} to ${path}: is it an Alertmanager, with its API v2?`);
  return parsed(url, text);
}

/** Whether a Prometheus answers at all. Throws `unreachable` that says what is wrong. */
export async function checkPrometheus(server: ServerOptions): Promise<void> {
  await ask(server, '/api/v1/query?query=vector(1)');
}

async function ask({ url, authorization }: ServerOptions, path: string): Promise<unknown> {
  const { status, text } = await readAnswer(`${url}${path}`, { ...LIMITS, ...(authorization !== undefined && { headers: { authorization } }) });
  const answer = envelope.safeParse(status === 401 || status === 403 ? undefined : parsed(url, text));
  if (status === 401 || status === 403)
    throw new NightshiftError('unreachable', `${url} answered ${String(status)}: it wants a token; name its file with --token-file.`);
  if (!answer.success) throw new NightshiftError('unreachable', `${url} answered ${String(status)}, and not as a Prometheus does`);
  if (answer.data.status !== 'success')
    throw new NightshiftError('unreachable', `${url} answered: ${plainText(answer.data.error ?? 'no reason given').slice(0, 300)}`);
  return answer.data.data;
}

function parsed(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NightshiftError('unreachable', `${url} did not answer with JSON: ${errorMessage(error).slice(0, 100)}`);
  }
}
