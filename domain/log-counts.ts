import { clip } from './plain-text';
import { maskLine } from './log-templates/mask';
import type { LogRecord } from './telemetry';
import { minuteOf } from './minute';

/** Longest template that is counted by; the rest of a line seldom tells more. */
const TEMPLATE_LENGTH = 200;
/** Longest sample of a template. */
const SAMPLE_LENGTH = 500;

/** How many lines of one template a service wrote in one minute. */
export interface LogCount {
  readonly source: string;
  readonly environment: string;
  readonly service: string;
  readonly level: LogRecord['level'];
  /** The line with placeholders for what varies. */
  readonly template: string;
  /** Begin of the minute, epoch milliseconds. */
  readonly at: number;
  readonly lines: number;
  /** One of the lines, redacted. */
  readonly sample: string;
}

/** Lines as counts by service, level, template and minute; the sample is the first line of each. */
export function logCounts(records: readonly LogRecord[]): LogCount[] {
  const counts = new Map<string, LogCount>();
  const masked = new Map<string, string>();
  for (const { source, environment, service, level, message, at: time } of records) {
    const template = masked.get(message) ?? clip(maskLine(message), TEMPLATE_LENGTH);
    masked.set(message, template);
    const at = minuteOf(time);
    const key = JSON.stringify([environment, service, level, template, at]);
    const known = counts.get(key);
    counts.set(
      key,
      known ? { ...known, lines: known.lines + 1 } : { source, environment, service, level, template, at, lines: 1, sample: clip(message, SAMPLE_LENGTH) },
    );
  }
  return [...counts.values()];
}
