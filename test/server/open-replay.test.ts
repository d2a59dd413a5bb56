import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { replayOpen } from '../../adapters/temporal/replay';
import type { ReplayedWorkflow } from '../../adapters/temporal/replay';
import { workflowCode } from '../../workers/workflow-code';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { PATIENCE } from './story';
import { until } from './until';

const [long, closed] = ['long', 'closed'].map(serviceName) as [string, string];
const ghost = serviceName('ghost');
let h: Harness;

beforeAll(async () => {
  h = await startHarness({ services: [long, closed], incidents: { maxHistoryEvents: 50 } });
}, PATIENCE);
afterAll(() => h.close());

async function replayed(client: Client = h.client, taskQueue = h.config.temporal.taskQueue): Promise<ReplayedWorkflow[]> {
  const found: ReplayedWorkflow[] = [];
  for await (const each of replayOpen(client, taskQueue, workflowCode())) found.push(each);
  return found.sort((a, b) => a.workflowId.localeCompare(b.workflowId));
}

/** Lists what the server should show by now; it shows what was just started a little later. */
function listed(ids: readonly string[]): Promise<ReplayedWorkflow[]> {
  const look = async (): Promise<ReplayedWorkflow[] | undefined> => {
    const found = await replayed();
    return JSON.stringify(found.map(({ workflowId }) => workflowId)) === JSON.stringify([...ids].sort()) ? found : undefined;
  };
  return until(look, `open: ${ids.join(', ')}`);
}

test('where nothing is open there is nothing to replay', async () => {
  expect(await replayed(h.client, `nobody's queue ${ghost}`)).toEqual([]);
});

test(
  'one that went on in a new execution is replayed from there, and one that ended meanwhile is left out',
  async () => {
    await h.alert(long);
    await h.alert(closed);
    const escalated = (service: string) => h.incident(service, (v) => v.status === 'escalated', PATIENCE);
    const [first, ending] = [await escalated(long), await escalated(closed)];
    const cut = async (): Promise<string | undefined> => {
      await h.api.tell(first.incidentId, 'note', 'more to remember');
      const { runId } = await h.client.workflow.getHandle(first.workflowId).describe();
      return runId === first.runId ? undefined : runId;
    };
    const runId = await until(cut, 'the history is cut', PATIENCE);
    const open = await listed([first.workflowId, ending.workflowId]);
    expect(open.map(({ reason }) => reason)).toEqual([undefined, undefined]);
    expect(open.find(({ workflowId }) => workflowId === first.workflowId)).toMatchObject({ runId, type: 'incident', status: 'escalated' });

    const before: WorkflowExecutionInfo[] = [];
    for await (const info of h.client.workflow.list({ query: `WorkflowId = '${ending.workflowId}'` })) before.push(info);
    await h.api.tell(ending.incidentId, 'resolve', 'it is over');
    await h.client.workflow.getHandle(ending.workflowId).result();
    // A server's list lags behind.
    const lagging = { workflow: { list: () => before, getHandle: h.client.workflow.getHandle.bind(h.client.workflow) } } as unknown as Client;
    expect(before).toHaveLength(1);
    expect(await replayed(lagging)).toEqual([]);
  },
  2 * PATIENCE,
);

test(
  'a version and a type that this code does not know are told by name, also of workflows that nobody has begun',
  async () => {
    const open = await listed([`incident:test:${long}`]);
    const [known] = open as [ReplayedWorkflow];
    await h.stop();
    const { taskQueue } = h.config.temporal;
    const start = (workflowId: string, type: string, schemaVersion: number) =>
      h.client.workflow.start(type, { workflowId, taskQueue, args: [{ schemaVersion }] });
    const handles = await Promise.all([start(`a-${ghost}`, 'incident', 2), start(`b-${ghost}`, 'incident', 99), start(`c-${ghost}`, 'capacity', 1)]);
    const found = await listed([`a-${ghost}`, `b-${ghost}`, `c-${ghost}`, known.workflowId]);
    expect(found.map(({ reason }) => reason)).toEqual([
      undefined,
      expect.stringMatching(/understands version 1, 2, 3, 4, 5 of the workflow incident, not 99/) as string,
      'This build has no workflow of the type capacity.',
      undefined,
    ]);
    await Promise.all(handles.map((handle) => handle.terminate()));
  },
  PATIENCE,
);

test(
  'a worker lets a workflow of an unknown version wait, and says why',
  async () => {
    await h.restart();
    const workflowId = `incident:test:${ghost}`;
    const handle = await h.client.workflow.start('incident', { workflowId, taskQueue: h.config.temporal.taskQueue, args: [{ schemaVersion: 99 }] });
    const failure = await until(async () => {
      const { events } = await handle.fetchHistory();
      return events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes?.failure?.message;
    }, 'a failed task');
    expect(failure).toMatch(/not 99\. A newer one began it: run that again; the workflow waits meanwhile\./);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  },
  PATIENCE,
);
