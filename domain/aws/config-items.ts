import type { Change } from '../change';
import { digestId } from '../outside-text';
import { consoleLink } from '../sources/aws-names';
import { words } from '../sources/cloudwatch-names';
import { SERVICE_LABELS, serviceOf, valuesOf } from '../sources/names';
import type { SourceContext } from '../sources/source';
import { toChange } from '../sources/to-change';
import { placeText } from './place';
import type { AwsPlace } from './place';

/** A resource, and when it was recorded last (epoch milliseconds). */
export interface ResourceRef {
  /** Such as `AWS::EC2::SecurityGroup`. */
  readonly type: string;
  readonly id: string;
  readonly recordedAt: number;
}

/** What AWS Config recorded of a resource at a time. Times are epoch milliseconds. */
export interface ConfigItem extends ResourceRef {
  readonly name?: string;
  /** Such as `OK`, `ResourceDiscovered` or `ResourceDeleted`. */
  readonly status: string;
  readonly createdAt?: number;
  /** Text of JSON. */
  readonly configuration?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Types that are read where the file names none: what is often behind an incident and by no deployment's own message. */
export const USUAL_TYPES: readonly string[] = [
  ...['AWS::EC2::SecurityGroup', 'AWS::EC2::LaunchTemplate', 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service', 'AWS::Lambda::Function'],
  ...['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::RDS::OptionGroup'],
];

const DAY_MS = 86_400_000;
/** Members that say how a resource does, and not how it is configured. */
const STATES =
  /^(?:.*status|.*state|state.*|lastmodified|lastupdate.*|latestrestorabletime|revisionid|events|deployments|runningcount|pendingcount|instances)$/i;
const VERSIONS = ['revision', 'latestVersionNumber', 'codeSha256', 'engineVersion'];
const STACK = 'aws:cloudformation:stack-name';
/** So deep and so many members are named. */
const DEPTH = 2;
const MOST_NAMED = 6;

/**
 * Changes that the items of one resource (oldest first) tell, of those recorded at or after `since`. An item that differs from the one before only in how the resource does, or that only
 * began to be recorded, is none. Who made it, AWS Config does not know.
 */
export function configChanges(items: readonly ConfigItem[], since: number, place: AwsPlace, context: SourceContext): Change[] {
  return items.flatMap((item, i) => {
    const before = items[i - 1];
    const what = item.recordedAt < since ? undefined : whatChanged(before, item);
    return what === undefined ? [] : [changeOf(item, before, what, place, context)];
  });
}

function whatChanged(before: ConfigItem | undefined, item: ConfigItem): string | undefined {
  if (item.status.startsWith('ResourceDeleted')) return 'was deleted';
  if (!before || before.status.startsWith('ResourceDeleted')) {
    return item.createdAt === undefined || item.createdAt > item.recordedAt - DAY_MS ? 'was created' : undefined;
  }
  const members = [...differences(before.configuration, item.configuration), ...(same(before.tags, item.tags) ? [] : ['tags'])];
  if (members.length === 0) return undefined;
  const more = members.length - MOST_NAMED;
  return `changed in ${members.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

function changeOf(item: ConfigItem, before: ConfigItem | undefined, what: string, place: AwsPlace, context: SourceContext): Change {
  const { type, id, name, recordedAt, tags } = item;
  const stack = tags[STACK];
  const called = name !== undefined && name !== id ? `${name} (${id})` : id;
  const managed = stack === undefined ? '' : `; it belongs to the stack ${stack}`;
  const page = `/resources/details?resourceId=${encodeURIComponent(id)}&resourceType=${encodeURIComponent(type)}`;
  const { object: _object, ...change } = toChange(
    {
      kind: 'infrastructure',
      ...{ id: digestId('ch', ['aws-config', placeText(place), type, id, recordedAt]), at: recordedAt, environment: context.environment },
      service: serviceOf(namesOf(item), context),
      summary: `${type} ${called} in ${placeText(place)} ${what}${managed}`,
      ...{ from: versionOf(before), to: versionOf(item), link: consoleLink(place.region, 'config/home', page) },
    },
    context,
  );
  return change as Change;
}

/** Names that the service may have: by its tags, the resource's name and, of known services only, parts of it. */
function namesOf({ id, name, tags }: ConfigItem): (string | undefined)[] {
  const lower = Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]));
  const named = name ?? id.split('/').at(-1)?.replace(/:\d+$/, '') ?? id;
  return [...valuesOf(lower, SERVICE_LABELS), named, tags[STACK], ...words(named), ...words(tags[STACK] ?? ''), ...words(lower['name'] ?? '')];
}

function versionOf(item: ConfigItem | undefined): string | undefined {
  const told = objectOf(item?.configuration);
  const member = Object.entries(told).find(([key]) => VERSIONS.some((version) => version.toLowerCase() === key.toLowerCase()))?.[1];
  return typeof member === 'string' || typeof member === 'number' ? String(member) : undefined;
}

/** Paths of the members that differ; names only, as values may be secrets. */
function differences(before: string | undefined, after: string | undefined): string[] {
  if (before === after) return [];
  return differing(objectOf(before), objectOf(after), DEPTH);
}

function differing(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, depth: number): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !STATES.test(key)).sort();
  return keys.flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (same(old, now)) return [];
    if (depth <= 1 || !isObject(old) || !isObject(now)) return [key];
    return differing(old, now, depth - 1).map((inner) => `${key}.${inner}`);
  });
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const told: unknown = JSON.parse(text ?? '{}');
    return isObject(told) ? told : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON, in whatever order members stand. */
function same(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1))) : inner,
    ) ?? ''
  );
}
