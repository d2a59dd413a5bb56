import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasRole } from '../domain/approval-rules';
import { NightshiftError } from '../domain/errors';
import type { Role } from '../domain/names';
import type { Person } from '../ports/store';
import { fromStore } from './guard';
import type { ApiDeps } from './types';

/** Who may call a route: anyone, or a key whose role is at least this. */
export type Access = 'public' | Role;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Requests that come without a key, and whose handler checks their signature instead. */
    opensBySignature?: (request: FastifyRequest) => boolean;
  }
  interface FastifyRequest {
    /** Set by the sign-in of routes that are not public. */
    person: Person | null;
  }
}

const MINUTE_MS = 60_000;

/** Signs callers in before anything else is read, counts their requests, and refuses roles that do not reach. A route without declared access makes the build fail. */
export function addSignIn(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'settings'>): void {
  const { rateLimitPerMinute: perMinute, doorTimeoutMs } = deps.settings;
  const perKey = app.createRateLimit({ max: perMinute, timeWindow: MINUTE_MS, keyGenerator: (request) => `key:${digest(bearerOf(request) ?? '')}` });
  const failures = app.createRateLimit({
    max: Math.max(5, Math.ceil(perMinute / 10)),
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `address:${request.ip}`,
  });

  app.decorateRequest('person', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`the route ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    if (request.is404 || access === undefined || access === 'public') return;
    // Forging a signature is not a matter of tries, and a flood of them must not keep the true sender out.
    if (bearerOf(request) === undefined && request.routeOptions.config.opensBySignature?.(request)) return;
    refuseWhenExceeded(await failures(request, { increment: false }), reply);
    const key = bearerOf(request);
    const person = key === undefined ? undefined : await fromStore(() => deps.store.keys.authenticate(key), doorTimeoutMs);
    if (!person) {
      refuseWhenExceeded(await failures(request), reply);
      throw new NightshiftError('unauthenticated', 'Send a key that is not revoked in the header `Authorization: Bearer <key>`.');
    }
    refuseWhenExceeded(await perKey(request), reply);
    if (!hasRole(person.role, access))
      throw new NightshiftError('forbidden', `${person.name} is ${person.role}; this needs ${access}. Ask an admin for a key with that role.`);
    request.person = person;
  });
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Person {
  if (!request.person) throw new NightshiftError('unauthenticated', 'A key is needed.');
  return request.person;
}

function refuseWhenExceeded(limit: Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>, reply: FastifyReply): void {
  if (limit.isAllowed || !limit.isExceeded) return;
  void reply.header('retry-after', String(Math.max(1, limit.ttlInSeconds)));
  throw new NightshiftError('rate_limited', `At most ${String(limit.max)} a minute; try again in ${String(Math.max(1, limit.ttlInSeconds))} s.`);
}

function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '');
  return match?.[1];
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
