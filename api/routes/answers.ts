import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BY_HAND_LIMITS } from '../../domain/by-hand';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import { suggestion } from '../../domain/nearest';
import { REJECTION_CODES } from '../../domain/rejection';
import { callerOf } from '../auth';
import { createDoor } from '../door';
import type { Door } from '../door';
import { addRoute } from '../route';
import { incidentPath, reply } from '../schemas';
import type { ApiDeps } from '../types';

const KEY = /^[\x21-\x7e]{1,200}$/;

const headers = z.object({
  'idempotency-key': z
    .string()
    .regex(KEY)
    .optional()
    .meta({ description: 'Makes a repeated request answer the same. Made when absent; then a repeat is a new request.' }),
});

const text = z.string().trim().min(1).max(2000);

const decision = z
  .strictObject({
    verdict: z.enum(['approve', 'reject']),
    proposal: z.string().min(8).max(128).meta({ description: 'Digest of the proposal that the person saw.' }),
    parameters: z
      .record(z.string().min(1).max(64), z.string().max(256))
      .refine((record) => Object.keys(record).length <= 32, { error: 'must hold at most 32 parameters' })
      .optional()
      .meta({ description: 'Edited parameters; policy checks them again.' }),
    reason: text.optional(),
    code: z.enum(REJECTION_CODES).optional().meta({ description: 'Why it is rejected; `wrong-…` lowers the place of the runbook for this kind of incident.' }),
    breakGlass: z.boolean().optional().meta({ description: 'Decide outside the scope that policy gives; loud in the audit.' }),
  })
  .refine(({ verdict, code }) => verdict === 'reject' || code === undefined, { path: ['code'], error: 'belongs to a rejection; leave it out of an approval' })
  .meta({ id: 'Decision', title: 'Decision', examples: [{ verdict: 'approve', proposal: '3f1c…', reason: 'seen the graphs' }] });

const optionalNote = z.strictObject({ note: text.optional() });
const note = z.strictObject({ note: text });

const resolution = z
  .strictObject({
    note: text.optional().meta({ description: 'What ended it; `did` stands for it where it is absent.' }),
    did: z.string().trim().min(1).max(BY_HAND_LIMITS.what).optional().meta({ description: 'What you did by hand.' }),
    runbook: z.string().min(1).max(BY_HAND_LIMITS.runbook).optional().meta({ description: 'Id of the runbook that this amounts to, where there is one.' }),
  })
  .refine(({ note: said, did }) => said !== undefined || did !== undefined, { path: ['note'], error: 'say what ended it: give note, did or both' })
  .refine(({ did, runbook }) => did !== undefined || runbook === undefined, { path: ['did'], error: 'say what you did of that runbook' });

const shared = {
  method: 'POST',
  tag: 'answers',
  params: incidentPath,
  headers,
  answer: { status: 200, description: 'The incident took it in.', schema: reply },
} as const;

const ORDERS = [
  { kind: 'acknowledge', operation: 'acknowledge', body: optionalNote, summary: 'Say that you have seen it' },
  { kind: 'take-over', operation: 'takeOver', body: optionalNote, summary: 'Take the incident into your own hands; Nightshift stops acting' },
  { kind: 'hand-back', operation: 'handBack', body: optionalNote, summary: 'Give the incident back to Nightshift' },
  { kind: 'note', operation: 'addNote', body: note, summary: 'Add a note to the timeline' },
] as const;

/** POST /v1/incidents/{id}/…: what people say to an incident. */
export function addAnswerRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const door = createDoor(deps);
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/decide',
    operation: 'decide',
    // The door refuses who may not decide, so that the refusal stands in the audit.
    access: 'viewer',
    summary: 'Approve or reject a proposal (approvers)',
    description:
      'Needs the role approver, or with `breakGlass` the role that policy names. 503 `not_recorded` means: send it again with the same Idempotency-Key.',
    body: decision,
    problems: ['conflict', 'stale_proposal', 'expired', 'not_recorded'],
    handle: ({ params, body, request }) => door.decide(callerOf(request), params.id, body, keyOf(request)),
  });
  for (const order of ORDERS) {
    addRoute(app, {
      ...shared,
      url: `/v1/incidents/:id/${order.kind}`,
      operation: order.operation,
      access: 'responder',
      summary: order.summary,
      body: order.body as z.ZodType<{ note?: string | undefined }>,
      problems: ['conflict', 'not_recorded'],
      handle: ({ params, body, request }) => door.command(callerOf(request), params.id, { kind: order.kind, note: body.note }, keyOf(request)),
    });
  }
  addResolveRoute(app, deps, door);
}

function addResolveRoute(app: FastifyInstance, deps: ApiDeps, door: Door): void {
  addRoute(app, {
    ...shared,
    url: '/v1/incidents/:id/resolve',
    operation: 'resolve',
    access: 'responder',
    summary: 'Close the incident by hand',
    description: 'What was done by hand stands in the shadow ledger beside what Nightshift would have done.',
    body: resolution,
    problems: ['conflict', 'not_recorded'],
    async handle({ params, body, request }) {
      const { note: said, did, runbook } = body;
      if (runbook !== undefined) await checkRunbook(deps, runbook);
      const byHand = did === undefined ? undefined : defined({ what: did, runbook });
      return door.command(callerOf(request), params.id, { kind: 'resolve', note: said, byHand }, keyOf(request));
    },
  });
}

/** A mistyped id would stand in the ledger as another remedy. */
async function checkRunbook({ runbooks }: ApiDeps, id: string): Promise<void> {
  const known = (await runbooks.current()).map(({ runbook }) => runbook.id);
  if (known.includes(id)) return;
  const message = `${id} is not in the catalogue; leave it out where what was done amounts to none, or ${suggestion(id, known)}`;
  throw new NightshiftError('invalid_input', 'One thing in the request is wrong.', [{ path: 'runbook', message }]);
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new NightshiftError('invalid_input', 'The header Idempotency-Key must be 1 to 200 visible ASCII characters.');
}
