import { z } from 'zod';
import { cleanText } from '../outside-text';
import { inAccount, maybe } from './aws-envelope';
import { awsEnvironment, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { alarmService } from './cloudwatch-names';
import { labelCleaner } from './labels';
import type { CleanLabels } from './labels';
import type { Normalised, Source, SourceContext, WireMessage } from './source';
import { gathered } from './tally';
import { timeOf } from './to-alert';
import { hasMembers, jsonOf } from './wire';

const sample = z.looseObject({
  ...{
    namespace: z.string(),
    metric_name: z.string(),
    timestamp: z.unknown(),
    account_id: maybe(z.string()),
    region: maybe(z.string()),
    unit: maybe(z.string()),
  },
  dimensions: maybe(z.record(z.string(), z.unknown())),
  value: z.looseObject({ count: z.number(), sum: z.number(), max: maybe(z.number()), min: maybe(z.number()) }),
});
type Sample = z.output<typeof sample>;

/** So far it is looked for the first line of a message that may be anything. */
const LONGEST_LINE = 65_536;

/**
 * Lines of a metric stream of CloudWatch in JSON: each is a metric over a minute (or less) and becomes up to four points, `<namespace>/<metric>` with `.count` and `.sum` (what
 * happened in that time), `.min` and `.max`; percentiles are left aside, as they cannot be put together.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-formats-json.html
 */
export const metricStream: Source = {
  name: 'metric-stream',
  title: 'Amazon CloudWatch metric streams in JSON',
  gives: ['point'],
  recognises: (message) => isSample(message.json ?? linesOf({ bytes: message.bytes.subarray(0, LONGEST_LINE), json: undefined })[0]),
  read: (message, context) =>
    gathered('no metrics', (keep, aside) => {
      const clean = labelCleaner();
      for (const line of linesOf(message)) {
        const { data: told } = sample.safeParse(line);
        const at = told && timeOf(awsTime(told.timestamp));
        if (!told || at === undefined) aside.malformed('line', { why: 'that is no metric of a metric stream' });
        else for (const point of pointsOf(told, at, clean, context)) keep(point);
      }
    }),
};

function isSample(line: unknown): boolean {
  return hasMembers(line, 'metric_stream_name', 'metric_name', 'namespace', 'value');
}

/** One JSON object on each line; broken ones as undefined. */
function linesOf({ bytes, json }: Pick<WireMessage, 'bytes' | 'json'>): readonly unknown[] {
  if (json !== undefined) return [json];
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(jsonOf);
}

function pointsOf(told: Sample, at: string, clean: CleanLabels, context: SourceContext): Normalised[] {
  const { namespace, metric_name: name, account_id: account, region, unit, value } = told;
  const dimensions = Object.entries(told.dimensions ?? {}).flatMap(([key, each]): [string, string][] => (typeof each === 'string' ? [[key, each]] : []));
  const metric = { name, namespace, dimensions: Object.fromEntries(dimensions), compared: true };
  // The name of a metric is that of no service: only what its dimensions say counts, or else the product's.
  const service = alarmService({ name: namespace.replace('/', '-'), state: '', tags: {}, metrics: [metric] }, context);
  const environment = awsEnvironment(
    dimensions.map(([, each]) => each.split(/[-_./]/).findLast(isEnvironment)),
    inAccount(context, account),
  );
  const labels = clean([
    ...dimensions,
    ...(account === undefined ? [] : [['account', account] as const]),
    ...(region === undefined ? [] : [['region', region] as const]),
  ]);
  const facts = {
    object: 'point',
    source: 'metric-stream',
    environment,
    service,
    at,
    labels,
    ...(unit !== undefined && unit !== 'None' && { unit: cleanText(unit, 32) }),
  } as const;
  const full = cleanText(`${namespace}/${name}`, 200);
  const told4 = [
    ['count', 'delta', value.count],
    ['sum', 'delta', value.sum],
    ['min', 'gauge', value.min],
    ['max', 'gauge', value.max],
  ] as const;
  return told4.flatMap(([part, kind, number]) =>
    number === undefined || !Number.isFinite(number) ? [] : [{ ...facts, metric: `${full}.${part}`, kind, value: number }],
  );
}
