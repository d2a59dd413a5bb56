import { withBody } from './github-event';
import { epochOf } from './instants';
import { at } from './mapping-fields';
import type { WireMessage } from './source';

/** Where the events that are read say when they happened, by source. */
const TIMES = {
  github: ['workflow_run.updated_at', 'workflow_job.completed_at', 'check_run.completed_at', 'deployment_status.updated_at', 'deployment_status.created_at'],
  pagerduty: ['event.occurred_at'],
  terraform: ['notifications.0.run_updated_at'],
} as const;

/** When a signed message says that it happened (the newest counts), in epoch milliseconds: its signature covers that, other than any header. Undefined where it does not say. */
export function signedTime(source: keyof typeof TIMES, message: WireMessage): number | undefined {
  const { json } = source === 'github' ? withBody(message) : message;
  const times = TIMES[source].map((path) => epochOf(at(json, path.split('.')))).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}
