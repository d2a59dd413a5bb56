import type { CallCount } from '../domain/call-counts';
import type { RawNumbers, RawSurroundings } from '../domain/evidence-nearby';
import type { Inventory } from '../domain/inventory';
import { findService } from '../domain/inventory';
import { knownServices } from '../domain/sources/names';
import { mergeCalls, neighbourhoodOf, REACH } from '../domain/topology/graph';
import type { Neighbourhood, ToldCall } from '../domain/topology/graph';
import { configuredCalls, countedCalls, SERVICE_GRAPH_METRIC, tracedCalls } from '../domain/topology/told-calls';
import type { CallReader, PointReader } from '../ports/archive';
import type { SampleArchive } from '../ports/metrics';
import type { IncidentReader } from '../ports/store';

/** What the services around one are read from. */
export interface SurroundingsDeps {
  readonly inventory: Inventory;
  readonly archive: { readonly calls: CallReader; readonly points: Pick<PointReader, 'series'> };
  readonly samples: Pick<SampleArchive, 'read'>;
  readonly incidents: Pick<IncidentReader, 'list'>;
}

/** Whose surroundings, in which time (epoch milliseconds). */
export interface SurroundingsQuestion {
  readonly environment: string;
  readonly service: string;
  readonly incidentId: string;
  readonly from: number;
  readonly to: number;
}

/** Tries to read something in time: what fails or is slow is noted as missing, and the fallback stands for it. */
export type Attempt = <T>(what: string, fallback: T, read: () => Promise<T>) => Promise<T>;

/** The graph around a service with all calls that were counted there. */
export interface FoundGraph {
  readonly neighbourhood: Neighbourhood;
  readonly calls: readonly CallCount[];
}

/** Rows that one question may answer, and series of counted calls. */
const MOST = { rows: 5_000, series: 2_000, incidents: 50 } as const;

/** The graph around a service: what is configured, counted and seen in traces, followed service by service as far as `REACH`; one question a service at most. */
export async function readGraph(deps: SurroundingsDeps, question: SurroundingsQuestion, attempt: Attempt): Promise<FoundGraph> {
  const { service } = question;
  const configured = configuredCalls(deps.inventory, question.environment);
  const seen = new Map<string, CallCount>();
  const [counted] = await Promise.all([
    attempt(`counted calls around ${service}`, [], () => readCounted(deps, question)),
    attempt(`calls around ${service} in traces`, undefined, () => readTraced(deps, question, configured, seen)),
  ]);
  const calls = [...seen.values()];
  return { neighbourhood: neighbourhoodOf(service, mergeCalls([...configured, ...counted, ...tracedCalls(calls)])), calls };
}

/** The numbers of the services of a graph, and other open incidents. */
export async function readSurroundings(deps: SurroundingsDeps, question: SurroundingsQuestion, graph: FoundGraph, attempt: Attempt): Promise<RawSurroundings> {
  const { environment, service } = question;
  const [numbers, incidents] = await Promise.all([
    Promise.all(graph.neighbourhood.places.map((place) => readNumbers(deps, question, place.service, graph.calls, attempt))),
    attempt(`open incidents around ${service}`, [], async () => {
      const { incidents: open } = await deps.incidents.list({ open: true, environment, limit: MOST.incidents });
      return open.filter(({ incidentId }) => incidentId !== question.incidentId);
    }),
  ]);
  return { neighbourhood: graph.neighbourhood, numbers: numbers.filter(({ samples, calls }) => samples.length + calls.length > 0), incidents };
}

/** Fills in what traces tell, from the service outwards, so that what was found before a failure stands. */
async function readTraced(
  deps: SurroundingsDeps,
  question: SurroundingsQuestion,
  configured: readonly ToldCall[],
  seen: Map<string, CallCount>,
): Promise<void> {
  const { environment, service, from, to } = question;
  const asked = new Set<string>();
  let frontier: readonly string[] = [service];
  for (let hop = 0; hop <= REACH.hops && frontier.length > 0; hop += 1) {
    for (const name of frontier) asked.add(name);
    const answers = await Promise.all(frontier.map((name) => deps.archive.calls.calls({ environment, service: name, from, to, limit: MOST.rows })));
    for (const call of answers.flat()) seen.set(JSON.stringify([call.caller ?? null, call.callee, call.at]), call);
    const { places } = neighbourhoodOf(service, mergeCalls([...configured, ...tracedCalls([...seen.values()])]));
    frontier = places.flatMap((place) => (asked.has(place.service) ? [] : [place.service]));
  }
}

async function readCounted({ archive, inventory }: SurroundingsDeps, { environment, from, to }: SurroundingsQuestion): Promise<readonly ToldCall[]> {
  const series = await archive.points.series({ environment, metric: SERVICE_GRAPH_METRIC, receivedSince: from, limit: MOST.series });
  const context = { environment, receivedAt: to, services: knownServices(inventory.services) };
  return countedCalls(series, context);
}

async function readNumbers(
  deps: SurroundingsDeps,
  { environment, from, to }: SurroundingsQuestion,
  service: string,
  calls: readonly CallCount[],
  attempt: Attempt,
): Promise<RawNumbers> {
  const known = findService(deps.inventory, environment, service);
  const samples = known ? await attempt(`metrics of ${service}`, [], () => deps.samples.read(environment, service, from, to)) : [];
  return { service, samples, calls: calls.filter(({ callee }) => callee === service) };
}
