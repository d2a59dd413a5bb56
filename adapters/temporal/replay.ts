import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { errorMessage } from '../../domain/errors';
import { ATTRIBUTES } from '../../domain/search-attributes';
import { isWorkflowType, versionComplaint } from '../../domain/workflow-versions';

type History = temporal.api.history.v1.IHistory;

/** How the replay of an open workflow went; without a `reason` it went well. */
export interface ReplayedWorkflow {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  /** Status of the incident; a remediation has none. */
  readonly status?: string;
  /** Why the code would not carry it on. */
  readonly reason?: string;
}

/** An open workflow with what it has done so far. */
interface Open {
  readonly info: WorkflowExecutionInfo;
  readonly history: History;
}

/** Histories that are fetched ahead of the replay; each is some 100 kB. */
const AHEAD = 8;
const ENDS = [
  'workflowExecutionCompletedEventAttributes',
  'workflowExecutionFailedEventAttributes',
  'workflowExecutionTimedOutEventAttributes',
  'workflowExecutionCanceledEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
] as const;

/**
 * Replays what every open workflow of a task queue has done against the given workflow code, and tells how each went; one that ends meanwhile is left out. Only reads: no worker is asked, and
 * nothing is sent to a workflow.
 */
export async function* replayOpen(client: Client, taskQueue: string, code: ReplayWorkerOptions): AsyncGenerator<ReplayedWorkflow> {
  const query = `TaskQueue = '${taskQueue.replaceAll("'", "''")}' AND ExecutionStatus = 'Running'`;
  const begun = new Map<string, ReplayedWorkflow>();
  const unbegun: ReplayedWorkflow[] = [];
  async function* histories(): AsyncGenerator<{ readonly workflowId: string; readonly history: History }> {
    for await (const open of fetchAhead(client, client.workflow.list({ query }))) {
      const reason = complaintOf(open);
      // Where no task was completed there is nothing to replay.
      if (reason !== undefined || !hasBegun(open.history)) unbegun.push(replayed(open, reason));
      else {
        begun.set(open.info.workflowId, replayed(open, undefined));
        yield { workflowId: open.info.workflowId, history: open.history };
      }
    }
  }
  for await (const { workflowId, error } of Worker.runReplayHistories(code, histories())) {
    const open = begun.get(workflowId);
    begun.delete(workflowId);
    if (open) yield error === undefined ? open : { ...open, reason: errorMessage(error) };
  }
  yield* unbegun;
}

async function* fetchAhead(client: Client, listed: AsyncIterable<WorkflowExecutionInfo>): AsyncGenerator<Open> {
  const fetching: Promise<Open | undefined>[] = [];
  const next = async (): Promise<Open[]> => {
    const open = await fetching.shift();
    return open ? [open] : [];
  };
  for await (const info of listed) {
    const fetched = fetch(client, info);
    // Told where it is awaited; until then it must not end the process.
    fetched.catch(() => undefined);
    fetching.push(fetched);
    if (fetching.length >= AHEAD) yield* await next();
  }
  while (fetching.length > 0) yield* await next();
}

/** The newest execution of the id, as one that was listed may have gone on in a new one since; undefined when it has ended. */
async function fetch(client: Client, info: WorkflowExecutionInfo): Promise<Open | undefined> {
  try {
    for (;;) {
      const history = await client.workflow.getHandle(info.workflowId).fetchHistory();
      const last = history.events?.at(-1);
      if (last?.workflowExecutionContinuedAsNewEventAttributes) continue;
      return last && ENDS.some((end) => last[end]) ? undefined : { info, history };
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function complaintOf({ info, history }: Open): string | undefined {
  if (!isWorkflowType(info.type)) return `This build has no workflow of the type ${info.type}.`;
  const [payload] = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const input: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
  return versionComplaint(info.type, typeof input === 'object' && input !== null && 'schemaVersion' in input ? input.schemaVersion : undefined);
}

function hasBegun({ events }: History): boolean {
  return (events ?? []).some((event) => event.workflowTaskCompletedEventAttributes);
}

function replayed({ info, history }: Open, reason: string | undefined): ReplayedWorkflow {
  const { workflowId, type, typedSearchAttributes } = info;
  const runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? info.runId;
  const status = typedSearchAttributes.getAll().find(({ key }) => key.name === ATTRIBUTES.status)?.value;
  return { workflowId, runId, type, ...(typeof status === 'string' ? { status } : {}), ...(reason === undefined ? {} : { reason }) };
}
