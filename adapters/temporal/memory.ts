import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { incidentIdOf } from '../../domain/identity';
import { headOf, recollect } from '../../domain/recollection';
import type { RecordedCall, RememberedHead } from '../../domain/recollection';
import type { WorkflowMemory, WorkflowRef } from '../../ports/incidents';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

const PAGE = 100;

/** Reads what workflows of a task queue remember from their histories, which the server hands out without any worker. */
export function temporalMemory(client: Client, taskQueue: string): WorkflowMemory {
  const { namespace } = client.options;
  return {
    async open() {
      const query = `TaskQueue = '${taskQueue.replaceAll("'", "''")}' AND ExecutionStatus = 'Running' AND WorkflowType IN ('incident', 'remediation')`;
      const refs: WorkflowRef[] = [];
      for await (const { workflowId } of client.workflow.list({ query })) refs.push({ workflowId });
      return refs;
    },
    head: (ref) => unlessGone(() => headIn(client, namespace, ref)),
    recall: (ref) => unlessGone(async () => recollect(callsOf(await chainOf(client, ref)))),
  };
}

/** Reads backwards, so that a long history costs one page. */
async function headIn(client: Client, namespace: string, { workflowId, runId }: WorkflowRef): Promise<RememberedHead | undefined> {
  let head: RememberedHead['head'] | undefined;
  let nextPageToken: Uint8Array | undefined;
  for (;;) {
    const page = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId, ...(runId === undefined ? {} : { runId }) },
      maximumPageSize: PAGE,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    for (const event of page.history?.events ?? []) {
      head ??= headOf(resultOf(event));
      const started = event.workflowExecutionStartedEventAttributes;
      if (!started) continue;
      const input = firstOf(started.input);
      head ??= carriedHead(input);
      return head && { incidentId: incidentOf(input, started.firstExecutionRunId ?? ''), head };
    }
    if (!page.nextPageToken?.length) return undefined;
    nextPageToken = page.nextPageToken;
  }
}

/** All events of an incident, over every execution that continued as new. */
async function chainOf(client: Client, { workflowId, runId }: WorkflowRef): Promise<readonly Event[]> {
  const events: Event[] = [];
  let next: string | undefined = runId ?? (await firstRunOf(client, workflowId));
  while (next !== undefined) {
    const history: Event[] = (await client.workflow.getHandle(workflowId, next).fetchHistory()).events ?? [];
    events.push(...history);
    next = history.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return events;
}

async function firstRunOf(client: Client, workflowId: string): Promise<string | undefined> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined;
}

function callsOf(events: readonly Event[]): readonly RecordedCall[] {
  let scheduled = new Map<string, { readonly name: string; readonly input: unknown }>();
  const calls: RecordedCall[] = [];
  for (const event of events) {
    // Event ids begin anew in each execution.
    if (event.workflowExecutionStartedEventAttributes) scheduled = new Map();
    const begun = event.activityTaskScheduledEventAttributes;
    if (begun) scheduled.set(String(event.eventId), { name: begun.activityType?.name ?? '', input: firstOf(begun.input) });
    const ended = event.activityTaskCompletedEventAttributes;
    const call = ended && scheduled.get(String(ended.scheduledEventId));
    if (call) calls.push({ ...call, result: firstOf(ended.result) });
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (child) scheduled.set(`child ${child.workflowId ?? ''}`, { name: child.workflowType?.name ?? '', input: firstOf(child.input) });
    const done = event.childWorkflowExecutionCompletedEventAttributes;
    const remediation = done && scheduled.get(`child ${done.workflowExecution?.workflowId ?? ''}`);
    if (remediation) calls.push({ ...remediation, result: firstOf(done.result) });
  }
  return calls;
}

function resultOf(event: Event): unknown {
  return firstOf(event.activityTaskCompletedEventAttributes?.result ?? event.childWorkflowExecutionCompletedEventAttributes?.result);
}

function firstOf(payloads: Payloads): unknown {
  const [payload] = payloads?.payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

function carriedHead(input: unknown): ReturnType<typeof headOf> {
  return typeof input === 'object' && input !== null && 'carried' in input ? headOf(input.carried) : undefined;
}

/** A remediation carries its incident's id in the proposal. */
function incidentOf(input: unknown, firstRunId: string): string {
  const proposal = typeof input === 'object' && input !== null && 'proposal' in input ? input.proposal : undefined;
  const named = typeof proposal === 'object' && proposal !== null && 'incidentId' in proposal ? proposal.incidentId : undefined;
  return typeof named === 'string' ? named : incidentIdOf(firstRunId);
}

async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    // The plain call of the service says so by its code (NOT_FOUND of gRPC).
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (error instanceof WorkflowNotFoundError || code === 5) return undefined;
    throw error;
  }
}
