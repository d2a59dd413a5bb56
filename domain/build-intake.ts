import { z } from 'zod';
import { readBatch } from './batch';
import { BUILD_RESULTS } from './build';
import type { Build } from './build';
import { defined } from './defined';
import { identifier, httpLink, isoTime, name } from './outside-schemas';
import { epochOf } from './sources/instants';
import { environmentOf, serviceOf } from './sources/names';
import type { SourceContext } from './sources/source';
import { buildOf } from './sources/to-build';

/** Longest text of a field that has no shorter limit, in characters; what is kept of it is shorter still. */
const LONGEST = 1000;
/** Steps that one build may be told with. */
const MOST_STEPS = 1000;

const text = (description: string) => z.string().trim().min(1).max(LONGEST).meta({ description });
const count = (description: string) => z.number().int().nonnegative().meta({ description });
const amount = (description: string) => z.number().nonnegative().meta({ description });

/** The fields of a build; `group` says what becomes of a field that a group inside does not know. */
function fieldsOf(group: typeof z.strictObject | typeof z.object) {
  const step = group({
    name: text('Name of the step.'),
    result: z.enum([...BUILD_RESULTS, 'skipped']),
    detail: text('Why it failed.').optional(),
    durationMs: amount('Milliseconds.').optional(),
  });
  const tests = group({
    total: count('Tests that there are, with those that were skipped.'),
    failed: count('Those that failed.'),
    skipped: count('Those that were skipped.').optional(),
  }).refine(({ total, failed, skipped = 0 }) => failed + skipped <= total, { error: 'must not hold more failed and skipped tests than there are' });
  const usage = group({
    cpuMs: amount('CPU time in milliseconds, over all processors.').optional(),
    memoryBytes: amount('The most memory that was in use, in bytes.').optional(),
  });
  return {
    id: identifier(
      'Identity of the run; made from source, environment, service, name and run when absent. The same id is the same build, however often it is told.',
    ),
    source: name('Who says so; `generic` when absent.').optional(),
    service: name('Service that was built.').meta({ examples: ['bookshop'] }),
    environment: name('Environment; the configured one when absent.').optional(),
    name: text('Pipeline, with the job where it is one of several.').meta({ examples: ['ci / unit tests'] }),
    run: text('Number or id of the run, as people know it.').meta({ examples: ['4711'] }),
    result: z.enum(BUILD_RESULTS),
    fault: z.literal(true).optional().meta({ description: 'What builds broke, not what was built.' }),
    startedAt: isoTime('When it began.').optional(),
    endedAt: isoTime('When it ended; the time of arrival when absent.').optional(),
    durationMs: amount('Milliseconds; from the beginning to the end when absent.').optional(),
    commit: text('Commit that was built.').optional(),
    branch: text('Branch or tag.').optional(),
    author: text('Person or system that began it; of an e-mail address, the part before the @ is kept.').optional(),
    steps: z.array(step).max(MOST_STEPS).optional().meta({ description: 'Parts in their order; the first 200 are kept.' }),
    tests: tests.optional(),
    usage: usage.optional(),
    link: httpLink.optional(),
  };
}

/** Schema of one finished build in our own JSON. A field that it does not know is refused: a measure under a wrong name would be missing in every trend, and nobody would see why. */
export const buildInput = z
  .strictObject(fieldsOf(z.strictObject))
  .refine(({ startedAt, endedAt }) => startedAt === undefined || endedAt === undefined || Date.parse(startedAt) <= Date.parse(endedAt), {
    error: 'must not lie before startedAt',
    path: ['endedAt'],
  })
  .meta({ id: 'ToldBuild', title: 'ToldBuild' });
/** The same schema for messages that pass other systems on the way: fields that it does not know are left aside. */
export const passedOnBuild = z.object({ ...fieldsOf(z.object), link: z.string().optional() });
/** A build that passed the schema. */
export type ToldBuildInput = z.output<typeof passedOnBuild>;

/** Turns a checked build into ours: times in UTC, text redacted and bounded, service and environment under our names, id made where absent. */
export function normaliseBuild(input: ToldBuildInput, context: SourceContext): Build {
  const { startedAt, endedAt, tests: counted, usage: used, source = 'generic', ...rest } = input;
  const place = { service: serviceOf([input.service], context), environment: environmentOf([input.environment], context) };
  const measured = { tests: counted && defined(counted), usage: used && defined(used) };
  return buildOf({ ...rest, ...place, ...measured, source, startedAt: epochOf(startedAt), endedAt: epochOf(endedAt) }, context);
}

/** Reads one build or `{"builds":[…]}` (1 to 1,000). Throws `invalid_input` with what is wrong and where; then none is taken. */
export function readBuilds(body: unknown, context: SourceContext): readonly Build[] {
  return readBatch(body, 'builds', buildInput).map((input) => normaliseBuild(input, context));
}
