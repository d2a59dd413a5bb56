import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { temporalIncidents } from '../adapters/temporal/client';
import { historyJson } from '../adapters/temporal/histories';
import { openStage, startStageServer } from '../bench/stage/stage';
import { StubWorld } from '../bench/stage/world';
import { processEnvironment, temporalProgram } from '../config/environment';
import { packageRoot } from '../config/package-root';
import { errorMessage, NightshiftError } from '../domain/errors';
import { heartbeatAlert } from '../domain/heartbeat';
import type { IncidentView } from '../domain/incident-view';
import { routeAlert } from '../domain/routing';
import type { DetectionInput } from '../domain/steps';
import { WORKFLOW_VERSIONS } from '../domain/workflow-versions';
import { alertedStart } from '../workers/incident-start';
import { installRuntime } from '../workers/system';
import { redactHistory } from './histories/redact';
import { ACTS } from './histories/scenarios';
import type { Act, Scenario } from './histories/scenarios';

// `npm run histories [-- <incident> ...]`: plays every scenario, or those named, on a server of its own and writes what the replay test replays.
const HEARTBEAT = 'heartbeat';
const DETECTION = 'detection';
const folder = join(packageRoot(), 'test', 'histories');

async function main(names: readonly string[]): Promise<void> {
  const acts = chosen(names);
  const program = temporalProgram(processEnvironment());
  if (program === undefined) throw new Error('There is no Temporal server program: use `npm run histories`, which finds or gets it.');
  const log = pino({ level: 'error' }, pino.destination({ dest: 2, sync: true }));
  installRuntime(log);
  const server = await startStageServer(program);
  try {
    await mkdir(folder, { recursive: true });
    const before = await readdir(folder);
    const written: string[] = [];
    for (const act of acts) written.push(...(await playAct(act, server.address, log)));
    if (names.length === 0 || names.includes(HEARTBEAT)) written.push(await playHeartbeat(server.address, log));
    if (names.length === 0 || names.includes(DETECTION)) written.push(...(await playDetection(server.address, log)));
    // A scenario that is gone takes its histories with it.
    if (names.length === 0) for (const old of before) if (old.endsWith('.json') && !written.includes(old)) await rm(join(folder, old));
    process.stderr.write(`Wrote ${String(written.length)} histories to test/histories/.\n`);
  } finally {
    await server.stop();
  }
}

function chosen(names: readonly string[]): readonly Act[] {
  const known = ACTS.flatMap((act) => act.scenarios.map((scenario) => scenario.incident));
  const unknown = names.filter((name) => !known.includes(name) && name !== HEARTBEAT && name !== DETECTION);
  if (unknown.length > 0) throw new NightshiftError('invalid_input', `There is no scenario ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const wanted = (scenario: Scenario): boolean => names.length === 0 || names.includes(scenario.incident);
  return ACTS.map((act) => ({ ...act, scenarios: act.scenarios.filter(wanted) })).filter((act) => act.scenarios.length > 0);
}

async function playAct(act: Act, address: string, log: pino.Logger): Promise<string[]> {
  const services = act.scenarios.flatMap(({ incident, dependsOn = [] }) => [incident, ...dependsOn]);
  const world = new StubWorld(services, { scraped: true });
  const dependsOn = Object.fromEntries(act.scenarios.map((each) => [each.incident, each.dependsOn ?? []]));
  const stage = await openStage({ address, world, settings: { ...act.settings, services, dependsOn }, log, ...(act.autonomy && { autonomy: act.autonomy }) });
  try {
    const files: string[] = [];
    // One after the other: the kill switch is everybody's.
    for (const scenario of act.scenarios) {
      const view = await scenario.play({ stage, world }, scenario.incident);
      files.push(...(await record(stage.client, scenario, view)));
      process.stderr.write(`  ${scenario.incident}: ${view.outcome?.kind ?? view.status}\n`);
    }
    return files;
  } finally {
    await stage.close();
  }
}

/** A synthetic alert on its way, and a second one that comes meanwhile. */
async function playHeartbeat(address: string, log: pino.Logger): Promise<string> {
  const stage = await openStage({ address, world: new StubWorld([], { scraped: true }), settings: { services: [] }, log });
  try {
    const { client, config } = stage;
    const clock = { now: () => Date.now() };
    const starter = temporalIncidents({ client, clock, taskQueue: config.temporal.taskQueue, doorTimeoutMs: 5_000, start: alertedStart(config) });
    const route = routeAlert(config, heartbeatAlert(1, 'stage', clock.now()));
    for (const number of [1, 2]) await starter.deliver(route, [heartbeatAlert(number, 'stage', clock.now())]);
    const handle = client.workflow.getHandle(route.workflowId);
    await handle.result();
    const { runId } = await handle.describe();
    return await write(client, route.workflowId, runId, 'heartbeat-sent');
  } finally {
    await stage.close();
  }
}

/** A group that goes on in a new execution, and ends there as there is no such group any more. */
async function playDetection(address: string, log: pino.Logger): Promise<string[]> {
  const stage = await openStage({
    address,
    world: new StubWorld([], { scraped: true }),
    settings: { services: ['watched'], detector: { anomalies: { heartbeat: '5s' } } },
    log,
  });
  try {
    const { client, config } = stage;
    const { taskQueue } = config.temporal;
    const play = async (name: string, groups: number): Promise<string> => {
      const input: DetectionInput = { schemaVersion: WORKFLOW_VERSIONS.detection.written, group: 0, groups, turnMs: 200, turns: 2, heartbeatMs: 5000 };
      const { workflowId, firstExecutionRunId } = await client.workflow.start('detection', { workflowId: `detection:${name}`, taskQueue, args: [input] });
      const first = client.workflow.getHandle(workflowId, firstExecutionRunId);
      while ((await first.describe()).status.name === 'RUNNING') await delay(50);
      return write(client, workflowId, firstExecutionRunId, `detection-${name}`);
    };
    return [await play('continued', 1), await play('gone', 9)];
  } finally {
    await stage.close();
  }
}

/** Writes every execution of the incident, and of the remediation the first one, whose end the scenario is named for. Returns the names of the files. */
async function record(client: Client, scenario: Scenario, view: IncidentView): Promise<string[]> {
  const files: string[] = [];
  const runs = await executions(client, view.workflowId);
  for (const [index, runId] of runs.entries()) {
    const suffix = runs.length > 1 ? `-${String(index + 1)}` : '';
    files.push(await write(client, view.workflowId, runId, `incident-${scenario.incident}${suffix}`));
  }
  if (scenario.remediation === undefined) return files;
  const remediation = view.remediation?.workflowId ?? '';
  const [first = ''] = await executions(client, remediation);
  files.push(await write(client, remediation, first, `remediation-${scenario.remediation}`));
  return files;
}

/** Oldest first, asked of the history itself: the list of executions lags behind. */
async function executions(client: Client, workflowId: string): Promise<string[]> {
  const found: { readonly runId: string; readonly at: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) found.push({ runId, at: startTime.getTime() });
  return found.sort((a, b) => a.at - b.at).map(({ runId }) => runId);
}

async function write(client: Client, workflowId: string, runId: string, name: string): Promise<string> {
  const file = `${name}.json`;
  await writeFile(join(folder, file), redactHistory(await historyJson(client, workflowId, runId), [tmpdir(), packageRoot()]));
  return file;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const problems = error instanceof NightshiftError ? error.problems.map((p) => `  ${p.path}: ${p.message}`) : [];
  process.stderr.write(`${[errorMessage(error), ...problems].join('\n')}\n`);
  process.exitCode = 1;
});
