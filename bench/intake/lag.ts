import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { WIRE } from '../../adapters/temporal/client';
import type { Alert } from '../../domain/alert';

/**
 * Milliseconds from each acknowledgement to the moment in which the workflow's history has the alert, by the server's clock. Throws when some alerts are in no history of these
 * workflows.
 */
export async function lagsOf(client: Client, workflowIds: readonly string[], acknowledged: Readonly<Record<string, number>>): Promise<number[]> {
  const arrived = new Map<string, number>();
  for (const id of workflowIds) await readArrivals(client, id, arrived);
  const missing = Object.keys(acknowledged).filter((id) => !arrived.has(id));
  if (missing.length > 0) throw new Error(`${String(missing.length)} acknowledged alerts are in no workflow, such as ${missing.slice(0, 3).join(', ')}`);
  // The signal may be in the history before the answer is at the sender.
  return Object.entries(acknowledged).map(([id, at]) => Math.max(0, (arrived.get(id) ?? 0) - at));
}

/** Reads the newest execution and those that it continues. */
async function readArrivals(client: Client, workflowId: string, arrived: Map<string, number>): Promise<void> {
  for (let runId: string | undefined, more = true; more;) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
    more = runId !== undefined && runId !== '';
    for (const { eventTime, workflowExecutionSignaledEventAttributes: signal } of events ?? []) {
      if (signal?.signalName !== WIRE.alerts || !eventTime) continue;
      const at = Number(eventTime.seconds) * 1000 + Number(eventTime.nanos) / 1e6;
      const [payload] = signal.input?.payloads ?? [];
      const alerts = payload ? defaultPayloadConverter.fromPayload<readonly Alert[]>(payload) : [];
      for (const { id } of alerts) arrived.set(id, Math.min(at, arrived.get(id) ?? Infinity));
    }
  }
}
