import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { OWN_AUTHOR } from '../../domain/own-changes';
import { ROLES } from '../../domain/names';
import { callerOf } from '../auth';
import { addRoute } from '../route';
import { keyInfo } from '../schemas';
import type { ApiDeps } from '../types';

const newKey = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
        error: 'must be 1 to 64 letters, digits and . _ -, beginning with a letter or digit (of an e-mail address, the part before the @)',
      })
      .refine((name) => name.toLowerCase() !== OWN_AUTHOR, { error: `must not be ${OWN_AUTHOR}: that is whom its own changes, and the brake, are signed by` })
      .meta({ description: 'Person that the key speaks for; written as in the author of changes.' }),
    role: z.enum(ROLES),
  })
  .meta({ examples: [{ name: 'ana', role: 'approver' }] });

/** GET, POST and DELETE of /v1/keys, for admins; each creation and revocation is audited. */
export function addKeyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { keys, audit } = deps.store;
  const shared = { access: 'admin', tag: 'keys' } as const;
  const now = (): string => new Date(deps.clock.now()).toISOString();

  addRoute(app, {
    ...shared,
    method: 'GET',
    url: '/v1/keys',
    operation: 'listKeys',
    summary: 'List keys, without their secrets',
    answer: { status: 200, description: 'All keys, revoked ones too.', schema: z.object({ keys: z.array(keyInfo) }) },
    handle: async () => ({ keys: await keys.list() }),
  });
  addRoute(app, {
    ...shared,
    method: 'POST',
    url: '/v1/keys',
    operation: 'createKey',
    summary: 'Make a key',
    description: 'The text of the key is shown this once.',
    body: newKey,
    answer: { status: 201, description: 'The key.', schema: z.object({ info: keyInfo, key: z.string() }) },
    async handle({ body, request }) {
      const at = now();
      const made = await keys.create(body, at);
      const data = { id: made.info.id, name: body.name, role: body.role };
      await audit.append({
        at,
        actor: `person:${callerOf(request).name}`,
        kind: 'key',
        summary: `made the key ${made.info.id} for ${body.name} as ${body.role}`,
        data,
      });
      return made;
    },
  });
  addRoute(app, {
    ...shared,
    method: 'DELETE',
    url: '/v1/keys/:id',
    operation: 'revokeKey',
    summary: 'Revoke a key',
    params: z.object({ id: z.string().min(1).max(64) }),
    answer: { status: 204, description: 'Revoked.' },
    problems: ['conflict'],
    async handle({ params, request }) {
      const at = now();
      const key = (await keys.list()).find((each) => each.id === params.id);
      const done = await keys.revoke(params.id, at);
      if (!key || done === 'unknown') throw new NightshiftError('not_found', `There is no key ${params.id} that is in use.`);
      if (done === 'last-admin')
        throw new NightshiftError('conflict', 'This is the last admin key. Make another one first, else nobody can make keys any more.');
      const data = { id: key.id, name: key.name, role: key.role };
      await audit.append({ at, actor: `person:${callerOf(request).name}`, kind: 'key', summary: `revoked the key ${key.id} of ${key.name}`, data });
    },
  });
}
