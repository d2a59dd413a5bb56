import { z } from 'zod';
import { MEASURE_KINDS } from '../domain/anomaly/kinds';
import { durationField } from '../domain/duration-field';
import type { Problem } from '../domain/errors';
import { humanDuration } from '../domain/human-time';
import { SEVERITIES } from '../domain/names';
import { fits, MEASURES, measuresOf } from '../domain/series/measure';
import type { Measure } from '../domain/series/measure';
import { lineField, nameField } from './fields';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** Most slides in a window: each is summed up and merged for every set of labels. */
const MOST_SLIDES = 360;
/** Most windows that are kept open for late events. */
const MOST_OPEN = 180;
/** Slides at least until labels without a bucket count as silent: with fewer an alert would end and begin again between two buckets. */
const LEAST_QUIET_SLIDES = 2;

/** What holds where a series says nothing, milliseconds. */
export const SERIES_DEFAULTS = { windowMs: MINUTE, latenessMs: 30 * SECOND, settleMs: 5 * SECOND } as const;

const labelName = z
  .string()
  .regex(/^[^\s{}"=,]{1,64}$/, { error: 'is not the name of a label; use at most 64 characters, no spaces, quotes, braces, = or commas' });
const pattern = z.string().min(1).max(200).refine(isPattern, { error: 'is not a regular expression; write one such as 5.. or failed|timed-out' });

const from = z.strictObject({
  source: nameField.optional(),
  environment: nameField.optional(),
  service: nameField.optional(),
  metric: lineField.optional(),
  log: z.string().max(200).optional(),
  builds: z.literal(true).optional(),
  labels: z.record(labelName, lineField).optional(),
});

const limit = z
  .strictObject({ above: z.number().optional(), below: z.number().optional(), severity: z.enum(SEVERITIES).optional() })
  .refine(({ above, below }) => (above === undefined) !== (below === undefined), { error: 'must say one of above and below, such as {above: 90}' });

const written = z.strictObject({
  name: nameField,
  from,
  measure: z.enum(MEASURES),
  window: durationField({ min: SECOND, max: DAY }).optional(),
  slide: durationField({ min: SECOND, max: DAY }).optional(),
  lateness: durationField({ max: DAY }).optional(),
  settle: durationField({ max: 60 * MINUTE }).optional(),
  by: z.array(labelName).max(8).optional(),
  errors: z.strictObject({ label: labelName, matches: pattern }).optional(),
  unit: lineField.optional(),
  limit: limit.optional(),
  anomalies: z.strictObject({ kind: z.enum(MEASURE_KINDS), quiet: durationField({ min: SECOND, max: 30 * DAY }).optional() }).optional(),
});

/** A series as written in the file, durations already milliseconds. */
export type SeriesSource = z.output<typeof written>;

/** A declared series, as written in the file. */
export const seriesSchema = written.check((context) => {
  for (const { path, message } of seriesProblems(context.value)) {
    context.issues.push({ code: 'custom', path: path.split('.'), message, input: context.value });
  }
});

function seriesProblems(series: SeriesSource): Problem[] {
  const { windowMs, latenessMs } = SERIES_DEFAULTS;
  const { window = windowMs, slide = window, lateness = latenessMs } = series;
  return [
    ...streamProblems(series),
    ...timeProblems(window, slide, lateness, series.from.log !== undefined),
    ...quietProblems(slide, series.anomalies?.quiet),
    ...errorProblems(series),
  ];
}

function streamProblems({ name, from: { metric, log, builds }, measure }: SeriesSource): Problem[] {
  const named = [metric, log, builds].filter((each) => each !== undefined).length;
  if (named !== 1) return [{ path: 'from', message: 'must name one of metric (its name), log (text that stands in its lines) and builds (true)' }];
  const kind = log === undefined ? 'builds' : 'log';
  if (metric === undefined && !fits(measure, kind)) {
    return [{ path: 'measure', message: `${measure} means nothing of lines of a log, which have no value; write one of ${measuresOf('log').join(', ')}` }];
  }
  return metric === name ? [{ path: 'from.metric', message: 'is the series itself; give the series a name of its own' }] : [];
}

function timeProblems(window: number, slide: number, lateness: number, isLog: boolean): Problem[] {
  const problems: Problem[] = [];
  if (slide > window) problems.push({ path: 'slide', message: 'must not be longer than the window, or events between windows would count nowhere' });
  else if (window % slide !== 0) problems.push({ path: 'slide', message: 'must go into the window without a rest, such as 10s into 1m' });
  else if (window / slide > MOST_SLIDES) problems.push({ path: 'slide', message: `must be at least a ${MOST_SLIDES}th of the window` });
  if (lateness / slide > MOST_OPEN) {
    problems.push({
      path: 'lateness',
      message: `keeps more than ${MOST_OPEN} windows open; make it shorter, or the ${slide === window ? 'window' : 'slide'} longer`,
    });
  }
  if (isLog && (window % MINUTE !== 0 || slide % MINUTE !== 0)) {
    problems.push({ path: slide === window ? 'window' : 'slide', message: 'must be whole minutes, as lines of logs are counted by minute' });
  }
  return problems;
}

function quietProblems(slide: number, quiet: number | undefined): Problem[] {
  if (quiet === undefined || quiet >= LEAST_QUIET_SLIDES * slide) return [];
  const least = humanDuration(LEAST_QUIET_SLIDES * slide);
  return [{ path: 'anomalies.quiet', message: `must be at least ${least}, two buckets of the series: one that is late is no end of the data` }];
}

function errorProblems({ measure, errors, by = [] }: SeriesSource): Problem[] {
  const wanted: Measure = 'error-share';
  if (measure === wanted && !errors) return [{ path: 'errors', message: 'is missing; say which label tells an error, such as {label: status, matches: 5..}' }];
  if (measure !== wanted && errors) return [{ path: 'errors', message: `is used by ${wanted} alone; remove it, or measure ${wanted}` }];
  if (errors && by.includes(errors.label)) {
    return [{ path: 'by', message: `holds ${errors.label}, which tells errors from the rest; each of its values alone would be all errors or none` }];
  }
  return [];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}
