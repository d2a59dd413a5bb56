import { z } from 'zod';
import { labelCleaner } from './labels';
import { isMetric, metric, pointsIn, pointsOf } from './otlp-points';
import { METRICS_SHAPE } from './otlp-shapes';
import { isExport, list, originOf, readableItems, readExport, resource, scope } from './otlp-wire';
import type { Source } from './source';
import { gathered } from './tally';
import { hasMembers } from './wire';

const WRONG = 'of a metric that is not as OTLP says';

const request = z.looseObject({
  resourceMetrics: list(z.looseObject({ resource, scopeMetrics: list(z.looseObject({ scope, metrics: list(z.unknown()) })) })),
});

/** Metrics of OpenTelemetry over HTTP, in JSON or protobuf. https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto */
export const otlpMetrics: Source = {
  name: 'otlp-metrics',
  title: 'OpenTelemetry metrics, OTLP/HTTP in JSON or protobuf',
  gives: ['point'],
  recognises: (message) =>
    hasMembers(message.json, 'resourceMetrics') || isExport(message, METRICS_SHAPE, ['resourceMetrics', 'scopeMetrics', 'metrics'], isMetric),
  read: (message, context) =>
    gathered('an export without points', (keep, aside) => {
      const clean = labelCleaner();
      for (const { resource: of, scopeMetrics } of readExport(message, METRICS_SHAPE, request).resourceMetrics) {
        const { environment, service, labels: shared } = originOf(of, context);
        for (const { scope: by, metrics } of scopeMetrics) {
          const scoped = [['otel.scope.name', by?.name ?? ''], ...shared] as const;
          for (const each of readableItems(metrics, metric, (item, problems) => aside.malformed('point', { why: WRONG, problems }, pointsIn(item)))) {
            for (const { labels, ...point } of pointsOf(each, context, aside)) {
              keep({ object: 'point', source: 'otlp-metrics', environment, service, ...point, labels: clean([...labels, ...scoped]) });
            }
          }
        }
      }
    }),
};
