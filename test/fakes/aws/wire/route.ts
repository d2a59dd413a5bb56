import type { StaticStructureSchema } from '@smithy/types';
import type { OperationModel } from './model';
import type { WireRequest } from './protocol';

/** Where a REST request leads: an operation and what its path says. */
export interface Route {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

/** A bucket that stands before the path, as S3's requests have it. */
export interface Bucketed {
  readonly bucket: string | undefined;
  readonly path: string;
}

/** Takes the bucket off an S3 path. */
export function bucketOf(path: string): Bucketed {
  const [, bucket = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  return { bucket: bucket === '' ? undefined : decodeURIComponent(bucket), path: rest === '' ? '/' : rest };
}

/** The operation that a request's method, path, query and headers fit best, or undefined. `bucket` is given where the service's paths leave it out. */
export function route(operations: Iterable<OperationModel>, request: WireRequest, bucketed?: Bucketed): Route | undefined {
  let best: (Route & { readonly score: number }) | undefined;
  for (const operation of operations) {
    const found = fit(operation, request, bucketed);
    if (found && (!best || found.score > best.score)) best = found;
  }
  return best;
}

function fit(operation: OperationModel, request: WireRequest, bucketed: Bucketed | undefined): (Route & { score: number }) | undefined {
  const [method, uri = ''] = operation.http ?? [];
  if (method !== request.method) return undefined;
  if (bucketed && hasMember(operation, 'Bucket') !== (bucketed.bucket !== undefined)) return undefined;
  const [pattern = '', literals = ''] = uri.split('?');
  const labels = matchPath(pattern, bucketed?.path ?? request.path);
  if (!labels) return undefined;
  const asked = [...new URLSearchParams(literals)].filter(([name]) => name !== 'x-id');
  if (!asked.every(([name, value]) => request.query.has(name) && (value === '' || request.query.get(name) === value))) return undefined;
  if (!allRequired(operation, request)) return undefined;
  const named = request.query.get('x-id') === operation.name ? 10_000 : 0;
  return { operation, labels, score: named + 1_000 * asked.length + present(operation, request) - 100 * Object.keys(labels).length };
}

/** Whether the parameters and headers are there that the operation cannot do without; a structure's required members come first, and it says how many they are. */
function allRequired({ input }: OperationModel, { query, headers }: WireRequest): boolean {
  const schema = input.getSchema() as StaticStructureSchema | string;
  const count = Array.isArray(schema) ? (schema[6] ?? 0) : 0;
  if (count === 0) return true;
  return [...input.structIterator()].slice(0, count).every(([, member]) => {
    const { httpQuery, httpHeader } = member.getMergedTraits();
    return (httpQuery === undefined || query.has(httpQuery)) && (httpHeader === undefined || headers[httpHeader.toLowerCase()] !== undefined);
  });
}

/** How many of the operation's own query parameters and headers are there; a parameter says more than a header. */
function present(operation: OperationModel, { query, headers }: WireRequest): number {
  let score = 0;
  if (operation.input.isUnitSchema()) return score;
  for (const [, member] of operation.input.structIterator()) {
    const { httpQuery, httpHeader } = member.getMergedTraits();
    if (httpQuery !== undefined && query.has(httpQuery)) score += 50;
    if (httpHeader !== undefined && headers[httpHeader.toLowerCase()] !== undefined) score += 1;
  }
  return score;
}

function hasMember({ input }: OperationModel, name: string): boolean {
  return !input.isUnitSchema() && [...input.structIterator()].some(([each]) => each === name);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const source = pattern.replace(/\/$/, '').replace(/\{(\w+)(\+?)\}|[.*+?^$()|[\]\\]/g, (whole, name: string | undefined, greedy: string) => {
    if (name === undefined) return `\\${whole}`;
    names.push(name);
    return greedy === '+' ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${source}/?$`).exec(path) ?? (names.length > 0 ? new RegExp(`^${source}$`).exec(path) : null);
  return found ? Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')])) : undefined;
}
