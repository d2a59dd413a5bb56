import { NightshiftError } from '../../../domain/errors';
import type { Problem } from '../../../domain/errors';
import { fieldsOf } from './events';

/** What can fail a pipeline: a verdict, or that there is none because the build could not be reported. */
const FAILURES = ['anomalous', 'unknown', 'unreported'] as const;
/** One of them. */
export type HookFailure = (typeof FAILURES)[number];

/** What the action of a pipeline asks for. */
export interface JobParameters {
  /** A build by its id, or all that an execution of a pipeline has run. */
  readonly of: { readonly buildId: string } | { readonly pipeline: string; readonly execution: string };
  readonly fail: readonly HookFailure[];
  /** Service of the builds, where it is another than that of the function. */
  readonly service?: string;
}

const KNOWN = ['build', 'pipeline', 'execution', 'fail', 'service'];
const SHAPE = 'such as {"pipeline":"checkout","execution":"#{codepipeline.PipelineExecutionId}","fail":"anomalous"}';

/** Reads the `UserParameters` of an action. Throws `invalid_input` with everything that is wrong: a slip of the pen must not turn a check off. */
export function jobParameters(text: string | undefined): JobParameters {
  const { build, pipeline, execution, fail = [], service, ...rest } = parsed(text);
  const asked = Array.isArray(fail) ? (fail as unknown[]) : [fail];
  const problems: Problem[] = [
    ...Object.keys(rest).map((path) => ({ path, message: `is not known; there are ${KNOWN.join(', ')}` })),
    ...[['build', build] as const, ['pipeline', pipeline] as const, ['execution', execution] as const, ['service', service] as const].flatMap(
      ([path, value]) => (value === undefined || isText(value) ? [] : [{ path, message: 'must be a text' }]),
    ),
    ...asked.flatMap((word) => (isFailure(word) ? [] : [{ path: 'fail', message: `must be one or several of ${FAILURES.join(', ')}` }])),
  ];
  const of = isText(build) ? { buildId: build } : isText(pipeline) && isText(execution) ? { pipeline, execution } : undefined;
  if (of === undefined) problems.push({ path: 'pipeline', message: 'and execution are needed, or build' });
  if (of === undefined || problems.length > 0) {
    const said = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    throw new NightshiftError('invalid_input', `UserParameters cannot be read: ${said}. Write them ${SHAPE}.`, problems);
  }
  return { of, fail: asked.filter(isFailure), ...(isText(service) && { service }) };
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    throw new NightshiftError('invalid_input', `UserParameters are no JSON. Write them ${SHAPE}.`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFailure(word: unknown): word is HookFailure {
  return FAILURES.some((each) => each === word);
}
