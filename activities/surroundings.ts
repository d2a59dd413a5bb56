import type { CallCount } from '../domain/call-counts';
import type { RawNumbers, RawSurroundings } from '../domain/evidence-nearby';
import type { Inventory } from '../domain/inventory';
import { findService } from '../domain/inventory';
import { knownServices } from '../domain/sources/names';
import { mergeCalls, neighbourhoodOf, REACH } from '../domain/topology/graph';
import type { Neighbourhood, ToldCall } from '../domain/topology/graph';
import { configuredCalls, countedCalls, SERVICE_GRAPH_METRIC, tracedCalls } from '../domain/topology/told-calls';
import type { CallSums, PointReader } from '../ports/archive';
import type { IncidentReader } from '../ports/store';

/** What the services around one are read from. */
export interface SurroundingsDeps {
  readonly inventory: Inventory;
  readonly archive: { readonly calls: CallSums; readonly points: Pick<PointReader, 'series'> };
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

/** What the numbers of services are read with; the metrics of a service of the inventory are read once, whoever asks. */
export interface SurroundingsReaders {
  readonly attempt: Attempt;
  readonly samplesOf: (service: string) => Promise<RawNumbers['samples']>;
}

/** Rows that one question may answer (pairs, or minutes of one service), and series of counted calls. */
const MOST = { rows: 5_000, series: 2_000, incidents: 50 } as const;

/** The graph around a service: what is configured, counted and seen in traces, followed service by service as far as `REACH`; one question a service at most. */
export async function readGraph(deps: SurroundingsDeps, question: SurroundingsQuestion, attempt: Attempt): Promise<Neighbourhood> {
  const { service } = question;
  const configured = configuredCalls(deps.inventory, question.environment);
  const seen = new Map<string, CallCount>();
  const [counted] = await Promise.all([
    attempt(`counted calls around ${service}`, [], () => readCounted(deps, question)),
    attempt(`calls around ${service} in traces`, undefined, () => readTraced(deps, question, configured, seen)),
  ]);
  return neighbourhoodOf(service, mergeCalls([...configured, ...counted, ...tracedCalls([...seen.values()])]));
}

/** The numbers of the services of a graph, and other open incidents. */
export async function readSurroundings(
  deps: SurroundingsDeps,
  question: SurroundingsQuestion,
  neighbourhood: Neighbourhood,
  { attempt, samplesOf }: SurroundingsReaders,
): Promise<RawSurroundings> {
  const { environment, service } = question;
  const names = neighbourhood.places.map((place) => place.service);
  const [samples, calls, incidents] = await Promise.all([
    Promise.all(names.map(async (name) => (findService(deps.inventory, environment, name) ? samplesOf(name) : []))),
    attempt(`calls by minute around ${service}`, [], () => readReceived(deps, question, names)),
    attempt(`open incidents around ${service}`, [], async () => {
      const { incidents: open } = await deps.incidents.list({ open: true, environment, limit: MOST.incidents });
      return open.filter(({ incidentId }) => incidentId !== question.incidentId);
    }),
  ]);
  const numbers = names.map((name, i): RawNumbers => ({ service: name, samples: samples[i] ?? [], calls: calls[i] ?? [] }));
  return { neighbourhood, numbers: numbers.filter((each) => each.samples.length + each.calls.length > 0), incidents };
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
    const answers = await Promise.all(frontier.map((name) => deps.archive.calls.totals({ environment, service: name, from, to, limit: MOST.rows })));
    for (const call of answers.flat()) seen.set(JSON.stringify([call.caller ?? null, call.callee]), call);
    const { places } = neighbourhoodOf(service, mergeCalls([...configured, ...tracedCalls([...seen.values()])]));
    frontier = places.flatMap((place) => (asked.has(place.service) ? [] : [place.service]));
  }
}

async function readCounted({ archive, inventory }: SurroundingsDeps, { environment, from, to }: SurroundingsQuestion): Promise<readonly ToldCall[]> {
  const series = await archive.points.series({ environment, metric: SERVICE_GRAPH_METRIC, receivedSince: from, limit: MOST.series });
  const context = { environment, receivedAt: to, services: knownServices(inventory.services) };
  return countedCalls(series, context);
}

/** What came to each of them, summed over its callers, so that none of them crowds out the minutes of the onset. */
async function readReceived(
  { archive }: SurroundingsDeps,
  { environment, from, to }: SurroundingsQuestion,
  names: readonly string[],
): Promise<readonly (readonly CallCount[])[]> {
  return Promise.all(names.map((service) => archive.calls.received({ environment, service, from, to, limit: MOST.rows })));
}
