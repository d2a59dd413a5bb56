/** What billing needs of one event of a history; the names are those of Temporal's JSON form of histories. */
export interface BillableEvent {
  readonly eventType?: string | number | null;
  readonly activityTaskStartedEventAttributes?: { readonly attempt?: number | null } | null;
  readonly workflowExecutionStartedEventAttributes?: { readonly parentWorkflowExecution?: unknown; readonly continuedExecutionRunId?: string | null } | null;
}

const ONE: readonly string[] = [
  'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
  'EVENT_TYPE_TIMER_STARTED',
  'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
  'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED',
];

/**
 * Billable actions that a history shows, by Temporal Cloud's table (docs/evaluate/cloud/actions): a child costs 2 where it is started, each retry of an
 * activity 1, and the signal of a signalWithStart covers the start. A signal between workflows is counted once, where it arrives. Queries and heartbeats leave no event.
 */
export function billableActions(events: readonly BillableEvent[]): number {
  let actions = 0;
  for (const event of events) {
    const type = String(event.eventType);
    if (ONE.includes(type)) actions += 1;
    if (type === 'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED') actions += 2;
    if (type === 'EVENT_TYPE_ACTIVITY_TASK_STARTED') actions += Math.max(0, (event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1);
  }
  return actions;
}
