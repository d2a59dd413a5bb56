import type { Allowed } from '../domain/actions/allowed';
import { buildEvidence } from '../domain/evidence-build';
import { anomaliesOf } from '../domain/detection/anomaly-ids';
import type { RawEvidence, RawTarget } from '../domain/evidence-raw';
import type { EvidenceBundle, EvidenceRef } from '../domain/evidence';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { applicableRunbooks } from '../domain/runbook-match/applicable';
import { findService } from '../domain/inventory';
import type { Inventory, Service } from '../domain/inventory';
import type { GatherInput, Gathered } from '../domain/steps';
import type { Neighbourhood } from '../domain/topology/graph';
import type { AnomalyStore } from '../ports/anomalies';
import type { LogReader } from '../ports/archive';
import type { ChangeSource } from '../ports/changes';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { LogSource } from '../ports/logs';
import type { SampleArchive } from '../ports/metrics';
import type { RunbookLibrary } from '../ports/runbooks';
import { readFailedBuilds } from './failed-builds';
import type { BuildList } from './failed-builds';
import { unusualLines } from './log-history';
import { once } from './once';
import { patiently } from './patience';
import { similarForEvidence, similarIncidents } from './similar';
import type { SimilarDeps } from './similar';
import { readGraph, readSurroundings } from './surroundings';
import type { SurroundingsDeps } from './surroundings';
import type { EvidenceStore, IncidentReader, TransitionStore } from '../ports/store';

/** What gathering works with. */
export interface EvidenceDeps {
  readonly transitions: TransitionStore;
  readonly evidence: EvidenceStore;
  readonly incidents: Pick<IncidentReader, 'lastClosed' | 'list'>;
  readonly samples: SampleArchive;
  readonly logs: LogSource;
  readonly anomalies: Pick<AnomalyStore, 'get'>;
  readonly archive: { readonly logs: LogReader; readonly builds: BuildList } & SurroundingsDeps['archive'];
  readonly changes: readonly ChangeSource[];
  readonly hands: Hands;
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** Which runbooks there are, and what they may use besides the hands of a service; not told when absent. */
  readonly choosable?: { readonly runbooks: Pick<RunbookLibrary, 'current'>; readonly allowed: Allowed };
  /** Where past incidents are looked for; nowhere when absent. */
  readonly past?: Pick<SimilarDeps, 'knowledge' | 'embedder'>;
  /** All that is read in one attempt of the activity, milliseconds: each source gets a part of it. Unbounded when absent. */
  readonly patienceMs?: number;
}

/** Log lines read for one round at most. */
const MAX_LOG_LINES = 20_000;
/** Targets further away that are asked what they run. */
const MOST_FURTHER_TARGETS = 2;
/** Shares of the time of an attempt: one after the other they leave room to freeze what was found. */
const PATIENCE = { graph: 0.1, sources: 0.45, further: 0.15, similar: 0.15 } as const;

/** Gathers and freezes the evidence of a round; a second attempt finds what the first one froze. */
export function createEvidenceActivities(deps: EvidenceDeps): { gather(input: GatherInput): Promise<Gathered> } {
  return {
    async gather(input) {
      const head = await deps.transitions.apply(input.transition);
      const predecessor = input.round === 1 ? await deps.incidents.lastClosed(input.environment, input.service) : undefined;
      const evidence = refOf(await frozen(deps, input));
      return { evidence, head, ...(predecessor === undefined ? {} : { predecessor: predecessor.incidentId }) };
    },
  };
}

async function frozen(deps: EvidenceDeps, input: GatherInput): Promise<{ readonly digest: string; readonly bundle: EvidenceBundle }> {
  const earlier = await deps.evidence.ofRound(input.incidentId, input.round);
  if (earlier) return earlier;
  const raw = await readAll(deps, input);
  const bundle = buildEvidence(await withSimilar(deps, input, raw));
  const digest = await deps.evidence.freeze(bundle);
  // Another attempt may have been first; what is kept is what counts.
  return { digest, bundle: (await deps.evidence.read(digest)) ?? bundle };
}

function refOf(found: { readonly digest: string; readonly bundle: EvidenceBundle }): EvidenceRef {
  return { digest: found.digest, ids: found.bundle.items.map((item) => item.id), onset: found.bundle.onset };
}

/** What is like it is found by what was gathered. */
async function withSimilar(deps: EvidenceDeps, input: GatherInput, raw: RawEvidence): Promise<RawEvidence> {
  const { past, patienceMs } = deps;
  if (!past) return raw;
  const missing = [...raw.missing];
  const attempt = patiently(missing, patienceMs === undefined ? undefined : PATIENCE.similar * patienceMs);
  const gathered = { digest: '', bundle: buildEvidence(raw) };
  const finder = similarIncidents({ ...past, evidence: { ofRound: async () => gathered } });
  const similar = await attempt(`incidents like ${input.incidentId}`, [], () => similarForEvidence(finder, input.transition.view));
  return { ...raw, similar, missing };
}

/** What it calls over more than one call, as far as the inventory knows it and the evidence does not take it for a neighbour. */
function furtherOf(inventory: Inventory, environment: string, service: Service, { places }: Neighbourhood): readonly Service[] {
  return places
    .filter((place) => place.way === 'callee' && !service.dependsOn.includes(place.service))
    .flatMap((place) => findService(inventory, environment, place.service) ?? []);
}

async function readAll(deps: EvidenceDeps, input: GatherInput): Promise<RawEvidence> {
  const now = deps.clock.now();
  const service = findService(deps.inventory, input.environment, input.service);
  const firstAlertAt = earliestAlert(input, now);
  const from = firstAlertAt - input.settings.lookbackMs;
  const missing: { what: string; reason: string }[] = [];
  const base = baseOf(input, now, firstAlertAt);
  if (!service) {
    const reason = 'the inventory does not know this service';
    return { ...base, samples: [], neighbours: [], logs: null, changes: null, targets: [], knownServices: [], missing: [{ what: input.service, reason }] };
  }
  const within = (share: number) => patiently(missing, deps.patienceMs === undefined ? undefined : share * deps.patienceMs);
  const attempt = within(PATIENCE.sources);
  const neighbours = service.dependsOn.flatMap((name) => findService(deps.inventory, input.environment, name) ?? []);
  const { environment } = input;
  const around = { environment, service: service.name, incidentId: input.incidentId, from, to: now };
  const graph = await readGraph(deps, around, within(PATIENCE.graph));
  const samplesOf = once((name: string) => attempt(`metrics of ${name}`, [], () => deps.samples.read(environment, name, from, now)));
  const further = furtherOf(deps.inventory, environment, service, graph);
  const [samples, neighbourSamples, logs, changes, targets, anomalies, unusual, failedBuilds, surroundings, furtherChanges, runbooks] = await Promise.all([
    samplesOf(service.name),
    Promise.all(neighbours.map(async ({ name }) => ({ service: name, samples: await samplesOf(name) }))),
    service.logs ? attempt(`logs of ${service.name}`, null, () => deps.logs.read(service, from, now, MAX_LOG_LINES)) : null,
    attempt(`changes of ${service.name}`, null, () => readChanges(deps, [service, ...neighbours], from, now)),
    Promise.all([service, ...neighbours].filter((s) => s.hands).map((s) => attempt(`state of ${s.name}`, undefined, () => readTarget(deps, s)))),
    attempt(`anomalies of ${service.name}`, [], () => readAnomalies(deps, input)),
    attempt(`log history of ${service.name}`, [], () => unusualLines(deps.archive.logs, input, now)),
    attempt(`builds of ${service.name}`, [], () => readFailedBuilds(deps.archive.builds, input, input.alerts, now)),
    readSurroundings(deps, around, graph, { attempt, samplesOf }),
    attempt('changes of what is further away', [], () => readChanges(deps, further, from, now)),
    attempt('runbooks', undefined, () => readRunbooks(deps, [service, ...neighbours])),
  ]);
  const changedFurther = further.filter((s) => s.hands && furtherChanges.some((change) => change.service === s.name)).slice(0, MOST_FURTHER_TARGETS);
  const furtherTargets = await Promise.all(changedFurther.map((s) => within(PATIENCE.further)(`state of ${s.name}`, undefined, () => readTarget(deps, s))));
  if (!service.logs) missing.push({ what: `logs of ${service.name}`, reason: 'no log is configured' });
  if (!service.metrics) missing.push({ what: `metrics of ${service.name}`, reason: 'no metrics are configured' });
  const known = deps.inventory.services.filter((s) => s.environment === environment).map((s) => s.name);
  return {
    ...base,
    samples,
    neighbours: neighbourSamples,
    logs,
    changes,
    furtherChanges,
    targets: [...targets, ...furtherTargets].filter((t) => t !== undefined),
    knownServices: known,
    anomalies,
    unusualLines: unusual,
    failedBuilds,
    around: surroundings,
    ...(runbooks && { runbooks }),
    missing,
  };
}

function baseOf({ incidentId, round, environment, service, wellSince, settings }: GatherInput, now: number, firstAlertAt: number) {
  return { incidentId, round, environment, service, now, firstAlertAt, ...(wellSince === undefined ? {} : { wellSince }), settings };
}

// A condition from before the time that was measured as well tells nothing about when the new trouble began.
function earliestAlert({ alerts, wellSince = -Infinity, graverSince }: GatherInput, now: number): number {
  if (graverSince !== undefined && graverSince > wellSince) return Math.min(now, graverSince);
  const firing = alerts.filter((a) => a.status === 'firing');
  const starts = (firing.length > 0 ? firing : alerts).map((a) => Date.parse(a.startsAt));
  return Math.min(now, ...starts.filter((at) => at > wellSince));
}

async function readChanges(deps: EvidenceDeps, services: readonly Service[], from: number, to: number): ReturnType<ChangeSource['list']> {
  const lists = await Promise.all(services.flatMap((s) => deps.changes.map((source) => source.list(s, from, to))));
  const byId = new Map(lists.flat().map((change) => [change.id, change]));
  return [...byId.values()].sort((a, b) => a.at.localeCompare(b.at));
}

/** Those that are kept no more are left out. */
async function readAnomalies({ anomalies }: EvidenceDeps, { alerts }: GatherInput): Promise<readonly AnomalyRecord[]> {
  const found = await Promise.all(anomaliesOf(alerts).map((id) => anomalies.get(id)));
  return found.filter((record) => record !== undefined);
}

/** What could be given to the service, or to what it depends on. */
async function readRunbooks({ choosable }: EvidenceDeps, services: readonly Service[]): Promise<RawEvidence['runbooks']> {
  return choosable && applicableRunbooks(await choosable.runbooks.current(), services, choosable.allowed);
}

async function readTarget(deps: EvidenceDeps, service: Service): Promise<RawTarget> {
  const state = await deps.hands.describe(service);
  return {
    service: service.name,
    releases: state.releases,
    ...(service.hands?.kind === 'aws' ? { onAws: true as const } : {}),
    ...(state.release === undefined ? {} : { release: state.release }),
    ...(state.previousRelease === undefined ? {} : { previousRelease: state.previousRelease }),
    ...(state.startedAt === undefined ? {} : { startedAt: state.startedAt }),
  };
}
