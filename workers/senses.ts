import { createJsonLog } from '../adapters/local/json-log';
import { createPrometheusSource } from '../adapters/local/prometheus-text';
import { createSupervisorChanges, createSupervisorHands } from '../adapters/local/supervisor';
import type { ChangeSource } from '../ports/changes';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { LogSource } from '../ports/logs';
import type { MetricSource } from '../ports/metrics';

/** Everything that reads the outside world or acts on it. */
export interface Senses {
  readonly metrics: MetricSource;
  readonly logs: LogSource;
  readonly changes: readonly ChangeSource[];
  readonly hands: Hands;
}

const READ_TIMEOUT_MS = 2_000;
const MAX_LOG_BYTES = 8 * 1024 * 1024;
const MAX_METRICS_BYTES = 4 * 1024 * 1024;

/** The local senses: Prometheus text, JSON logs and the supervisor. */
export function localSenses(clock: Clock): Senses {
  const supervisor = { timeoutMs: READ_TIMEOUT_MS };
  return {
    metrics: createPrometheusSource(clock, { timeoutMs: READ_TIMEOUT_MS, maxBytes: MAX_METRICS_BYTES }),
    logs: createJsonLog({ maxBytes: MAX_LOG_BYTES }),
    changes: [createSupervisorChanges(supervisor)],
    hands: createSupervisorHands(supervisor),
  };
}
