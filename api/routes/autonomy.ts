import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { newGrant, grantInput } from '../../domain/confidence/new-grant';
import { signGrant } from '../../domain/confidence/grant-signature';
import { standingView } from '../../domain/confidence/standing-view';
import type { RunbookStanding } from '../../domain/confidence/standing-view';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import { CAUSES, RUNGS, TIERS } from '../../domain/names';
import { cleanText } from '../../domain/outside-text';
import { jsonOf } from '../../domain/sources/wire';
import type { RecordedKind } from '../../ports/outcomes';
import { callerOf } from '../auth';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const word = z.string().min(1).max(200);
const share = z.number().min(0).max(1);
const LONGEST_REASON = 500;

const standing = z
  .looseObject({
    runbook: z.object({ id: z.string(), version: z.number().int(), hash: z.string(), title: z.string() }),
    environment: z.string(),
    service: z.string(),
    cause: z.enum(CAUSES),
    tier: z.enum(TIERS),
    likeness: z.string().optional(),
    policy: z.object({ mode: z.enum(RUNGS), reason: z.string() }).meta({ description: 'What policy allows at most; no record and no grant exceeds it.' }),
    mode: z.enum(RUNGS).meta({ description: 'What it may do now, by its record or a grant, under policy.' }),
    earned: z.enum(RUNGS).meta({ description: 'What its record alone has earned.' }),
    bound: share.meta({ description: 'Success is at least so much; valid at every look.' }),
    boundFrom: z.enum(['own', 'like services']),
    effectiveOutcomes: z.number().min(0).meta({ description: 'Outcomes that count, after decay.' }),
    outcomes: z.number().int(),
    recovered: z.number().int(),
    harmsHeld: z.number().int().meta({ description: 'Harms that are held against it.' }),
    uplift: z
      .object({ bound: z.number(), healsAloneAtMost: share, untouched: z.number().int(), healed: z.number().int() })
      .meta({ description: 'The least that it adds to healing alone, and the incidents that nobody acted on.' }),
    gate: z
      .object({ bound: share, reachable: z.boolean(), recoveries: z.number().int().optional(), capacity: z.number().int().optional() })
      .meta({ description: 'The bound that acting alone takes, whether it can be reached, and by how many more recoveries in a row.' }),
    grantedBy: z.string().optional().meta({ description: 'The person whose grant it acts on.' }),
    reasons: z.array(z.string()),
    next: z
      .object({ mode: z.enum(RUNGS), missing: z.array(z.string()) })
      .optional()
      .meta({ description: 'The next rung, and what is missing for it.' }),
  })
  .meta({ id: 'Standing', title: 'Standing' });

const grant = z
  .looseObject({
    id: z.string(),
    runbook: z.string(),
    hash: z.string().meta({ description: 'The one version that it is for.' }),
    environment: z.string(),
    services: z.array(z.string()),
    mode: z.enum(['veto', 'auto']),
    person: z.string(),
    reason: z.string(),
    from: time,
    until: time,
    revoked: z.object({ at: time, by: z.string(), why: z.string() }).optional(),
  })
  .meta({ id: 'AutonomyGrant', title: 'AutonomyGrant' });

/** GET /v1/autonomy, and the grants of people: GET, POST and DELETE of /v1/autonomy/grants. */
export function addAutonomyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/autonomy',
    operation: 'listStandings',
    access: 'viewer',
    tag: 'autonomy',
    summary: 'Tell where runbooks stand, and why',
    description:
      'For each kind of incident and service that a runbook has a record for, or for all candidates where none has: the mode that it has earned, and what is missing.',
    query: z.object({
      runbook: word.optional(),
      environment: word.optional(),
      service: word.optional(),
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: {
      status: 200,
      description: 'By runbook, environment, service and cause; `next` is the cursor of the page after it.',
      schema: z.object({ standings: z.array(standing), next: z.string().optional() }),
    },
    async handle({ query: { cursor, limit, ...filter } }) {
      const { standings, more } = await deps.standings.page(defined(filter), limit, cursor === undefined ? undefined : readCursor(cursor));
      const last = standings.at(-1);
      return { standings: standings.map(standingView), ...(more && last ? { next: writeCursor(last) } : {}) };
    },
  });
  addGrantRoutes(app, deps);
}

function addGrantRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { grants, doorKey } = deps.store;
  addRoute(app, {
    method: 'GET',
    url: '/v1/autonomy/grants',
    operation: 'listGrants',
    access: 'viewer',
    tag: 'autonomy',
    summary: 'List the grants of people',
    description: 'Those that ended and were revoked too, at most 500.',
    answer: { status: 200, description: 'The last to end first.', schema: z.object({ grants: z.array(grant) }) },
    async handle() {
      const kept = await grants.list();
      return { grants: kept.map(({ grant: { signature: _signature, ...said }, revoked }) => ({ ...said, ...(revoked && { revoked }) })) };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/autonomy/grants',
    operation: 'grantAutonomy',
    access: 'admin',
    tag: 'autonomy',
    summary: 'Let a runbook act without an answer, until a time',
    description:
      'Only a reversible runbook of low risk, in its present version, on named services, for 90 days at most. Signed by this door; falls with the first harm. Policy stays the ceiling.',
    body: grantInput,
    answer: { status: 201, description: 'The grant.', schema: grant },
    async handle({ body, request }) {
      const facts = { id: `grant-${randomUUID()}`, person: callerOf(request).name, now: deps.clock.now(), inventory: deps.inventory };
      const made = newGrant(body, { ...facts, catalogue: await deps.runbooks.current() });
      await grants.add(signGrant(await doorKey.secret(), made));
      return { ...made, services: [...made.services] };
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/v1/autonomy/grants/:id',
    operation: 'revokeGrant',
    access: 'admin',
    tag: 'autonomy',
    summary: 'Revoke a grant now',
    params: z.object({ id: word }),
    query: z.object({ reason: z.string().trim().min(1).max(LONGEST_REASON).optional() }),
    answer: { status: 204, description: 'Revoked.' },
    problems: ['conflict'],
    async handle({ params: { id }, query: { reason }, request }) {
      const why = reason === undefined ? 'no reason was given' : cleanText(reason, LONGEST_REASON);
      const done = await grants.revoke(id, callerOf(request).name, why, new Date(deps.clock.now()).toISOString());
      if (done === 'unknown') throw new NightshiftError('not_found', `There is no grant ${id}; GET /v1/autonomy/grants lists them.`);
      if (done === 'revoked') throw new NightshiftError('conflict', `The grant ${id} was revoked before.`);
    },
  });
}

const place = z.tuple([word, word, word, z.enum(CAUSES)]);

function writeCursor({ runbook, environment, service, cause }: RunbookStanding): string {
  return Buffer.from(JSON.stringify([runbook.id, environment, service, cause])).toString('base64url');
}

function readCursor(cursor: string): RecordedKind {
  const read = place.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!read.success) {
    throw new NightshiftError('invalid_input', 'The cursor is not one that a page before gave. Start again without it.', [
      { path: 'cursor', message: 'not a cursor of ours' },
    ]);
  }
  const [runbook, environment, service, cause] = read.data;
  return { runbook, environment, service, cause };
}
