import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { COMPARED } from '../../domain/replay/compare';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import { rangeOf, timeRange } from '../time-range';
import type { ApiDeps } from '../types';

const body = z
  .strictObject({
    incident: z.string().min(1).max(64).optional().meta({ description: 'Id of one incident.' }),
    since: timeRange.since
      .unwrap()
      .optional()
      .meta({ description: 'Incidents that were opened since: how long ago, or a time.', examples: ['30d'] }),
    policy: z
      .record(z.string(), z.unknown())
      .meta({ description: 'A policy section, or a whole configuration, of which `policy` and `triage` are tried; checked as the configuration is.' }),
  })
  .refine(({ incident, since }) => (incident === undefined) !== (since === undefined), { path: ['since'], error: 'give incident or since, one of the two' })
  .meta({ id: 'ReplayRequest', title: 'ReplayRequest', examples: [{ since: '30d', policy: { rules: [{ environment: 'production', mode: 'suggest' }] } }] });

const report = z
  .looseObject({
    incidents: z.number().int(),
    rounds: z.number().int().meta({ description: 'Rounds that were judged again.' }),
    changed: z.array(
      z.looseObject({
        ...{ incidentId: z.string(), round: z.number().int(), environment: z.string(), service: z.string(), at: time },
        changes: z.array(z.object({ what: z.enum(COMPARED), before: z.string().nullable(), after: z.string().nullable() })),
        why: z.string().meta({ description: 'What the rules say to it.' }),
        already: z.boolean().meta({ description: 'It would come out the same way by the configuration that runs now.' }),
      }),
    ),
    leftOut: z.number().int().meta({ description: 'Rounds that cannot be judged again.' }),
    left: z.array(z.looseObject({ incidentId: z.string(), round: z.number().int(), why: z.string() })).meta({ description: 'The first 50 of them, and why.' }),
    more: z.boolean().meta({ description: 'Older incidents of that time were not judged: 500 at once, and a minute, are the limits.' }),
  })
  .meta({ id: 'ReplayReport', title: 'ReplayReport' });

/** POST /v1/replay. */
export function addReplayRoute(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    ...{ method: 'POST', access: 'viewer', tag: 'incidents' },
    url: '/v1/replay',
    operation: 'replay',
    summary: 'Judge recorded rounds of incidents again by another policy, and list what would change',
    description:
      'Nothing outside is asked and nothing is written. Runbooks, inventory, the record of outcomes and grants are those of now, all else is as it was recorded.',
    body,
    answer: { status: 200, description: 'What would change; nothing where `changed` is empty.', schema: report },
    problems: ['not_found', 'overloaded'],
    async handle({ body: { incident, since, policy } }) {
      if (incident !== undefined) return deps.replay({ incidentId: incident }, policy);
      return deps.replay({ since: rangeOf({ since: since ?? '30d' }, deps.clock.now()).from }, policy);
    },
  });
}
