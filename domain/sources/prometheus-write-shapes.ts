import { z } from 'zod';
import { list, scalar, text } from './otlp-wire';
import { many, one } from './protobuf';
import type { Shape } from './protobuf';

const sample: Shape = { 1: one('value', 'double'), 2: one('timestamp', 'int64') };
const span: Shape = { 1: one('offset', 'sint32'), 2: one('length', 'uint32') };
const nativeHistogram: Shape = {
  1: one('countInt', 'uint64'),
  2: one('countFloat', 'double'),
  3: one('sum', 'double'),
  4: one('schema', 'sint32'),
  5: one('zeroThreshold', 'double'),
  6: one('zeroCountInt', 'uint64'),
  7: one('zeroCountFloat', 'double'),
  8: many('negativeSpans', () => span),
  9: many('negativeDeltas', 'sint64'),
  10: many('negativeCounts', 'double'),
  11: many('positiveSpans', () => span),
  12: many('positiveDeltas', 'sint64'),
  13: many('positiveCounts', 'double'),
  14: one('resetHint', 'int32'),
  15: one('timestamp', 'int64'),
  16: many('customValues', 'double'),
};
const firstSeries: Shape = {
  1: many('labels', () => ({ 1: one('name', 'text'), 2: one('value', 'text') })),
  2: many('samples', () => sample),
  4: many('histograms', () => nativeHistogram),
};
const secondSeries: Shape = {
  1: many('labelsRefs', 'uint32'),
  2: many('samples', () => sample),
  3: many('histograms', () => nativeHistogram),
  5: one('metadata', () => ({ 1: one('type', 'int32'), 4: one('unitRef', 'uint32') })),
};

/** Both versions in one: their fields have different numbers. https://github.com/prometheus/prometheus/tree/main/prompb (`types.proto`, `remote.proto`, `io/prometheus/write/v2/types.proto`). */
export const WRITE_SHAPE: Shape = {
  1: many('series', () => firstSeries),
  3: many('metadata', () => ({ 1: one('type', 'int32'), 2: one('family', 'text') })),
  4: many('symbols', 'text'),
  5: many('symbolSeries', () => secondSeries),
};

const spans = list(z.looseObject({ offset: z.number().default(0), length: z.number().default(0) }));
const numbers = list(scalar);

/** A sample of a series. Zeros are left out on the wire. */
export const writeSample = z.looseObject({ value: z.union([z.number(), z.string()]).default(0), timestamp: scalar });

/** A histogram of one sample, with buckets in runs. */
export const writeHistogram = z.looseObject({
  ...{ countInt: scalar, countFloat: scalar, sum: scalar, schema: z.number().default(0), timestamp: scalar, resetHint: scalar },
  ...{ zeroThreshold: scalar, zeroCountInt: scalar, zeroCountFloat: scalar, customValues: numbers },
  ...{ negativeSpans: spans, negativeDeltas: numbers, negativeCounts: numbers, positiveSpans: spans, positiveDeltas: numbers, positiveCounts: numbers },
});
/** See writeHistogram. */
export type WriteHistogram = z.output<typeof writeHistogram>;

const values = { samples: list(writeSample), histograms: list(writeHistogram) };

/** A request of either version, decoded. */
export const writeRequest = z.looseObject({
  series: list(z.looseObject({ labels: list(z.looseObject({ name: text, value: text })), ...values })),
  metadata: list(z.looseObject({ family: text })),
  symbols: list(z.string()),
  symbolSeries: list(
    z.looseObject({
      labelsRefs: list(z.number()),
      metadata: z.looseObject({ type: z.number().default(0), unitRef: z.number().default(0) }).optional(),
      ...values,
    }),
  ),
});
/** See writeRequest. */
export type WriteRequest = z.output<typeof writeRequest>;
