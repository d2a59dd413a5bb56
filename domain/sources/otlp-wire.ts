import { z } from 'zod';
import type { Problem } from '../errors';
import { check } from '../schema-problems';
import { ENVIRONMENT_LABELS, environmentOf, serviceOf, valuesOf } from './names';
import { decode } from './protobuf';
import type { Shape } from './protobuf';
import type { SourceContext, WireMessage } from './source';
import { timeOf } from './to-alert';
import { hasMembers, readAs } from './wire';

/** A list that may be missing: both forms of OTLP leave out what is empty. */
export function list<T extends z.ZodType>(item: T): z.ZodType<z.output<T>[]> {
  return z
    .array(item)
    .nullish()
    .transform((given) => given ?? []);
}

/** A number as JSON has it, or as text where it has 64 bits or is none that JSON knows. */
export const scalar = z.union([z.number(), z.string()]).nullish();
/** See scalar. */
export type Scalar = z.output<typeof scalar>;

/** Text that may be missing. */
export const text = z.string().nullish();

/** Attributes, in any of the forms of AnyValue. */
export const attributes = list(z.looseObject({ key: text, value: z.unknown().optional() }));
/** See attributes. */
export type Attributes = z.output<typeof attributes>;

/** The resource that telemetry is about. */
export const resource = z.looseObject({ attributes }).nullish();
/** The part of a program that made it. */
export const scope = z.looseObject({ name: text }).nullish();

/** Attributes of a resource that tell one instance from others; the rest is about the machine and its programs. */
const TELLING = [
  'service.instance.id',
  'service.namespace',
  'service.version',
  'host.name',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.node.name',
  'k8s.container.name',
  'container.id',
  'process.pid',
  'cloud.region',
  'cloud.account.id',
  'faas.instance',
] as const;

/** Attributes that stand for the service where a program was given no name; SDKs write `unknown_service:node` then. */
const INSTEAD_OF_SERVICE = ['k8s.deployment.name', 'k8s.statefulset.name', 'k8s.daemonset.name', 'k8s.cronjob.name', 'faas.name', 'aws.ecs.task.family'];

/** Where telemetry is from. */
export interface Origin {
  readonly environment: string;
  readonly service: string;
  /** Labels that tell one instance from others. */
  readonly labels: readonly (readonly [string, string])[];
}

/** What an export holds: its JSON, or its protobuf decoded into the same names. Throws `unreadable`, or `too_large`. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function readExport<T>(message: WireMessage, shape: Shape, schema: z.ZodType<T>): T {
  const { bytes, json, headers } = message;
  const type = headers['content-type'] ?? '';
  const isJson = json !== undefined || type.includes('json') || bytes[0] === '{'.charCodeAt(0);
  // An export of nothing is no byte at all in protobuf; without its header an empty message is just empty.
  if (isJson || (bytes.length === 0 && !type.includes('protobuf'))) return readAs(message, schema);
  return readAs({ ...message, json: decode(bytes, shape) }, schema);
}

/** Those of the items that are as a schema says; one that is not costs nobody else: `wrong` is told of it. */
export function* readableItems<T>(items: readonly unknown[], schema: z.ZodType<T>, wrong: (item: unknown, problems: readonly Problem[]) => void): Generator<T> {
  for (const item of items) {
    const result = check(schema, item);
    if (result.ok) yield result.value;
    else wrong(item, result.problems);
  }
}

/** Whether a message is of this shape in protobuf, by what only its first item has. Broken ones are of no shape. */
export function isExport({ bytes, json }: WireMessage, shape: Shape, path: readonly [string, string, string], isItem: (item: unknown) => boolean): boolean {
  if (json !== undefined || bytes.length === 0) return false;
  try {
    const item = path.reduce<unknown>((at, name) => (hasMembers(at, name) && Array.isArray(at[name]) ? at[name][0] : undefined), decode(bytes, shape));
    return item !== undefined && isItem(item);
  } catch {
    return false;
  }
}

/** Service, environment and instance of a resource. */
export function originOf(given: z.output<typeof resource>, context: SourceContext): Origin {
  const pairs = pairsOf(given?.attributes ?? []);
  const all = Object.fromEntries([...pairs].reverse());
  const [name] = valuesOf(all, ['service.name']);
  const named = name !== undefined && !/^unknown_service\b/.test(name);
  return {
    environment: environmentOf(valuesOf(all, ENVIRONMENT_LABELS), context),
    service: serviceOf([...(named ? [name] : []), ...valuesOf(all, INSTEAD_OF_SERVICE), name], context),
    labels: TELLING.flatMap((label) => valuesOf(all, [label]).map((value) => [label, value ?? ''] as const)),
  };
}

/** Attributes as pairs of texts; those without a name are left out. */
export function pairsOf(given: Attributes): (readonly [string, string])[] {
  return given.flatMap(({ key, value }) => (typeof key === 'string' && key !== '' ? [[key, textOf(value)] as const] : []));
}

/** An AnyValue as text: what is a list or a map as JSON, and nothing as ''. */
export function textOf(value: unknown): string {
  const plain = plainOf(value);
  if (plain === undefined) return '';
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

/** ISO 8601 of nanoseconds since 1970; undefined for 0 (not known) and for what is no time. */
export function timeOfNano(nano: Scalar): string | undefined {
  const whole = wholeOf(nano);
  return whole === undefined || whole <= 0n ? undefined : timeOf(Number(whole / 1_000_000n));
}

/** Milliseconds between two times in nanoseconds; 0 where one is not known or they stand the wrong way round. */
export function msBetween(start: Scalar, end: Scalar): number {
  const from = wholeOf(start) ?? 0n;
  const to = wholeOf(end) ?? 0n;
  return from > 0n && to > from ? Number(to - from) / 1_000_000 : 0;
}

/** A finite number; undefined for anything else. */
export function numberOf(given: Scalar): number | undefined {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function wholeOf(given: Scalar): bigint | undefined {
  if (typeof given === 'string') return /^\d{1,20}$/.test(given) ? BigInt(given) : undefined;
  return typeof given === 'number' && Number.isFinite(given) && given >= 0 ? BigInt(Math.trunc(given)) : undefined;
}

function plainOf(value: unknown): unknown {
  if (hasMembers(value, 'stringValue')) return typeof value['stringValue'] === 'string' ? value['stringValue'] : undefined;
  for (const name of ['boolValue', 'intValue', 'doubleValue'] as const) if (hasMembers(value, name)) return scalarOf(value[name]);
  if (hasMembers(value, 'arrayValue')) return itemsOf(value['arrayValue']).map((item) => plainOf(item) ?? null);
  if (hasMembers(value, 'kvlistValue')) return Object.fromEntries(itemsOf(value['kvlistValue']).flatMap(entryOf));
  return hasMembers(value, 'bytesValue') ? '[bytes]' : undefined;
}

function scalarOf(value: unknown): unknown {
  // A number of 64 bits is text in both forms, and stays so: it may not fit a number.
  return typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function itemsOf(value: unknown): readonly unknown[] {
  // Some senders (and an example of the specification) leave out `values`.
  const items = hasMembers(value, 'values') ? value['values'] : value;
  return Array.isArray(items) ? items : [];
}

function entryOf(entry: unknown): (readonly [string, unknown])[] {
  return hasMembers(entry, 'key') && typeof entry['key'] === 'string' ? [[entry['key'], plainOf(entry['value']) ?? null]] : [];
}
