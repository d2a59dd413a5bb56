import { createEvidenceActivities } from '../../../activities/evidence';
import type { EvidenceDeps } from '../../../activities/evidence';
import type { EvidenceItem } from '../../../domain/evidence';
import type { Service } from '../../../domain/inventory';
import { MemoryArchive } from '../../fakes/memory-archive';
import { MemoryStore } from '../../fakes/memory-store';
import { sampleIncident } from '../../fakes/sample-incident';

const MINUTE = 60_000;

/** A service without metrics, logs and hands of its own. */
export function plainService(name: string, environment: string, ...dependsOn: string[]): Service {
  return { name, environment, tier: 'standard', dependsOn };
}

/** A world in which evidence is gathered, and the incident: its alert fired so long before now (milliseconds). */
export interface GatherWorld {
  readonly services: readonly Service[];
  readonly now: number;
  readonly firedMs: number;
  readonly settings: { readonly baselineMs: number; readonly lookbackMs: number; readonly stepMs: number };
  readonly archive?: EvidenceDeps['archive'];
  readonly memory?: MemoryStore;
}

/** What is gathered for the first of the services, by the activity; what is given in `over` replaces parts of the world. */
export async function gathered(world: GatherWorld, over: Partial<EvidenceDeps> = {}): Promise<readonly EvidenceItem[]> {
  const { services, now, firedMs, settings, archive = new MemoryArchive(), memory = new MemoryStore() } = world;
  const { name: service = '', environment = '' } = services[0] ?? {};
  const none = () => Promise.reject(new Error('none'));
  const view = { ...sampleIncident(`inc-${String(Math.random()).slice(2)}`), environment, service };
  const note = { fingerprint: 'f', name: 'ErrorShareHigh', source: 'detector', status: 'firing', severity: 'sev2', summary: 's' } as const;
  const deps: EvidenceDeps = {
    ...memory,
    ...{ archive, changes: [memory.changes], inventory: { services }, clock: { now: () => now }, transitions: memory.transitions },
    ...{ logs: { read: none }, hands: { describe: none, look: none, act: none } },
    ...over,
  };
  const { evidence } = await createEvidenceActivities(deps).gather({
    ...{ incidentId: view.incidentId, round: 1, environment, service, settings },
    alerts: [{ ...note, startsAt: new Date(now - firedMs).toISOString() }],
    transition: { incidentId: view.incidentId, records: [], view },
  });
  return (await deps.evidence.read(evidence.digest))?.items ?? [];
}

/** A clock's worth of one hour before now for services whose calls are counted by minute. */
export const BY_MINUTE = { baselineMs: 30 * MINUTE, lookbackMs: 60 * MINUTE, stepMs: MINUTE } as const;
