import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { Registry } from 'prom-client';
import { anchorsOf } from '../../activities/audit-anchor';
import { createAutonomy } from '../../activities/autonomy';
import { similarIncidents } from '../../activities/similar';
import { createStandings } from '../../activities/standings';
import { buildApi } from '../../api/server';
import type { ApiDeps, ApiSettings } from '../../api/types';
import type { Decision } from '../../domain/approval';
import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';
import type { Role } from '../../domain/names';
import type { Policy } from '../../domain/policy-types';
import type { PersonCommand, Reply } from '../../ports/incidents';
import type { Standings } from '../../ports/standings';
import { MemoryStore } from '../fakes/memory-store';

export const NOW = Date.parse('2026-03-01T09:32:00.000Z');

const POLICY: Policy = {
  rules: [],
  approvals: {
    approvers: [{ role: 'approver', services: ['*'], environments: ['*'] }],
    quorum: 1,
    notAuthor: true,
    remindAfterMs: 1,
    expireAfterMs: 1,
    escalateTo: 'on-call',
    validForMs: 1,
    allowUnverified: false,
    breakGlass: { enabled: true, role: 'responder' },
  },
  limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1, targetsAtOnce: 1, shareOfFleet: 1 },
  brake: { incidents: 10, withinMs: 60_000 },
  freezes: [],
};

/** What a fake incident was told; `answer` decides its reply. */
export class FakeIncidents {
  readonly decisions: { workflowId: string; decision: Decision; key: string }[] = [];
  readonly commands: { workflowId: string; command: PersonCommand; key: string }[] = [];
  answer: () => Promise<Reply> = () => Promise.resolve({ result: 'approved', message: 'The rollback begins now.' });

  decide(workflowId: string, decision: Decision, key: string): Promise<Reply> {
    this.decisions.push({ workflowId, decision, key });
    return this.answer();
  }

  command(workflowId: string, command: PersonCommand, key: string): Promise<Reply> {
    this.commands.push({ workflowId, command, key });
    return this.answer();
  }
}

function standingsOver(store: MemoryStore, { runbooks, policy, inventory }: Pick<ApiDeps, 'runbooks' | 'policy' | 'inventory'>): Standings {
  const settings = CONFIDENCE_DEFAULTS;
  const autonomy = createAutonomy({ ...pick(store), inventory, settings, verificationMs: 60_000 });
  return createStandings({ outcomes: store.outcomes, autonomy, runbooks, inventory, policy, settings, clock: { now: () => NOW } });
}

function pick({ outcomes, grants, doorKey, keys }: MemoryStore): Pick<MemoryStore, 'outcomes' | 'grants' | 'doorKey' | 'keys'> {
  return { outcomes, grants, doorKey, keys };
}

/** An API over a store in memory with a key for each role. */
export interface Harness {
  readonly app: FastifyInstance;
  readonly store: MemoryStore;
  readonly incidents: FakeIncidents;
  readonly kicks: () => number;
  /** Sends a request as a person of that role (whose name is the role), or without a key. */
  call(
    role: Role | undefined,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

export async function harness(over: { settings?: Partial<ApiSettings>; deps?: Partial<ApiDeps>; store?: MemoryStore } = {}): Promise<Harness> {
  const store = over.store ?? new MemoryStore();
  const incidents = new FakeIncidents();
  let kicks = 0;
  const settings: ApiSettings = {
    bodyLimitBytes: 64 * 1024,
    doorTimeoutMs: 2_000,
    rateLimitPerMinute: 1000,
    inboxLimit: 5,
    longestSilenceMs: 7 * 86_400_000,
    environment: 'prod',
    version: '0.1.0',
    idleActionsPerDay: 0,
    ...over.settings,
  };
  const shared = {
    runbooks: { current: () => Promise.resolve([]), repository: () => Promise.resolve(undefined) },
    policy: POLICY,
    inventory: { services: [] },
    ...over.deps,
  };
  const deps: ApiDeps = {
    store,
    standings: standingsOver(store, shared),
    incidents,
    temporal: { check: () => Promise.resolve() },
    memory: { heads: () => Promise.resolve({}) },
    anchors: anchorsOf({ ledger: store.ledger, key: store.anchorKey, clock: { now: () => NOW } }),
    clock: { now: () => NOW },
    policy: POLICY,
    inventory: { services: [] },
    sources: { signed: [], mapped: [] },
    sns: { certificates: { fetch: () => Promise.reject(new Error('none')) }, subscriptions: { confirm: () => Promise.reject(new Error('none')) } },
    runbooks: { current: () => Promise.resolve([]), repository: () => Promise.resolve(undefined) },
    signals: { baselineMs: 60_000, stepMs: 1_000 },
    similar: similarIncidents(store),
    replay: () => Promise.reject(new Error('no replay')),
    page: '<!doctype html><title>The page</title>',
    settings,
    metrics: new Registry(),
    onAccepted: () => (kicks += 1),
    ...over.deps,
  };
  const app = await buildApi(deps);
  const keys = new Map<Role, string>();
  for (const role of ['viewer', 'responder', 'approver', 'admin'] as const)
    keys.set(role, (await store.keys.create({ name: role, role }, new Date(NOW).toISOString())).key);
  return {
    app,
    store,
    incidents,
    kicks: () => kicks,
    call: (role, method, url, body, headers) =>
      app.inject({
        method,
        url,
        headers: { ...(role && { authorization: `Bearer ${keys.get(role) ?? ''}` }), ...headers },
        ...(body !== undefined && { payload: body as object }),
      }),
  };
}
