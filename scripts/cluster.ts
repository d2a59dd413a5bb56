import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorCode, errorMessage } from '../domain/errors';
import { stopSignal } from '../workers/stop-signal';
import { startCluster } from './cluster/cluster';
import type { Cluster, ClusterOptions } from './cluster/cluster';
import { approve, incident, normalTraffic, startPractice } from './cluster/practice';
import type { Practice } from './cluster/practice';
import { clusterPrograms } from './cluster/programs';

const USAGE = `Usage: npm run cluster -- [--workers N] [--keep] [--json]

Runs every service of docker-compose.yml as plain processes (PostgreSQL, Temporal on it, its UI, API, workers), with the commands, environments and health checks that
stand there, breaks the practice service, and takes the incident to its end. Needs PostgreSQL's programs and, the first time, Go.

  --workers N  how many workers (2)
  --keep       leave everything running until Ctrl-C
  --json       one object on stdout

Exit codes: 0 the incident was resolved by exactly one rollback, 1 it was not, 2 wrong usage, 3 a program that is needed is missing.
`;

/** What a run found out. */
interface Result {
  readonly services: readonly string[];
  readonly startedMs: number;
  readonly incidentId: string;
  readonly status: string;
  readonly outcome: string;
  readonly resolvedMs: number;
  readonly rollbacks: number;
  readonly api: string;
  readonly temporalUi: string;
  readonly temporal: string;
}

async function main(): Promise<number> {
  const options = { workers: { type: 'string', default: '2' }, keep: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h', default: false } } }));
  } catch (error) {
    return wrong(errorMessage(error), 2);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 8) return wrong('--workers takes a number from 1 to 8.', 2);
  const programs = clusterPrograms(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-cluster-'));
  const stopped = stopSignal();
  const work = runIn(folder, { workers, programs, path: process.env['PATH'] ?? '', tell: (line) => void process.stderr.write(`  ${line}\n`) }, stopped, values);
  try {
    return await work;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn(
  folder: string,
  options: Pick<ClusterOptions, 'workers' | 'programs' | 'path' | 'tell'>,
  stopped: Promise<unknown>,
  { keep, json }: { readonly keep: boolean; readonly json: boolean },
): Promise<number> {
  const inside = join(folder, 'cluster');
  // PostgreSQL runs as another user when this runs as root.
  chmodSync(folder, 0o711);
  mkdirSync(inside);
  const began = Date.now();
  const practice = await startPractice(join(folder, 'shop'));
  let cluster: Cluster | undefined;
  try {
    cluster = await startCluster({ ...options, folder: inside, config: practice.config() });
    const startedMs = Date.now() - began;
    const result = await Promise.race([takeToItsEnd(cluster, practice, startedMs, options.tell), stopped.then(() => undefined)]);
    if (result === undefined) return 130;
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    if (keep) {
      options.tell(
        `API ${result.api}, Temporal UI ${result.temporalUi}, Temporal ${result.temporal}, first key ${join(cluster.home, 'admin.key')}; Ctrl-C ends all of it`,
      );
      await stopped;
    }
    return result.status === 'resolved' && result.rollbacks === 1 ? 0 : 1;
  } finally {
    await cluster?.stop();
    await practice.stop();
  }
}

async function takeToItsEnd(cluster: Cluster, practice: Practice, startedMs: number, tell: (line: string) => void): Promise<Result> {
  await normalTraffic(practice);
  const began = Date.now();
  await practice.breakIt();
  tell('the practice service  has a bad release');
  const asked = await incident(cluster, 'an incident that asks', ({ status }) => status === 'awaiting-approval');
  tell(`${asked.incidentId}  asks for ${asked.proposal?.proposal.runbook.id ?? 'nothing'}`);
  await approve(cluster, asked);
  const done = await incident(cluster, 'a finished incident', ({ status }) => status === 'resolved' || status === 'escalated');
  const calls = await practice.calls();
  tell(`${done.incidentId}  ${done.status}: ${done.outcome?.kind ?? ''}; the supervisor's ledger has ${String(calls.length)} call of Nightshift`);
  return {
    ...{ services: cluster.services.map(({ name }) => name), startedMs, incidentId: done.incidentId, status: done.status, outcome: done.outcome?.kind ?? '' },
    ...{ resolvedMs: Date.now() - began, rollbacks: calls.filter(({ kind, state }) => kind === 'deploy' && state === 'done').length },
    ...{ api: cluster.api, temporalUi: cluster.ui, temporal: cluster.temporalAddress },
  };
}

function wrong(message: string, code: number): number {
  process.stderr.write(`${message}\n${code === 2 ? `\n${USAGE}` : ''}`);
  return code;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = errorCode(error) === 'unreachable' ? 3 : 1;
  },
);
