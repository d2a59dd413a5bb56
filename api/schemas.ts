import { z } from 'zod';
import { CAUSES, ROLES, SEVERITIES, STATUSES } from '../domain/names';

/** Id of an incident in a path. */
export const incidentPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Id of the incident.', examples: ['inc-mfrggzdfmztwq2lk'] }),
});

const time = z.string().meta({ format: 'date-time' });

/** What a list and a single incident show. Further fields are described in the documentation of the projection. */
export const incidentView = z
  .looseObject({
    incidentId: z.string(),
    workflowId: z.string(),
    environment: z.string(),
    service: z.string(),
    title: z.string(),
    affected: z.string(),
    severity: z.enum(SEVERITIES),
    status: z.enum(STATUSES),
    openedAt: time,
    updatedAt: time,
    resolvedAt: time.optional(),
    predecessor: z.string().optional(),
    alerts: z.array(z.looseObject({ name: z.string(), status: z.enum(['firing', 'resolved']), summary: z.string() })),
    alertCount: z.number().int(),
    round: z.number().int(),
    cause: z.enum(CAUSES).optional(),
    diagnosis: z.looseObject({ verdict: z.enum(['determined', 'undetermined']) }).optional(),
    proposal: z.looseObject({ proposal: z.looseObject({ digest: z.string() }), expiresAt: time, state: z.string() }).optional(),
    remediation: z.looseObject({ target: z.string(), runbook: z.string() }).optional(),
    reason: z.string().optional(),
    version: z.number().int(),
  })
  .meta({ title: 'Incident' });

/** One line of a timeline. */
export const auditRecord = z
  .looseObject({
    seq: z.number().int(),
    at: time,
    actor: z.string().meta({ examples: ['person:ana'] }),
    kind: z.string(),
    summary: z.string(),
    stream: z.string(),
    position: z.number().int(),
    hash: z.string(),
  })
  .meta({ title: 'AuditRecord' });

/** Answer of an incident to a person. */
export const reply = z
  .object({ result: z.string(), message: z.string() })
  .meta({ title: 'Reply', examples: [{ result: 'approved', message: 'The rollback begins now.' }] });

/** A key without its secret. */
export const keyInfo = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), createdAt: time, revokedAt: time.optional() }).meta({ title: 'Key' });

/** The kill switch. */
export const haltState = z.object({ on: z.boolean(), by: z.string().optional(), at: time.optional(), reason: z.string().optional() }).meta({ title: 'Halt' });

/** A list as comma-separated words of a set, for queries. */
export function wordList<const Word extends string>(words: readonly Word[]) {
  return z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(words)).min(1))
    .meta({ description: `Comma-separated: ${words.join(', ')}.` });
}
