import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CHANGE_KINDS } from '../../domain/change';
import { CAUSES, RUNGS } from '../../domain/names';
import { REJECTION_CODES } from '../../domain/rejection';
import { AGREEMENTS } from '../../domain/shadow/entry';
import { summarise } from '../../domain/shadow/summary';
import { fromStore } from '../guard';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import { rangeOf, timeRange } from '../time-range';
import type { ApiDeps } from '../types';

/** Rounds that agreement is computed from at most, the newest. */
const MOST = 2_000;
const parameters = z.record(z.string(), z.string());
const change = z.looseObject({ id: z.string(), kind: z.enum(CHANGE_KINDS), at: time, summary: z.string(), to: z.string().optional() });

const entry = z
  .looseObject({
    ...{ incidentId: z.string(), round: z.number().int(), environment: z.string(), service: z.string(), cause: z.enum(CAUSES), mode: z.enum(RUNGS) },
    ...{ openedAt: time, at: time.meta({ description: 'When it would have been done.' }) },
    would: z.looseObject({ runbook: z.string(), version: z.number().int(), title: z.string(), suspect: z.string(), hypothesis: z.string(), parameters }),
    answer: z.looseObject({
      kind: z.enum(['none', 'approved', 'edited', 'rejected', 'unanswered', 'withdrawn']),
      persons: z.array(z.string()).optional(),
      code: z.enum(REJECTION_CODES).optional(),
      reason: z.string().optional(),
      parameters: parameters.optional(),
    }),
    did: z
      .looseObject({
        kind: z.enum(['by-hand', 'changes', 'other-proposal', 'nothing', 'not-told']),
        what: z.string().optional(),
        runbook: z.string().optional(),
        parameters: parameters.optional(),
        changes: z.array(change).optional(),
      })
      .optional()
      .meta({ description: 'What was done instead, known when the incident has ended.' }),
    takenBy: z.string().optional(),
    verdict: z.string().optional().meta({ description: 'What was measured after it, where it was given.' }),
    ended: z.looseObject({ kind: z.string(), at: time }).optional(),
    agreement: z.enum(AGREEMENTS).meta({ description: 'How what was done compares with what Nightshift would have done.' }),
  })
  .meta({ id: 'ShadowEntry', title: 'ShadowEntry' });

const count = z.record(z.string(), z.number().int());
const summary = z
  .looseObject({
    ...{ runbook: z.string(), rounds: z.number().int(), agreements: count, ended: count, rejected: count },
    rate: z.number().nullable().meta({ description: 'Share of rounds with a known answer in which a person did the same, 0 to 1.' }),
  })
  .meta({ id: 'ShadowSummary', title: 'ShadowSummary' });

/** GET /v1/shadow. */
export function addShadowRoute(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    ...{ method: 'GET', access: 'viewer', tag: 'incidents' },
    url: '/v1/shadow',
    operation: 'listShadow',
    summary: 'List what Nightshift would have done beside what people did, and how far they agree',
    query: z.object({
      since: timeRange.since,
      runbook: z.string().min(1).max(100).optional(),
      environment: z.string().min(1).max(64).optional(),
      service: z.string().min(1).max(64).optional().meta({ description: 'Service that would have been acted on.' }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: {
      status: 200,
      description: 'The newest rounds, and agreement by runbook over all of that time.',
      schema: z.object({
        entries: z.array(entry),
        runbooks: z.array(summary),
        more: z.boolean().meta({ description: `There are more than ${String(MOST)} rounds in that time; older ones are in none of the numbers.` }),
      }),
    },
    async handle({ query: { since, limit, ...filter } }) {
      const { from } = rangeOf({ since }, deps.clock.now());
      const entries = await fromStore(() => deps.store.shadow.list({ ...filter, since: from, limit: MOST + 1 }), deps.settings.doorTimeoutMs);
      const counted = entries.slice(0, MOST);
      return { entries: counted.slice(0, limit), runbooks: summarise(counted), more: entries.length > MOST };
    },
  });
}
