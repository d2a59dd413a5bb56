import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { IncidentActivities, RemediationActivities } from '../domain/steps';
import type { RetrySettings } from '../domain/settings';
import { versionComplaint } from '../domain/workflow-versions';
import type { WorkflowType } from '../domain/workflow-versions';

/** Throws for a version that this build does not understand. An error that is none of Temporal's own fails the task, not the workflow: it is tried again until a build comes that does. */
export function mustUnderstand(type: WorkflowType, { schemaVersion }: { readonly schemaVersion: unknown }): void {
  const complaint = versionComplaint(type, schemaVersion);
  if (complaint !== undefined) throw new Error(complaint);
}

/** Options of an activity from its retry settings; the summary shows in the Temporal UI. */
export function activityOptions(retry: RetrySettings, summary: string): ActivityOptions {
  return {
    startToCloseTimeout: retry.timeoutMs,
    ...(retry.heartbeatMs === undefined ? {} : { heartbeatTimeout: retry.heartbeatMs }),
    retry: {
      initialInterval: retry.firstMs,
      maximumInterval: retry.maxMs,
      backoffCoefficient: 2,
      ...(retry.attempts > 0 ? { maximumAttempts: retry.attempts } : {}),
    },
    summary,
  };
}

/** Incident activities under one retry policy. */
export function incidentActivities(retry: RetrySettings, summary: string): IncidentActivities {
  return proxyActivities<IncidentActivities>(activityOptions(retry, summary));
}

/** Remediation activities under given options. */
export function remediationActivities(options: ActivityOptions): RemediationActivities {
  return proxyActivities<RemediationActivities>(options);
}

/** One durable timer that outlives many wake-ups: waiting with a time-out in `condition` would pay for a timer at each. */
export class Deadline {
  fired = false;
  readonly #scope = new CancellationScope();

  constructor(ms: number, summary: string) {
    void this.#scope
      .run(() => sleep(Math.max(1, ms), { summary }))
      .then(() => {
        this.fired = true;
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  cancel(): void {
    this.#scope.cancel();
  }
}

/** Text of the error at the root of a chain of causes. */
export function rootMessage(error: unknown): string {
  let current: unknown = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current instanceof Error ? current.message : String(current);
}
