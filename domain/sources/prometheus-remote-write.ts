import type { MetricPoint } from '../telemetry';
import { labelCleaner } from './labels';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import { numberOf } from './otlp-wire';
import type { Scalar } from './otlp-wire';
import { nativeHistogram } from './prometheus-histogram';
import { WRITE_SHAPE, writeRequest } from './prometheus-write-shapes';
import type { WriteRequest } from './prometheus-write-shapes';
import { decode } from './protobuf';
import { unsnapped } from './snappy';
import type { Source, SourceContext, WireMessage } from './source';
import { gathered } from './tally';
import type { Tally } from './tally';
import { timeOf } from './to-alert';
import { hasMembers, readAs } from './wire';

/** Labels that say what a series is and whose. They are cleaned like the others, once for all series: many may share one long text. */
const NAMING = new Set<string>(['__name__', ...SERVICE_LABELS, ...ENVIRONMENT_LABELS]);
const COUNTER = /_(?:total|count|sum|bucket)$/;
/** Type of a family that only grows; the other types but histogram and summary do not. */
const TYPE_COUNTER = 1;
const TYPE_HISTOGRAM = 3;
const TYPE_SUMMARY = 5;
/** Hint of a histogram whose counts may fall. */
const GAUGE_HISTOGRAM = 3;

/** What a series of either version holds. */
interface Values {
  readonly samples: WriteRequest['series'][number]['samples'];
  readonly histograms: WriteRequest['series'][number]['histograms'];
}

interface Series extends Values {
  readonly labels: readonly (readonly [string, string])[];
  /** 0 where it is not told. */
  readonly type: number;
  readonly unit: string;
}

/**
 * What Prometheus (and what speaks like it) writes to other stores: a protobuf in a Snappy block, version 1 and 2.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/ and https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
 */
export const prometheusRemoteWrite: Source = {
  name: 'prometheus-remote-write',
  title: 'Prometheus remote write, version 1 and 2',
  gives: ['point'],
  recognises: isWrite,
  read: (message, context) =>
    gathered('a request without samples', (keep, aside) => {
      const request = requestIn(message);
      const clean = labelCleaner();
      const originOf = origins(context);
      for (const each of allSeries(request, (series, why) => refuseSeries(aside, series, why))) {
        const labels = each.labels.filter(([label]) => label !== '__name__');
        const { __name__: metric = '', ...naming } = clean(each.labels.filter(([label]) => NAMING.has(label)));
        if (metric === '') refuseSeries(aside, each, 'of a series without a name');
        else {
          const of = { ...originOf(naming), metric, ...clean([['unit', each.unit]]), labels: clean(labels) };
          for (const point of pointsOf(each, of, aside, context)) keep({ object: 'point', source: 'prometheus-remote-write', ...point });
        }
      }
      for (let i = 0; i < request.metadata.length; i += 1) aside.pass('description', 'of metrics');
    }),
};

function requestIn(message: WireMessage): WriteRequest {
  // The decoded protobuf stands where JSON would: what is wrong with it is said in the same way.
  return readAs({ ...message, json: decode(unsnapped(message.bytes), WRITE_SHAPE) }, writeRequest);
}

function isWrite(message: WireMessage): boolean {
  if (message.json !== undefined || message.bytes.length === 0) return false;
  try {
    const { series, symbols, symbolSeries, metadata } = requestIn(message);
    const [first] = series;
    if (first) return first.labels.some(({ name }) => name === '__name__');
    if (symbolSeries.length > 0) return symbols.includes('__name__');
    return metadata.length > 0 && metadata.every((each) => hasMembers(each, 'family'));
  } catch {
    return false;
  }
}

/** Its series is not named, or in a way that cannot be read. */
function refuseSeries(aside: Tally, { samples, histograms }: Values, why: string): void {
  if (samples.length > 0) aside.malformed('sample', { why }, samples.length);
  if (histograms.length > 0) aside.malformed('histogram', { why }, histograms.length);
  if (samples.length + histograms.length === 0) aside.malformed('series', { why: why.replace('of a series ', '') });
}

function* allSeries({ series, symbols, symbolSeries }: WriteRequest, refuse: (series: Values, why: string) => void): Generator<Series> {
  for (const { labels, samples, histograms } of series) {
    yield { labels: labels.map(({ name, value }) => [name ?? '', value ?? ''] as const), type: 0, unit: '', samples, histograms };
  }
  const symbol = (index = -1): string => symbols[index] ?? '';
  for (const each of symbolSeries) {
    const { labelsRefs: refs, metadata, samples, histograms } = each;
    const missing = [...refs, metadata?.unitRef ?? 0].some((ref) => ref !== 0 && symbols[ref] === undefined);
    if (refs.length % 2 !== 0) refuse(each, 'of a series with a label that has no value');
    else if (missing) refuse(each, 'of a series that names a symbol which is not there');
    else {
      const labels = refs.flatMap((ref, i) => (i % 2 === 0 ? [[symbol(ref), symbol(refs[i + 1])] as const] : []));
      yield { labels, type: metadata?.type ?? 0, unit: metadata === undefined || metadata.unitRef === 0 ? '' : symbol(metadata.unitRef), samples, histograms };
    }
  }
}

/** Service and environment by the labels that name them: looked up once for all series that share them. */
function origins(context: SourceContext): (naming: Readonly<Record<string, string>>) => Pick<MetricPoint, 'service' | 'environment'> {
  const known = new Map<string, Pick<MetricPoint, 'service' | 'environment'>>();
  return (naming) => {
    const key = JSON.stringify(naming);
    const origin = known.get(key) ?? {
      environment: environmentOf(valuesOf(naming, ENVIRONMENT_LABELS), context),
      service: serviceOf(valuesOf(naming, SERVICE_LABELS), context),
    };
    known.set(key, origin);
    return origin;
  };
}

type Shared = Pick<MetricPoint, 'service' | 'environment' | 'metric' | 'unit' | 'labels'>;
type Measured = Omit<MetricPoint, 'source'>;

function pointsOf({ type, samples, histograms }: Series, shared: Shared, aside: Tally, context: SourceContext): Measured[] {
  const kind = kindOf(shared.metric, type);
  const numbers = samples.flatMap(({ value: told, timestamp }): Measured[] => {
    const value = numberOf(told);
    if (value === undefined) leaveOut(aside, 'sample', told);
    return value === undefined ? [] : [{ ...shared, kind, at: timeAt(timestamp, context), value }];
  });
  const distributions = histograms.flatMap((told): Measured[] => {
    const value = numberOf(told.sum ?? 0);
    const histogram = nativeHistogram(told);
    if (value === undefined) leaveOut(aside, 'histogram', told.sum);
    else if (told.resetHint === GAUGE_HISTOGRAM) aside.refuse('histogram', 'whose counts may fall');
    else if (histogram) return [{ ...shared, kind: 'histogram', at: timeAt(told.timestamp, context), value, histogram }];
    else aside.refuse('histogram', 'with buckets that are not known here');
    return [];
  });
  return [...numbers, ...distributions];
}

/** NaN says that nothing was measured; the mark that a series has ended is one too. */
function leaveOut(aside: Tally, thing: string, value: Scalar): void {
  if (value === 'NaN') aside.pass(thing, 'without a value (NaN, or the mark of an ended series)');
  else aside.refuse(thing, 'whose value is infinite');
}

function kindOf(name: string, type: number): 'counter' | 'gauge' {
  if (type === TYPE_COUNTER) return 'counter';
  return (type === 0 || type === TYPE_HISTOGRAM || type === TYPE_SUMMARY) && COUNTER.test(name) ? 'counter' : 'gauge';
}

/** ISO 8601 of milliseconds; the time of arrival for 0 (not told) and for what is no time. */
function timeAt(ms: Scalar, { receivedAt }: SourceContext): string {
  const told = numberOf(ms) ?? 0;
  return (told === 0 ? undefined : timeOf(told)) ?? timeOf(receivedAt) ?? '';
}
