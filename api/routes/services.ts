import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { TIERS } from '../../domain/names';
import { suggestion } from '../../domain/nearest';
import { SERVICE_ORIGINS, serviceViews } from '../../domain/service-view';
import type { ServiceView } from '../../domain/service-view';
import { time } from '../incident-schema';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

const serviceView = z
  .looseObject({
    name: z.string(),
    environment: z.string(),
    origin: z
      .enum(SERVICE_ORIGINS)
      .meta({ description: 'Where it is known from: the configuration, only a catalogue, or only alerts and changes that name it.' }),
    owner: z.string().optional().meta({ description: 'Who answers for it; of one that nobody owns, who stands in.' }),
    catchAll: z.boolean().meta({ description: 'True where nobody is known to own it.' }),
    tier: z.enum(TIERS).optional(),
    channels: z.array(z.string()).meta({ description: 'Notification channels that its incidents go to; none means all.' }),
    pager: z.string().optional().meta({ description: 'Id of its service at the pager.' }),
    system: z.string().optional(),
    description: z.string().optional(),
    dependsOn: z.array(z.string()),
    usedBy: z.array(z.string()).meta({ description: 'Services that depend on it.' }),
    links: z.array(z.object({ title: z.string(), url: z.string() })),
    entity: z
      .string()
      .optional()
      .meta({ description: 'Its ref in Backstage.', examples: ['component:default/bookshop'] }),
    metrics: z.boolean(),
    logs: z.boolean(),
    hands: z.boolean(),
    firstSeen: time.optional(),
    lastSeen: time.optional(),
    seenIn: z.array(z.enum(['alerts', 'changes'])).optional(),
  })
  .meta({ id: 'Service', title: 'Service' });

const word = z.string().min(1).max(200);
const filter = z.object({
  environment: word.optional(),
  owner: word.optional().meta({ description: 'Without regard to case.' }),
  origin: z.enum(SERVICE_ORIGINS).optional(),
});

/** GET /v1/services, and one by its name in every environment. */
export function addServiceRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const all = async (): Promise<readonly ServiceView[]> => serviceViews(deps.inventory, deps.catchAll ?? {}, await deps.store.services.list());
  const shared = { method: 'GET', access: 'viewer', tag: 'services' } as const;
  const services = z.object({ services: z.array(serviceView) });

  addRoute(app, {
    ...shared,
    url: '/v1/services',
    operation: 'listServices',
    summary: 'List the services',
    description: 'Those of the configuration and of the catalogue, and those that only alerts and changes name.',
    query: filter,
    answer: { status: 200, description: 'By environment and name.', schema: services },
    handle: async ({ query }) => ({
      services: (await all()).filter(
        (each) =>
          (query.environment === undefined || each.environment === query.environment) &&
          (query.owner === undefined || each.owner?.toLowerCase() === query.owner.toLowerCase()) &&
          (query.origin === undefined || each.origin === query.origin),
      ),
    }),
  });
  addRoute(app, {
    ...shared,
    url: '/v1/services/:name',
    operation: 'getService',
    summary: 'Show a service',
    description: 'In every environment that it is known in, or in one.',
    params: z.object({ name: word }),
    query: filter.pick({ environment: true }),
    answer: { status: 200, description: 'One for each environment.', schema: services },
    async handle({ params: { name }, query: { environment } }) {
      const known = await all();
      const found = known.filter((each) => each.name === name && (environment === undefined || each.environment === environment));
      if (found.length > 0) return { services: found };
      const names = [...new Set(known.map((each) => each.name))];
      throw new NightshiftError(
        'not_found',
        `There is no service ${name}${environment === undefined ? '' : ` in ${environment}`}; ${suggestion(name, names.slice(0, 50))}.`,
      );
    },
  });
}
