import type { ConfigurationItem } from '@aws-sdk/client-config-service';
import { AwsError } from '../errors';

const QUERY = /^\s*SELECT\s+(.+?)(?:\s+WHERE\s+(.+?))?(?:\s+ORDER\s+BY\s+([\w.]+)(?:\s+(ASC|DESC))?)?\s*$/is;
const LIST = /^\s*([\w.]+)\s+IN\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)\s*$/i;
const CONDITION = /^\s*([\w.]+)\s*(=|!=|<>|<=|>=|<|>|LIKE)\s*'((?:[^']|'')*)'\s*$/i;

/** What a SELECT finds: one line of JSON for each resource, with the fields that it names. */
export interface QueryResult {
  readonly fields: string[];
  readonly lines: string[];
}

/** Answers a query of Config over the newest item of each resource. Throws `InvalidExpressionException` on what the fake cannot read: conditions are joined by AND, values are text. */
export function queryConfig(items: readonly ConfigurationItem[], expression: string): QueryResult {
  const [whole, list = '', where, order, direction = 'ASC'] = QUERY.exec(expression) ?? [];
  if (whole === undefined) throw unreadable(expression);
  const fields = list.split(',').map((field) => field.trim());
  const tests = (where?.split(/\s+AND\s+/i) ?? []).map((each) => condition(each, expression));
  const records = items.map(recordOf).filter((record) => tests.every((test) => test(record)));
  const sign = direction.toUpperCase() === 'DESC' ? -1 : 1;
  if (order !== undefined) records.sort((a, b) => sign * text(at(a, order)).localeCompare(text(at(b, order))));
  return { fields, lines: records.map((record) => JSON.stringify(project(record, fields))) };
}

type Json = Record<string, unknown>;

/** An item as queries see it: its configuration is no longer text. */
function recordOf(item: ConfigurationItem): Json {
  const {
    configuration,
    arn,
    resourceId,
    resourceName,
    resourceType,
    accountId,
    awsRegion,
    configurationItemCaptureTime,
    configurationItemStatus,
    tags = {},
  } = item;
  const named = { arn, resourceId, resourceName, resourceType, accountId, awsRegion, configurationItemStatus };
  return {
    ...named,
    configurationItemCaptureTime: configurationItemCaptureTime?.toISOString(),
    configuration: configuration === undefined ? undefined : (JSON.parse(configuration) as unknown),
    tags: Object.entries(tags).map(([key, value]) => ({ key, value, tag: `${key}=${value}` })),
  };
}

function condition(given: string, expression: string): (record: Json) => boolean {
  const [, listed, list] = LIST.exec(given) ?? [];
  if (listed !== undefined && list !== undefined) {
    const tests = (list.match(/'(?:[^']|'')*'/g) ?? []).map((value) => condition(`${listed} = ${value}`, expression));
    return (record) => tests.some((test) => test(record));
  }
  const [whole, path = '', operator = '', quoted = ''] = CONDITION.exec(given) ?? [];
  if (whole === undefined) throw unreadable(expression);
  const value = quoted.replaceAll("''", "'");
  const test = compare(operator.toUpperCase(), value);
  return (record) => {
    const found = at(record, path);
    return (Array.isArray(found) ? found : [found]).some((each) => each !== undefined && test(text(each)));
  };
}

function compare(operator: string, value: string): (found: string) => boolean {
  const like = new RegExp(
    `^${value
      .replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
      .replaceAll('%', '.*')
      .replaceAll('_', '.')}$`,
    's',
  );
  const tests: Readonly<Record<string, (found: string) => boolean>> = {
    '=': (found) => found === value,
    '!=': (found) => found !== value,
    '<>': (found) => found !== value,
    '<': (found) => found < value,
    '<=': (found) => found <= value,
    '>': (found) => found > value,
    '>=': (found) => found >= value,
    LIKE: (found) => like.test(found),
  };
  return tests[operator] ?? (() => false);
}

/** What stands at a path; lists are looked into. */
function at(record: unknown, path: string): unknown {
  let here = record;
  for (const step of path.split('.')) here = Array.isArray(here) ? here.map((each) => (each as Json)[step]) : (here as Json | undefined)?.[step];
  return here;
}

function project(record: Json, fields: readonly string[]): Json {
  if (fields.includes('*')) return record;
  const out: Json = {};
  for (const field of fields) {
    const steps = field.split('.');
    const last = steps.pop() ?? '';
    const parent = steps.reduce((here, step) => (here[step] ??= {}) as Json, out);
    parent[last] = at(record, field);
  }
  return out;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unreadable(expression: string): AwsError {
  return new AwsError('InvalidExpressionException', `The syntax of the expression is not one that this fake reads: ${expression}`);
}
