import { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { percentile } from './at-once';
import { startBareRunner } from './bare-runner';
import type { BareRunner } from './bare-runner';
import { startIncidentRunner } from './incident-runner';
import type { IncidentRunner } from './incident-runner';
import { Closing } from './stage/closing';
import { startStageServer } from './stage/stage';

/** One incident run and one bare run, next to each other in time. */
export interface Pair {
  readonly incidentsPerSecond: number;
  readonly bareWorkflowsPerSecond: number;
  readonly ratio: number;
}

/** Result of the benchmark; figures outside of `pairs` are medians, except the percentiles, which are over all incidents. */
export interface IncidentsResult {
  readonly pairs: readonly Pair[];
  readonly incidentsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly eventsPerIncident: number;
  readonly actionsPerIncident: number;
  readonly bareWorkflowsPerSecond: number;
  readonly ratio: number;
}

/** How much is run. */
export interface Sizes {
  readonly pairs: number;
  readonly warmUp: number;
  readonly incidents: number;
  readonly open: number;
  readonly bare: number;
  readonly bareOpen: number;
}

/** The usual sizes. */
export const SIZES: Sizes = { pairs: 5, warmUp: 40, incidents: 180, open: 60, bare: 500, bareOpen: 60 };

/** Measures priced incidents against bare workflows on one server of its own, in interleaved pairs, so that what else the machine does hits both. */
export async function benchIncidents(options: {
  readonly program: string;
  readonly log: Logger;
  readonly tell: (line: string) => void;
  readonly sizes?: Sizes;
}): Promise<IncidentsResult> {
  const sizes = options.sizes ?? SIZES;
  const closing = new Closing();
  try {
    const server = await startStageServer(options.program);
    closing.add(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    closing.add(() => connection.close());
    const incidents = await startIncidentRunner(server.address, options.log, sizes.warmUp + sizes.pairs * sizes.incidents);
    closing.add(() => incidents.close());
    const bare = await startBareRunner(server.address, new Client({ connection }));
    closing.add(() => bare.close());
    return await measurePairs(incidents, bare, sizes, options.tell);
  } finally {
    await closing.close();
  }
}

/** Measures pairs with runners that are up. */
export async function measurePairs(incidents: IncidentRunner, bare: BareRunner, sizes: Sizes, tell: (line: string) => void): Promise<IncidentsResult> {
  tell('Warming up.');
  await incidents.run(sizes.warmUp, sizes.open);
  await bare.run(2 * sizes.warmUp, sizes.bareOpen);
  const pairs: Pair[] = [];
  const eachMs: number[] = [];
  while (pairs.length < sizes.pairs) {
    const run = await incidents.run(sizes.incidents, sizes.open);
    const bareWorkflowsPerSecond = await bare.run(sizes.bare, sizes.bareOpen);
    eachMs.push(...run.eachMs);
    pairs.push({ incidentsPerSecond: run.perSecond, bareWorkflowsPerSecond, ratio: run.perSecond / bareWorkflowsPerSecond });
    tell(`Pair ${String(pairs.length)}: ${run.perSecond.toFixed(1)} incidents/s, ${bareWorkflowsPerSecond.toFixed(1)} bare workflows/s.`);
  }
  const middle = (of: (pair: Pair) => number): number => percentile(pairs.map(of), 0.5);
  const cost = await incidents.cost();
  return {
    pairs: pairs.map((p) => ({
      incidentsPerSecond: round(p.incidentsPerSecond),
      bareWorkflowsPerSecond: round(p.bareWorkflowsPerSecond),
      ratio: round(p.ratio, 3),
    })),
    incidentsPerSecond: round(middle((p) => p.incidentsPerSecond)),
    p50Ms: Math.round(percentile(eachMs, 0.5)),
    p95Ms: Math.round(percentile(eachMs, 0.95)),
    eventsPerIncident: cost.events,
    actionsPerIncident: cost.actions,
    bareWorkflowsPerSecond: round(middle((p) => p.bareWorkflowsPerSecond)),
    ratio: round(
      middle((p) => p.ratio),
      3,
    ),
  };
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
