import { z } from 'zod';
import type { Change } from '../../domain/change';
import { NightshiftError } from '../../domain/errors';
import { OWN_AUTHOR } from '../../domain/own-changes';
import type { ChangeSource } from '../../ports/changes';
import type { Effect, Hands, Sighting, TargetState } from '../../ports/hands';
import {
  postEffect,
  readJson,
  readLedger,
  readState,
  supervisorUrl,
  type LedgerEntry,
  type SupervisorOptions,
  type SupervisorState,
} from './supervisor-client';

/**
 * Hands over a supervisor's HTTP API. It never dedupes by itself: `look` reads its ledger for the token. `act` throws `effect_failed` when the supervisor says so, and a plain
 * error when the outcome is not known.
 */
export function createSupervisorHands(options: SupervisorOptions): Hands {
  return {
    async describe(service) {
      return describeState(await readState(supervisorUrl(service), options));
    },
    async look(service, effect) {
      const base = supervisorUrl(service);
      const entries = await readLedger(base, effect.token, options);
      const entry = entries.find((e) => e.state === 'done') ?? entries.find((e) => e.state === 'started') ?? entries.at(-1);
      if (!entry) return { state: 'absent' };
      return entry.state === 'interrupted' ? sightInterrupted(base, entry, effect, options) : sight(entry);
    },
    async act(service, effect) {
      const { path, body } = callOf(effect);
      await postEffect(
        `${supervisorUrl(service)}${path}`,
        { ...body, by: OWN_AUTHOR, token: effect.token, reason: `incident ${effect.incidentId}` },
        effect.timeoutMs,
      );
      return undefined;
    },
  };
}

const changeSchema = z.object({
  id: z.string(),
  kind: z.enum(['deployment', 'rollback', 'restart', 'configuration', 'flag', 'infrastructure']),
  environment: z.string().nullish(),
  service: z.string().nullish(),
  at: z.string(),
  author: z.string(),
  summary: z.string(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  link: z.string().nullish(),
});
const changesSchema = z.object({ changes: z.array(changeSchema) });
type SupervisorChange = z.infer<typeof changeSchema>;

/** Changes that a supervisor recorded, under the service's name and environment of the inventory. A service without a supervisor has none. Throws `unreachable`. */
export function createSupervisorChanges(options: SupervisorOptions): ChangeSource {
  return {
    async list(service, from, to) {
      if (service.hands?.kind !== 'supervisor') return [];
      const changes = await readChanges(supervisorUrl(service), from, to, options);
      return changes
        .map(({ from: before, to: after, link, ...change }): Change => {
          const known = { ...change, environment: service.environment, service: service.name };
          return { ...known, ...(before ? { from: before } : {}), ...(after ? { to: after } : {}), ...(link ? { link } : {}) };
        })
        .filter((change) => Date.parse(change.at) >= from && Date.parse(change.at) <= to)
        .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  };
}

function describeState(state: SupervisorState): TargetState {
  const starts = state.instances.flatMap((i) => (i.startedAt === null || i.startedAt === undefined ? [] : new Date(i.startedAt).getTime()));
  const startedAt = starts.length > 0 ? new Date(Math.min(...starts)).toISOString() : undefined;
  return {
    account: state.account,
    region: state.region,
    ...(state.current ? { release: state.current } : {}),
    releases: state.releases,
    ...(state.previous ? { previousRelease: state.previous } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    healthy: isHealthy(state),
  };
}

function isHealthy(state: SupervisorState): boolean {
  return state.instances.length > 0 && state.instances.every((i) => i.healthy);
}

function sight(entry: LedgerEntry): Sighting {
  const detail = entry.detail ?? `${entry.kind} ${entry.state}`;
  switch (entry.state) {
    case 'started':
      return { state: 'in-progress', detail };
    case 'done':
      return { state: 'done', detail, at: new Date(entry.endedAt ?? entry.startedAt).toISOString() };
    case 'failed':
      return { state: 'failed', detail };
    case 'interrupted':
      return { state: 'ambiguous', detail };
  }
}

// The supervisor died in the middle and cannot say; what runs now can, where it is healthy and exactly what was wanted. So can its record of changes, where it holds none since then.
async function sightInterrupted(base: string, entry: LedgerEntry, effect: Effect, options: SupervisorOptions): Promise<Sighting> {
  const state = await readState(base, options);
  const began = new Date(entry.startedAt).getTime();
  const released = effect.action === 'release/deploy' && state.current === effect.inputs['release'];
  const starts = state.instances.map((i) => (i.startedAt === null || i.startedAt === undefined ? 0 : new Date(i.startedAt).getTime()));
  const inPlace = isHealthy(state) && starts.every((start) => start >= began) && (effect.action === 'service/restart' || released);
  if (inPlace) return { state: 'done', detail: `interrupted, but what was wanted runs and is healthy`, at: new Date(Math.max(...starts)).toISOString() };
  if (effect.action === 'release/deploy' && !released && (await readChanges(base, began, Number.MAX_SAFE_INTEGER, options)).length === 0)
    return { state: 'absent' };
  return { state: 'ambiguous', detail: entry.detail ?? `the supervisor was interrupted during this ${entry.kind}` };
}

function readChanges(base: string, from: number, to: number, options: SupervisorOptions): Promise<readonly SupervisorChange[]> {
  return readJson(`${base}/v1/changes?from=${from}&to=${to}`, changesSchema, options).then(({ changes }) => changes);
}

function callOf(effect: Effect): { readonly path: string; readonly body: Readonly<Record<string, string>> } {
  switch (effect.action) {
    case 'service/restart':
      return { path: '/v1/restart', body: {} };
    case 'release/deploy': {
      const release = effect.inputs['release'];
      if (release === undefined || release === '') throw new NightshiftError('invalid_input', 'the action release/deploy needs the input release');
      return { path: '/v1/deploy', body: { release } };
    }
    default:
      throw new NightshiftError('effect_failed', `a supervisor deploys and restarts; ${effect.action} is none of them`);
  }
}
