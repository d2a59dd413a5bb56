import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { hasRole } from '../../domain/approval-rules';
import { NightshiftError } from '../../domain/errors';
import { cleanText } from '../../domain/outside-text';
import { callerOf } from '../auth';
import { addRoute } from '../route';
import { haltState } from '../schemas';
import type { ApiDeps } from '../types';

/** GET and PUT of /v1/halt: the kill switch. A responder stops; only an admin lets it go on. */
export function addHaltRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { killSwitch } = deps.store;
  const answer = { status: 200, description: 'The kill switch.', schema: haltState } as const;

  addRoute(app, {
    method: 'GET',
    url: '/v1/halt',
    operation: 'getHalt',
    access: 'viewer',
    tag: 'halt',
    summary: 'Is the kill switch on?',
    answer,
    handle: () => killSwitch.halted(),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/v1/halt',
    operation: 'setHalt',
    access: 'responder',
    tag: 'halt',
    summary: 'Stop all actions at their next safe point, or let them go on',
    description: 'Switching on needs responder, switching off needs admin.',
    body: z.strictObject({ on: z.boolean(), reason: z.string().trim().min(1).max(1000) }),
    answer,
    async handle({ body, request }) {
      const person = callerOf(request);
      if (!body.on && !hasRole(person.role, 'admin')) {
        throw new NightshiftError('forbidden', `${person.name} is ${person.role}; switching the kill switch off needs admin.`);
      }
      await killSwitch.set(body.on, person.name, cleanText(body.reason, 500), new Date(deps.clock.now()).toISOString());
      return killSwitch.halted();
    },
  });
}
