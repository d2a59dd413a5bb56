import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { isoTime } from '../../domain/outside-schemas';
import { fromStore } from '../guard';
import { addRoute } from '../route';
import { auditRecord } from '../schemas';
import type { ApiDeps } from '../types';

const MOST = 1_000;
const PAGE = 500;

const count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const limit = z.coerce.number().int().min(1).max(MOST).default(PAGE);
const head = z.object({ count: z.int(), hash: z.string() });
const anchor = z
  .object({
    nightshift: z.literal('audit-anchor'),
    format: z.literal(1),
    count: z.int().meta({ description: 'Records in the ledger.' }),
    ledger: z.string().meta({ description: 'Hash over all of them.' }),
    at: z.string(),
    since: z.int().meta({ description: '`streams` has the heads of streams with records behind this position.' }),
    streams: z.record(z.string(), head),
    key: z.string(),
    signature: z.string().meta({ description: 'Ed25519 over the canonical JSON of all other members, in base64.' }),
  })
  .meta({ id: 'AuditAnchor', title: 'AuditAnchor' });
const intent = z.object({
  ...{ token: z.string(), incidentId: z.string(), round: z.int(), step: z.string(), target: z.string(), runbook: z.string(), state: z.string() },
  intendedAt: z.int().meta({ description: 'Epoch milliseconds.' }),
  detail: z.string().optional(),
});

const shared = { method: 'GET', access: 'viewer', tag: 'audit' } as const;

/** GET /v1/audit/records, /head, /key and /intents, and POST /v1/audit/anchors: what auditors check by themselves. */
export function addAuditRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, settings } = deps;
  const within = <T>(work: () => Promise<T>): Promise<T> => fromStore(work, settings.doorTimeoutMs);
  addHeadRoutes(app, deps);

  addRoute(app, {
    ...shared,
    url: '/v1/audit/records',
    operation: 'listAuditRecords',
    summary: 'All audit records, in the one sequence over all incidents',
    query: z.object({ after: count.default(0).meta({ description: '`next` of the page before.' }), limit }),
    answer: {
      status: 200,
      description: 'One page; without `next` there are no more.',
      schema: z.object({ records: z.array(auditRecord), next: z.int().optional() }),
    },
    async handle({ query: { after, limit: most } }) {
      const records = await within(() => store.ledger.page(after, most));
      const last = records.at(-1);
      return { records, ...(last && records.length === most && { next: last.position }) };
    },
  });
  addRoute(app, {
    ...shared,
    url: '/v1/audit/intents',
    operation: 'listIntents',
    summary: 'Intents of effects in a time, oldest first',
    query: z.object({ from: isoTime('Intended from then on.'), to: isoTime('Until then.'), after: z.string().max(200).optional(), limit }),
    answer: { status: 200, description: 'One page.', schema: z.object({ intents: z.array(intent), next: z.string().optional() }) },
    async handle({ query: { from, to, after, limit: most } }) {
      const intents = await within(() => store.intents.between(Date.parse(from), Date.parse(to), most, after === undefined ? undefined : placeOf(after)));
      const last = intents.at(-1);
      return { intents, ...(last && intents.length === most && { next: `${String(last.intendedAt)}/${last.token}` }) };
    },
  });
}

function addHeadRoutes(app: FastifyInstance, { anchors, settings }: ApiDeps): void {
  const within = <T>(work: () => Promise<T>): Promise<T> => fromStore(work, settings.doorTimeoutMs);
  addRoute(app, {
    ...shared,
    url: '/v1/audit/head',
    operation: 'signAuditHead',
    summary: 'Where the audit ends now, signed',
    query: z.object({ since: count.optional().meta({ description: 'Names the heads of streams with records behind this position as well.' }) }),
    answer: { status: 200, description: 'The signed statement; it is not kept here.', schema: anchor },
    handle: ({ query }) => within(() => anchors.sign(query.since)),
  });
  addRoute(app, {
    ...shared,
    url: '/v1/audit/key',
    operation: 'getAuditKey',
    summary: 'The public key that signed heads are checked with',
    answer: { status: 200, description: 'The key as PEM.', schema: z.object({ publicKey: z.string() }) },
    handle: async () => ({ publicKey: await within(() => anchors.publicKey()) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/audit/anchors',
    operation: 'anchorAudit',
    access: 'admin',
    tag: 'audit',
    summary: 'Sign where the audit ends now, and keep that in the configured place',
    answer: { status: 201, description: 'What was signed, and where it is kept.', schema: z.object({ anchor, name: z.string() }) },
    problems: ['not_found', 'conflict'],
    handle: () => anchors.keep(),
  });
}

function placeOf(after: string): { readonly intendedAt: number; readonly token: string } {
  const [, at, token] = /^(\d{1,15})\/(.+)$/.exec(after) ?? [];
  if (at === undefined || token === undefined) throw new NightshiftError('invalid_input', 'after is none of ours; begin without it.');
  return { intendedAt: Number(at), token };
}
