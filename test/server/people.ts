import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import type { Decision, Statement } from '../../domain/approval';
import { signStatement } from '../../domain/approval-signature';
import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import type { Role } from '../../domain/names';
import type { Harness } from './harness';
import { until } from './until';

/** An answer of the API as it is on the wire. */
export interface Wire {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Someone with a key, who speaks to the API as any client would. */
export interface Someone {
  readonly name: string;
  send(method: 'POST' | 'PUT', path: string, body: unknown, headers?: Record<string, string>): Promise<Wire>;
  decide(view: IncidentView, body?: object, headers?: Record<string, string>): Promise<Wire>;
}

/** A person with a key of that role. `url` may name another door than the harness's own. */
export async function someone(h: Harness, name: string, role: Role, url?: string): Promise<Someone> {
  const { key } = await h.store.keys.create({ name, role }, new Date().toISOString());
  const send: Someone['send'] = async (method, path, body, headers = {}) => {
    const reply = await fetch((url ?? h.system.apiUrl) + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: reply.status, mediaType: reply.headers.get('content-type') ?? '', body: (await reply.json()) as Wire['body'] };
  };
  const decide: Someone['decide'] = (view, body = {}, headers) =>
    send('POST', `/v1/incidents/${view.incidentId}/decide`, { verdict: 'approve', proposal: digestOf(view), ...body }, headers);
  return { name, send, decide };
}

/** Digest of the proposal that a view shows. */
export function digestOf(view: IncidentView): string {
  return view.proposal?.proposal.digest ?? '';
}

/** The newest incident of a service as the store has it, once `ready` says so; works while the API is down. */
export async function seen(h: Harness, service: string, ready: (view: IncidentView) => boolean, ms = 25_000): Promise<IncidentView> {
  let last: IncidentView | undefined;
  const probe = async (): Promise<IncidentView | undefined> => {
    last = (await h.store.incidents.list({ service, limit: 1 })).incidents[0];
    return last && ready(last) ? last : undefined;
  };
  return until(probe, `an incident of ${service}`, ms).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${last ? `${last.status} ${last.reason ?? ''}` : 'none'}`);
  });
}

/** Breaks calm services at once with a bad release by `author`, and returns their incidents, in the same order, when each has a plan. */
export async function breakServices(h: Harness, services: readonly string[], author = 'ana', ms?: number): Promise<IncidentView[]> {
  const calm = async (service: string): Promise<unknown> => {
    const samples = await h.store.samples.read('test', service, 0, Date.now());
    return samples.length > 0 && Date.now() - (samples[0]?.at ?? 0) > 2_500 ? samples : undefined;
  };
  for (const service of services) await until(() => calm(service), `a baseline of ${service}`, ms);
  for (const service of services) h.practice(service).deploy('1.5.0', author);
  const planned = (v: IncidentView): boolean => v.round > 0 && v.diagnosis !== undefined && v.status !== 'triaged' && v.status !== 'open';
  return Promise.all(services.map((service) => seen(h, service, planned, ms)));
}

/** An approval by ben in the words of a door, without its signature. */
export function statement(view: IncidentView, over: Partial<Statement> = {}): Statement {
  const now = Date.now();
  const times = { at: new Date(now).toISOString(), acceptBy: new Date(now + 20_000).toISOString() };
  return { incidentId: view.incidentId, proposal: digestOf(view), verdict: 'approve', person: 'ben', ...times, ...over };
}

/** A statement as the door signs it. */
export async function signed(h: Harness, given: Statement): Promise<Decision> {
  return { ...given, signature: signStatement(await h.store.doorKey.secret(), given) };
}

/** A signature that anybody can make up. */
export const MADE_UP = 'A'.repeat(43);

/** The workflow of an incident, for a plain Temporal client. */
export function workflowOf(h: Harness, view: IncidentView): WorkflowHandle {
  return h.client.workflow.getHandle(view.workflowId);
}

/** Sends an update as a plain Temporal client does; the type of its failure, or its result. */
export async function rawUpdate(h: Harness, view: IncidentView, name: string, argument: unknown): Promise<unknown> {
  try {
    return await workflowOf(h, view).executeUpdate(name, { args: [argument] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return error.cause.type;
    throw error;
  }
}

/** Audit records of an incident, once there are `count` that `match` fits. */
export async function records(h: Harness, view: IncidentView, match: (r: AuditRecord) => boolean, count = 1): Promise<readonly AuditRecord[]> {
  const probe = async (): Promise<AuditRecord[] | undefined> => {
    const found = (await h.store.audit.read(view.incidentId)).filter(match);
    return found.length >= count ? found : undefined;
  };
  return until(probe, `${String(count)} audit records`);
}
