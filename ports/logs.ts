import type { Service } from '../domain/inventory';
import type { LogLine } from '../domain/metrics';

/** Reads a service's log. */
export interface LogSource {
  /** Redacted lines with `from <= at <= to` (epoch milliseconds), oldest first; at most the newest `maxLines`. */
  read(service: Service, from: number, to: number, maxLines: number): Promise<readonly LogLine[]>;
}
