import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditFault, AuditHead } from '../../domain/audit';
import { defined } from '../../domain/defined';
import { ROLES } from '../../domain/names';
import { openIncidents } from '../../ports/open-incidents';
import { callerOf } from '../auth';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const repositoryView = z
  .looseObject({
    repository: z.string(),
    ref: z.string(),
    path: z.string(),
    commit: z.string().optional().meta({ description: 'Commit whose runbooks are in use; absent for none.' }),
    checkedAt: time.optional().meta({ format: 'date-time', description: 'When it was last asked which commit the ref names.' }),
    failing: z.looseObject({ since: time, why: z.string() }).optional(),
    refused: z
      .looseObject({ commit: z.string(), at: time, problems: z.array(z.looseObject({ path: z.string(), message: z.string() })) })
      .optional()
      .meta({ description: 'The commit that the ref names now cannot be used.' }),
  })
  .meta({ id: 'RunbookRepository', title: 'RunbookRepository' });

/** GET /v1/me, /v1/runbooks and /v1/audit/verify. */
export function addLookupRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const shared = { method: 'GET', access: 'viewer' } as const;

  addRoute(app, {
    ...shared,
    url: '/v1/me',
    operation: 'getMe',
    tag: 'keys',
    summary: 'Who am I?',
    answer: { status: 200, description: 'Name and role of the key.', schema: z.object({ name: z.string(), role: z.enum(ROLES) }) },
    handle: ({ request }) => {
      const { name, role } = callerOf(request);
      return Promise.resolve({ name, role });
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/runbooks',
    operation: 'listRunbooks',
    tag: 'runbooks',
    summary: 'List the runbooks',
    answer: {
      status: 200,
      description: 'Snapshots with their hashes, and the repository that some are from.',
      schema: z.object({ runbooks: z.array(z.looseObject({ hash: z.string(), origin: z.string().optional() })), repository: repositoryView.optional() }),
    },
    handle: async () => defined({ runbooks: await deps.runbooks.current(), repository: await deps.runbooks.repository() }),
  });
  addRoute(app, {
    ...shared,
    url: '/v1/audit/verify',
    operation: 'verifyAudit',
    tag: 'audit',
    summary: 'Check the hash chains of the audit',
    description: 'Of one incident (or the stream `system`), or of all with the ledger and the written-out files.',
    query: z.object({ incident: z.string().min(1).max(64).optional() }),
    answer: {
      status: 200,
      description: 'Records that were checked, open workflows whose memory was compared, and every fault.',
      schema: z.object({
        checked: z.number().int(),
        workflows: z.number().int(),
        faults: z.array(z.looseObject({ kind: z.string(), stream: z.string(), message: z.string() })),
      }),
    },
    handle: ({ query }) => verifyAudit(deps, query.incident),
  });
}

/** The store cannot vouch for its own end: what open workflows remember of it is compared too. */
async function verifyAudit(deps: ApiDeps, incident: string | undefined): Promise<{ checked: number; workflows: number; faults: readonly AuditFault[] }> {
  const heads: Record<string, AuditHead> = {};
  for await (const workflowIds of openWorkflows(deps, incident)) Object.assign(heads, await deps.memory.heads(workflowIds));
  const found = await deps.store.audit.verify({ heads, ...(incident === undefined ? {} : { stream: incident }) });
  return { ...found, workflows: Object.keys(heads).length };
}

/** Workflow ids of the open incidents, or of one, so many as are asked at once. */
async function* openWorkflows({ store }: ApiDeps, incident: string | undefined): AsyncGenerator<readonly string[]> {
  for await (const incidents of openIncidents(store.incidents)) {
    const asked = incidents.filter((view) => incident === undefined || view.incidentId === incident);
    if (asked.length > 0) yield asked.map((view) => view.workflowId);
  }
}
