import type { Sample } from '../domain/metrics';
import type { Service } from '../domain/inventory';

/** Asks a service for its numbers now. */
export interface MetricSource {
  /** One sample an instance; a service that does not answer gives a sample with `up: false`, never an error. */
  scrape(service: Service): Promise<readonly Sample[]>;
}

/** Keeps samples for a while. */
export interface SampleArchive {
  append(samples: readonly Sample[]): Promise<void>;
  /** Samples of a service with `from <= at <= to` (epoch milliseconds), oldest first. */
  read(environment: string, service: string, from: number, to: number): Promise<readonly Sample[]>;
  /** Forgets samples older than `before`. */
  prune(before: number): Promise<void>;
}

/** Knows what a service's numbers were, for times in which nobody asked. */
export interface MetricHistory {
  /** Samples on a grid of `stepMs` over `from` to `to` (epoch milliseconds), oldest first; none of a service whose past nobody keeps. Throws `unreachable`. */
  past(service: Service, from: number, to: number, stepMs: number): Promise<readonly Sample[]>;
}
