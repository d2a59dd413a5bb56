import { z } from 'zod';
import { BUILD_RESULTS } from '../domain/build';
import { SEVERITIES, STATUSES } from '../domain/names';
import { time } from './incident-schema';

const timed = z.object({ at: z.number().meta({ description: 'Epoch milliseconds.' }), value: z.number() });

const measure = z
  .object({
    runs: z.number().int(),
    p50: z.number(),
    p95: z.number(),
    trend: z.object({
      direction: z.enum(['rising', 'falling', 'steady', 'unknown']),
      changeShare: z.number().meta({ description: 'Along the line over the time, as a share of the median.' }),
      line: z.object({ from: timed, to: timed }).nullable(),
    }),
  })
  .meta({ id: 'Measure', title: 'Measure' });

const run = z.looseObject({
  at: time,
  run: z.string(),
  result: z.enum(BUILD_RESULTS),
  durationMs: z.number().optional(),
  failedTests: z.number().optional(),
  cpuMs: z.number().optional(),
  memoryBytes: z.number().optional(),
  link: z.string().optional(),
});

const pipeline = z
  .looseObject({
    environment: z.string(),
    service: z.string(),
    name: z.string(),
    runs: z.number().int(),
    results: z.record(z.enum(BUILD_RESULTS), z.number().int()),
    failureShare: z.number().nullable().meta({ description: 'Failed and timed out among those that were not cancelled.' }),
    duration: measure.optional().meta({ description: 'Milliseconds, of runs that succeeded.' }),
    tests: z.object({ runs: z.number().int(), failed: z.number().int(), runsWithFailures: z.number().int(), newestTotal: z.number().int() }).optional(),
    cpu: measure.optional().meta({ description: 'Milliseconds of CPU time.' }),
    memory: measure.optional().meta({ description: 'Bytes.' }),
    oddities: z.array(z.looseObject({ kind: z.string().meta({ examples: ['failures-in-a-row', 'flaky'] }), count: z.number().int(), text: z.string() })),
    newest: run,
    plotted: z.array(run).meta({ description: 'At most the newest 200, in order of time.' }),
  })
  .meta({ id: 'PipelineHealth', title: 'PipelineHealth' });

const incident = z.looseObject({
  incidentId: z.string(),
  environment: z.string(),
  service: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.enum(STATUSES),
  openedAt: time,
  resolvedAt: time.optional(),
});

const mark = z.looseObject({ environment: z.string(), service: z.string(), series: z.string(), rule: z.string(), since: time, detail: z.string() });

/** How pipelines and services did over a time. */
export const healthReportSchema = z
  .looseObject({
    from: time,
    to: time,
    pipelines: z.array(pipeline).meta({ description: 'Those that need a look first.' }),
    services: z.array(
      z.looseObject({
        environment: z.string(),
        service: z.string(),
        incidents: z.looseObject({ opened: z.number().int(), stillOpen: z.number().int(), newest: z.array(incident) }),
        marks: z.array(mark).meta({ description: 'What is wrong with measurements.' }),
      }),
    ),
    leftOut: z.array(z.string()).meta({ description: 'What is missing because of a limit.' }),
  })
  .meta({ id: 'PipelineHealthReport', title: 'PipelineHealthReport' });
