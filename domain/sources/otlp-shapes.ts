import { many, one } from './protobuf';
import type { Shape } from './protobuf';

// Numbers and names of the fields as in https://github.com/open-telemetry/opentelemetry-proto (v1); what nobody here reads is left out.

const anyValue: Shape = {
  1: one('stringValue', 'text'),
  2: one('boolValue', 'flag'),
  3: one('intValue', 'int64'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => ({ 1: many('values', () => anyValue) })),
  6: one('kvlistValue', () => ({ 1: many('values', () => keyValue) })),
  7: one('bytesValue', 'hidden'),
};
const keyValue: Shape = { 1: one('key', 'text'), 2: one('value', () => anyValue) };
const resource: Shape = { 1: many('attributes', () => keyValue) };
const scope: Shape = { 1: one('name', 'text') };

const times = { 3: one('timeUnixNano', 'fixed64') } satisfies Shape;
const numberPoint: Shape = {
  ...times,
  4: one('asDouble', 'double'),
  6: one('asInt', 'sfixed64'),
  7: many('attributes', () => keyValue),
  8: one('flags', 'uint32'),
};
const histogramPoint: Shape = {
  ...times,
  4: one('count', 'fixed64'),
  5: one('sum', 'double'),
  6: many('bucketCounts', 'fixed64'),
  7: many('explicitBounds', 'double'),
  9: many('attributes', () => keyValue),
  10: one('flags', 'uint32'),
};
const buckets: Shape = { 1: one('offset', 'sint32'), 2: many('bucketCounts', 'uint64') };
const exponentialPoint: Shape = {
  ...times,
  1: many('attributes', () => keyValue),
  4: one('count', 'fixed64'),
  5: one('sum', 'double'),
  6: one('scale', 'sint32'),
  7: one('zeroCount', 'fixed64'),
  8: one('positive', () => buckets),
  9: one('negative', () => buckets),
  10: one('flags', 'uint32'),
  14: one('zeroThreshold', 'double'),
};
const summaryPoint: Shape = {
  ...times,
  4: one('count', 'fixed64'),
  5: one('sum', 'double'),
  6: many('quantileValues', () => ({ 1: one('quantile', 'double'), 2: one('value', 'double') })),
  7: many('attributes', () => keyValue),
  8: one('flags', 'uint32'),
};

const temporality = one('aggregationTemporality', 'int32');
const metric: Shape = {
  1: one('name', 'text'),
  3: one('unit', 'text'),
  5: one('gauge', () => ({ 1: many('dataPoints', () => numberPoint) })),
  7: one('sum', () => ({ 1: many('dataPoints', () => numberPoint), 2: temporality, 3: one('isMonotonic', 'flag') })),
  9: one('histogram', () => ({ 1: many('dataPoints', () => histogramPoint), 2: temporality })),
  10: one('exponentialHistogram', () => ({ 1: many('dataPoints', () => exponentialPoint), 2: temporality })),
  11: one('summary', () => ({ 1: many('dataPoints', () => summaryPoint) })),
};

const logRecord: Shape = {
  1: one('timeUnixNano', 'fixed64'),
  2: one('severityNumber', 'int32'),
  3: one('severityText', 'text'),
  5: one('body', () => anyValue),
  6: many('attributes', () => keyValue),
  9: one('traceId', 'hex'),
  11: one('observedTimeUnixNano', 'fixed64'),
  12: one('eventName', 'text'),
};

const span: Shape = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  4: one('parentSpanId', 'hex'),
  5: one('name', 'text'),
  6: one('kind', 'int32'),
  7: one('startTimeUnixNano', 'fixed64'),
  8: one('endTimeUnixNano', 'fixed64'),
  9: many('attributes', () => keyValue),
  15: one('status', () => ({ 3: one('code', 'int32') })),
};

/** ExportMetricsServiceRequest. */
export const METRICS_SHAPE = request('resourceMetrics', 'scopeMetrics', 'metrics', metric);
/** ExportLogsServiceRequest. */
export const LOGS_SHAPE = request('resourceLogs', 'scopeLogs', 'logRecords', logRecord);
/** ExportTraceServiceRequest. */
export const TRACES_SHAPE = request('resourceSpans', 'scopeSpans', 'spans', span);

function request(byResource: string, byScope: string, items: string, item: Shape): Shape {
  const inScope: Shape = { 1: one('scope', () => scope), 2: many(items, () => item) };
  const inResource: Shape = { 1: one('resource', () => resource), 2: many(byScope, () => inScope) };
  return { 1: many(byResource, () => inResource) };
}
