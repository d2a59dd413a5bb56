import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import type { Clock } from '../../ports/clock';
import type { MetricSource } from '../../ports/metrics';
import { readAnswer } from './http';
import { parsePrometheusText } from './prometheus-format';
import { downSample, samplesFrom, unreadable } from './prometheus-samples';

/** Limits of one scrape: milliseconds, and bytes of the answer. */
export interface PrometheusOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Answers of what stands before a service that nobody is behind it. */
const NOBODY_BEHIND: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Scrapes a service's Prometheus text over HTTP. No answer, or one of a gateway that finds nobody, is a sample with `up: false`; any other answer without the service's numbers
 * is `unreadable`. A service without metrics gives none.
 */
export function createPrometheusSource(clock: Clock, options: PrometheusOptions): MetricSource {
  return {
    async scrape(service) {
      if (!service.metrics) return [];
      const instance = new URL(service.metrics.url).host;
      try {
        const { status, text } = await readAnswer(service.metrics.url, options);
        if (status === 200) return samplesOf(service, text, clock.now(), instance);
        return [NOBODY_BEHIND.has(status) ? downSample(service, clock.now(), instance) : unreadable(service, clock.now(), instance)];
      } catch {
        return [downSample(service, clock.now(), instance)];
      }
    },
  };
}

/** Samples of a service in its Prometheus text, scraped at `at` (epoch milliseconds); see `samplesFrom`. */
export function samplesOf(service: Service, text: string, at: number, instance: string): Sample[] {
  if (!service.metrics) return [];
  const { requests } = service.metrics.names;
  // A counter with labels does not exist before its first request: the help line tells that the service knows it. OpenMetrics and histograms declare it without its ending.
  const declared = [requests, requests.replace(/_(total|count)$/, '')].some((name) => text.includes(`# TYPE ${name} `));
  return samplesFrom(service, parsePrometheusText(text), { at, instance, declared });
}
