import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { optionalBodies } from './optional-bodies';
import { addRoute } from './route';
import { tidyShapes } from './shapes';

const TAGS = [
  { name: 'intake', description: 'Alerts and changes from outside' },
  { name: 'incidents', description: 'What is going on' },
  { name: 'anomalies', description: 'What our own detector found' },
  { name: 'answers', description: 'What people say to an incident' },
  { name: 'services', description: 'What is looked after, and by whom' },
  { name: 'runbooks', description: 'What Nightshift can do' },
  { name: 'autonomy', description: 'What runbooks may do by themselves, and why' },
  { name: 'audit', description: 'The tamper-evident history' },
  { name: 'halt', description: 'The kill switch' },
  { name: 'data', description: 'What was taken in: its quality, and what is measured of it' },
  { name: 'silences', description: 'What is held back on purpose' },
  { name: 'keys', description: 'Who may call' },
  { name: 'console', description: 'The page for people' },
  { name: 'health', description: 'The system itself' },
];

const zodToJsonConfig = { target: 'draft-2020-12', unrepresentable: 'any' } as const;
const namedShapes = createJsonSchemaTransformObject({ zodToJsonConfig });

/** Collects the description of the routes that are added after it. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Nightshift',
        version,
        description: 'One durable incident, from a live failure to a proven fix. Errors are problem details of RFC 9457; match on `code`.',
      },
      tags: TAGS,
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A key of `nightshift key create`.' } } },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (document) => tidyShapes(optionalBodies(namedShapes(document))),
  });
}

/** GET /openapi.json. */
export function addOpenApiRoute(app: FastifyInstance): void {
  addRoute(app, {
    method: 'GET',
    url: '/openapi.json',
    operation: 'getOpenApi',
    access: 'public',
    tag: 'health',
    summary: 'This description',
    answer: { status: 200, description: 'OpenAPI 3.1.' },
    handle: () => Promise.resolve(app.swagger()),
  });
}
