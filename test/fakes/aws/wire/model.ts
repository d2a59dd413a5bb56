import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';

/** An operation as the SDK's package describes it. */
export interface OperationModel {
  readonly name: string;
  /** `[method, path, status]` where it has a path of its own. */
  readonly http?: readonly [method: string, uri: string, status: number];
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** An error as the SDK's package describes it. */
export interface ErrorModel {
  readonly name: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  /** Its code in the Query protocol. */
  readonly queryCode: string;
  readonly shape: NormalizedSchema;
}

/** The shapes, operations and errors that an SDK package carries. */
export interface ServiceModel {
  readonly operations: ReadonlyMap<string, OperationModel>;
  error(name: string): ErrorModel | undefined;
  /** A structure by its name; throws where there is none. */
  shape(name: string): NormalizedSchema;
}

const OPERATION = 9;
const STRUCTURE = 3;
const ERROR = -3;
const ENDING = '$';

interface HttpTrait {
  readonly http?: readonly [string, string, number];
}

interface ErrorTraits {
  readonly error?: 'client' | 'server';
  readonly httpError?: number;
  readonly awsQueryError?: readonly [string, number];
}

/** Reads what a package exports under names that end in `$`: the schemas that its own client reads and writes by. */
export function modelOf(exported: object): ServiceModel {
  const all = exported as Record<string, unknown>;
  const operations = new Map<string, OperationModel>();
  for (const [name, value] of Object.entries(all))
    if (name.endsWith(ENDING) && isSchema(value, OPERATION)) addOperation(operations, value as StaticOperationSchema);
  return {
    operations,
    error(name) {
      const schema = all[name + ENDING];
      return isSchema(schema, ERROR) ? errorOf(schema as StaticErrorSchema) : undefined;
    },
    shape(name) {
      const schema = all[name + ENDING];
      if (!isSchema(schema, STRUCTURE)) throw new Error(`The package has no structure ${name}.`);
      return NormalizedSchema.of(schema as StaticStructureSchema);
    },
  };
}

function isSchema(value: unknown, kind: number): boolean {
  return Array.isArray(value) && value[0] === kind;
}

function addOperation(operations: Map<string, OperationModel>, schema: StaticOperationSchema): void {
  const [, , name, traits, input, output] = schema;
  const { http } = (typeof traits === 'object' ? traits : {}) as HttpTrait;
  operations.set(name, { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output), ...(http && { http }) });
}

function errorOf(schema: StaticErrorSchema): ErrorModel {
  const { error: fault = 'client', httpError, awsQueryError } = schema[3] as ErrorTraits;
  const status = httpError ?? (fault === 'server' ? 500 : 400);
  return { name: schema[2], status, fault, queryCode: awsQueryError?.[0] ?? schema[2], shape: NormalizedSchema.of(schema) };
}
