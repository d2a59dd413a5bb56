import type { Client } from '@temporalio/client';
import { atOnce, percentile } from '../at-once';
import { approverOf, openIncident } from '../incident-runner';
import type { StubWorld } from '../stage/world';
import type { ClusterStage } from './stage';

/** How one worker took over from another; times in milliseconds from the kill. */
export interface Takeover {
  readonly open: number;
  /** Workflow tasks that each worker did on these incidents before the kill. */
  readonly shares: readonly number[];
  readonly resolvedBeforeKill: number;
  readonly resolved: number;
  /** Incidents whose service was acted on more or less than once. */
  readonly notExactlyOnce: number;
  /** Until the other worker led. */
  readonly leadsAfterMs: number;
  /** Until the other worker did its first task on an incident that was open, over these incidents. */
  readonly nextTaskP50Ms: number;
  readonly nextTaskMaxMs: number;
  readonly allResolvedAfterMs: number;
}

const AT_ONCE = 40;
const PATIENCE_MS = 300_000;
const LOOK_EVERY_MS = 50;
const WORKERS = ['worker-1', 'worker-2'] as const;

interface Task {
  readonly workflowId: string;
  readonly at: number;
  readonly pid: number;
}

/** Opens so many incidents, approves them all, and kills the worker that leads once a tenth is resolved. */
export async function measureTakeover(stage: ClusterStage, world: StubWorld, names: readonly string[], tell: (line: string) => void): Promise<Takeover> {
  const approve = await approverOf(stage);
  const asked = new Map(await mapAtOnce(names, async (name) => [name, (await openIncident(stage, world.service(name))).asked] as const));
  tell(`${String(names.length)} incidents are open.`);
  const pids = WORKERS.map((name) => stage.cluster.service(name).pid());
  const leader = (await leads(stage, WORKERS[0])) ? WORKERS[0] : WORKERS[1];
  const other = WORKERS.find((name) => name !== leader) ?? leader;
  const resolved = (): number => names.filter((name) => stage.views.newest().get(name)?.status === 'resolved').length;
  const approving = mapAtOnce(names, async (name) => approve(asked.get(name) ?? never(name)));
  await until(() => Promise.resolve(resolved() >= names.length / 10));
  const killedAt = Date.now();
  const resolvedBeforeKill = resolved();
  const open = names.filter((name) => stage.views.newest().get(name)?.status !== 'resolved');
  await stage.cluster.service(leader).destroy();
  tell(`Killed ${leader}, which led; ${String(resolvedBeforeKill)} are resolved.`);
  const leading = until(() => leads(stage, other)).then(() => Date.now() - killedAt);
  await approving;
  await Promise.all(open.map((name) => stage.seen(name, ({ status }) => status === 'resolved' || status === 'escalated', PATIENCE_MS)));
  const allResolvedAfterMs = Date.now() - killedAt;
  const tasks = (await mapAtOnce([...asked.values()], ({ workflowId }) => tasksOf(stage.client, workflowId))).flat();
  const next = open.map((name) => firstAfter(tasks, asked.get(name)?.workflowId ?? '', killedAt) - killedAt);
  return {
    ...{ open: names.length, resolvedBeforeKill, resolved: resolved(), allResolvedAfterMs, leadsAfterMs: await leading },
    shares: pids.map((pid) => tasks.filter((task) => task.pid === pid && task.at < killedAt).length),
    notExactlyOnce: names.filter((name) => stage.supervisors.acts(name) !== 1).length,
    nextTaskP50Ms: percentile(next, 0.5),
    nextTaskMaxMs: Math.max(...next),
  };
}

/** Workflow tasks in a history, with the process that did them. */
async function tasksOf(client: Client, workflowId: string): Promise<Task[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const started = new Map(
    (events ?? []).flatMap((event) => {
      const task = event.workflowTaskStartedEventAttributes;
      return task ? [[String(event.eventId), Number(task.identity?.split('@')[0])] as const] : [];
    }),
  );
  return (events ?? []).flatMap((event) => {
    const done = event.workflowTaskCompletedEventAttributes;
    const at = Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
    return done ? [{ workflowId, at, pid: started.get(String(done.startedEventId)) ?? 0 }] : [];
  });
}

function firstAfter(tasks: readonly Task[], workflowId: string, time: number): number {
  return Math.round(Math.min(...tasks.filter((task) => task.workflowId === workflowId && task.at > time).map((task) => task.at)));
}

async function leads(stage: ClusterStage, name: string): Promise<boolean> {
  const reply = await fetch(`http://${stage.cluster.address(name, 7070)}/metrics`);
  return (await reply.text()).includes('\nnightshift_leader 1\n');
}

async function mapAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  await atOnce(items.length, AT_ONCE, async (index) => {
    results[index] = await work(items[index] as T);
  });
  return results;
}

async function until(ready: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error('The cluster did not get there in time.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function never(name: string): never {
  throw new Error(`${name} has no incident.`);
}
