import { Client, Connection } from '@temporalio/client';
import type { Environment } from '../../config/types';
import { incidentWorkflowId } from '../../domain/identity';
import { percentile } from '../at-once';
import type { Form } from '../load/alerts';
import type { LoadResult } from '../load/flood';
import { readerOf } from '../load/kept';
import type { Reader } from '../load/kept';
import { runLoad } from '../load/process';
import { ENVIRONMENT, SERVICES, startLoadedSystem } from '../load/system';
import type { LoadedSystem } from '../load/system';
import { Closing } from '../stage/closing';
import { startAlertmanager } from './alertmanager';
import { lagsOf } from './lag';
import { benchPoints } from './points';
import type { PointsPerSecond } from './points';

/** Alerts a second that one form of sending reached. */
export interface Rates {
  readonly singlePerSecond: number;
  readonly batch50PerSecond: number;
}

/** Result of the benchmark: medians of the rounds. Every alert that is counted was committed before its 202. */
export interface IntakeResult extends Rates {
  readonly singleP99Ms: number;
  /** From the acknowledgement until the workflow's history has the alert, at 100 alerts a second. */
  readonly deliveryLagP99Ms: number;
  /** The same alerts as webhooks of Alertmanager, by POST /v1/sources/alertmanager. */
  readonly source: Rates;
  /** Alertmanager itself under the same load; null where it is not installed. */
  readonly alertmanager: Rates | null;
  /** Into the archive, each message committed before the next. */
  readonly pointsPerSecond: PointsPerSecond;
  /** Requests that were not answered with 202, over all rounds, by status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly note?: string;
}

/** How long things are measured; milliseconds. */
export interface IntakeSizes {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly steadyMs: number;
}

/** The usual sizes. */
export const INTAKE_SIZES: IntakeSizes = { rounds: 3, warmUpMs: 5000, measureMs: 6000, steadyMs: 20_000 };

const BATCH = 50;
const SINGLE_CONNECTIONS = 64;
const BATCH_CONNECTIONS = 8;
const STEADY_PER_SECOND = 100;
const LOOK_MS = 500;
const DRAIN_MS = 120_000;

/** Measures the intake of an embedded system of its own, and Alertmanager beside it, by the same load from another process, in interleaved rounds. */
export async function benchIntake(options: {
  readonly env: Environment;
  readonly tell: (line: string) => void;
  readonly sizes?: IntakeSizes;
}): Promise<IntakeResult> {
  const { env, tell, sizes = INTAKE_SIZES } = options;
  const closing = new Closing();
  try {
    const peer = await startAlertmanager(env['PATH'] ?? '');
    if (peer) closing.add(() => peer.close());
    const system = await startLoadedSystem(env);
    closing.add(() => system.close());
    const reader = readerOf(system.url, system.key);
    const load = loader(system, peer?.url, sizes);
    tell('Opening an incident on each service.');
    await openIncidents(load, reader);
    const deliveryLagP99Ms = await measureLag(system, load, reader, sizes);
    tell(`At ${String(STEADY_PER_SECOND)} alerts/s the workflow has an alert ${String(deliveryLagP99Ms)} ms (p99) after its 202.`);
    const rounds: Round[] = [];
    while (rounds.length < sizes.rounds) {
      rounds.push(await round(load, reader, peer !== undefined));
      tell(`Round ${String(rounds.length)}: ${describe(rounds.at(-1))}`);
    }
    await closing.close();
    return { ...summary(rounds), deliveryLagP99Ms, pointsPerSecond: await benchPoints(env['PATH'] ?? '', sizes.measureMs) };
  } finally {
    await closing.close();
  }
}

type Load = (
  form: Form,
  batch: number,
  more?: { readonly perSecond?: number; readonly connections?: number; readonly measureMs?: number },
) => Promise<LoadResult>;

function loader({ url, key }: LoadedSystem, peer: string | undefined, sizes: IntakeSizes): Load {
  let loads = 0;
  return (form, batch, more = {}) => {
    loads += 1;
    return runLoad({
      ...(form === 'alertmanager' ? { url: peer ?? '' } : { url, key }),
      ...{ form, batch, environment: ENVIRONMENT, services: SERVICES, name: `load-${String(loads)}` },
      ...{ connections: batch === 1 ? SINGLE_CONNECTIONS : BATCH_CONNECTIONS, warmUpMs: sizes.warmUpMs, measureMs: sizes.measureMs },
      ...more,
    });
  };
}

/** The cost of opening incidents is another benchmark's. */
async function openIncidents(load: Load, reader: Reader): Promise<void> {
  await load('alerts', SERVICES.length, { connections: 1, perSecond: 1, measureMs: 1 });
  await until(async () => (await reader.incidents()).filter(({ status }) => status !== 'open' && status !== 'triaged').length >= SERVICES.length);
}

async function measureLag(system: LoadedSystem, load: Load, reader: Reader, { steadyMs }: IntakeSizes): Promise<number> {
  const { acknowledged } = await load('alerts', 1, { perSecond: STEADY_PER_SECOND, measureMs: steadyMs });
  await drained(reader);
  const connection = await Connection.connect({ address: system.temporal });
  try {
    const ids = SERVICES.map((service) => incidentWorkflowId(ENVIRONMENT, service));
    return Math.round(percentile(await lagsOf(new Client({ connection }), ids, acknowledged), 0.99));
  } finally {
    await connection.close();
  }
}

interface Round {
  readonly single: LoadResult;
  readonly batch: LoadResult;
  readonly sourceSingle: LoadResult;
  readonly sourceBatch: LoadResult;
  readonly peerSingle?: LoadResult;
  readonly peerBatch?: LoadResult;
}

async function round(load: Load, reader: Reader, peer: boolean): Promise<Round> {
  // What waits for its workflow would be delivered at the cost of whoever is measured next.
  const ours = async (form: Form, batch: number): Promise<LoadResult> => {
    const result = await load(form, batch);
    await drained(reader);
    return result;
  };
  const single = await ours('alerts', 1);
  const peerSingle = peer ? { peerSingle: await load('alertmanager', 1) } : {};
  const batch = await ours('alerts', BATCH);
  const peerBatch = peer ? { peerBatch: await load('alertmanager', BATCH) } : {};
  return { single, batch, sourceSingle: await ours('webhook', 1), sourceBatch: await ours('webhook', BATCH), ...peerSingle, ...peerBatch };
}

function summary(rounds: readonly Round[]): Omit<IntakeResult, 'deliveryLagP99Ms' | 'pointsPerSecond'> {
  const median = (of: (round: Round) => number | undefined): number =>
    Math.round(
      percentile(
        rounds.map((each) => of(each) ?? 0),
        0.5,
      ),
    );
  const hasPeer = rounds.every(({ peerBatch }) => peerBatch !== undefined);
  return {
    singlePerSecond: median((each) => each.single.alertsPerSecond),
    singleP99Ms: median((each) => each.single.p99Ms),
    batch50PerSecond: median((each) => each.batch.alertsPerSecond),
    source: { singlePerSecond: median((each) => each.sourceSingle.alertsPerSecond), batch50PerSecond: median((each) => each.sourceBatch.alertsPerSecond) },
    alertmanager: hasPeer
      ? { singlePerSecond: median((each) => each.peerSingle?.alertsPerSecond), batch50PerSecond: median((each) => each.peerBatch?.alertsPerSecond) }
      : null,
    refused: refusedIn(rounds),
    ...(hasPeer ? {} : { note: 'Alertmanager is not installed: `apt-get install prometheus-alertmanager` on Debian.' }),
  };
}

function refusedIn(rounds: readonly Round[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { single, batch, sourceSingle, sourceBatch } of rounds)
    for (const { refused } of [single, batch, sourceSingle, sourceBatch])
      for (const [status, count] of Object.entries(refused)) counts[status] = (counts[status] ?? 0) + count;
  return counts;
}

function describe(round: Round | undefined): string {
  const rate = (result: LoadResult | undefined): string => (result ? Math.round(result.alertsPerSecond).toLocaleString('en') : '-');
  return `${rate(round?.single)}/s single (p99 ${String(Math.round(round?.single.p99Ms ?? 0))} ms), ${rate(round?.batch)}/s in batches; Alertmanager ${rate(round?.peerSingle)} and ${rate(round?.peerBatch)}.`;
}

function drained(reader: Reader): Promise<void> {
  return until(async () => (await reader.backlog()) === 0);
}

async function until(ready: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DRAIN_MS;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error('the system did not come to rest in time');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
