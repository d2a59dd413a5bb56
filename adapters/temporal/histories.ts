import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { billableActions } from '../../domain/billable';
import type { BillableEvent } from '../../domain/billable';

/** Length of the histories of some workflows, with all executions of each id that match `since`, and what they cost. */
export async function costOf(client: Client, workflowIds: readonly string[]): Promise<{ readonly historyEvents: number; readonly billableActions: number }> {
  let historyEvents = 0;
  let actions = 0;
  for (const workflowId of workflowIds) {
    for await (const execution of client.workflow.list({ query: `WorkflowId = '${workflowId.replaceAll("'", "''")}'` })) {
      const events = await eventsOf(client, workflowId, execution.runId);
      historyEvents += events.length;
      actions += billableActions(events);
    }
  }
  return { historyEvents, billableActions: actions };
}

/** A history in Temporal's JSON form, as `temporal workflow show --output json` gives it. */
export async function historyJson(client: Client, workflowId: string, runId?: string): Promise<string> {
  return historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
}

async function eventsOf(client: Client, workflowId: string, runId: string): Promise<readonly BillableEvent[]> {
  return (JSON.parse(await historyJson(client, workflowId, runId)) as { events: BillableEvent[] }).events;
}
