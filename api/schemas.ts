import { z } from 'zod';
import { AUDIT_KINDS } from '../domain/audit';
import { ROLES } from '../domain/names';
import { time } from './incident-schema';

/** Id of an incident in a path. */
export const incidentPath = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Id of the incident.', examples: ['inc-mfrggzdfmztwq2lk'] }),
});

/** One line of a timeline. */
export const auditRecord = z
  .looseObject({
    seq: z.number().int(),
    at: time,
    actor: z.string().meta({ examples: ['person:ana'] }),
    kind: z.enum(AUDIT_KINDS),
    summary: z.string(),
    data: z.record(z.string(), z.unknown()).optional(),
    stream: z.string().meta({ description: 'Id of an incident, or `system`.' }),
    position: z.number().int().meta({ description: 'Place in the one sequence over all streams.' }),
    prev: z.string(),
    hash: z.string(),
    ledger: z.string(),
  })
  .meta({ id: 'AuditRecord', title: 'AuditRecord' });

/** Frozen evidence of one round. */
export const evidenceBundle = z
  .looseObject({
    incidentId: z.string(),
    round: z.number().int(),
    environment: z.string(),
    service: z.string(),
    gatheredAt: time,
    onset: z.number().meta({ description: 'Epoch milliseconds.' }),
    items: z.array(z.looseObject({ id: z.string().meta({ examples: ['E01'] }), kind: z.string(), title: z.string() })),
  })
  .meta({ id: 'Evidence', title: 'Evidence' });

/** Answer of an incident to a person. */
export const reply = z
  .object({ result: z.string(), message: z.string() })
  .meta({ id: 'Reply', title: 'Reply', examples: [{ result: 'approved', message: 'The rollback begins now.' }] });

/** A key without its secret. */
export const keyInfo = z
  .object({ id: z.string(), name: z.string(), role: z.enum(ROLES), createdAt: time, revokedAt: time.optional() })
  .meta({ id: 'Key', title: 'Key' });

/** The kill switch. */
export const haltState = z
  .object({ on: z.boolean(), by: z.string().optional(), at: time.optional(), reason: z.string().optional() })
  .meta({ id: 'Halt', title: 'Halt' });

/** A list as comma-separated words of a set, for queries. */
export function wordList<const Word extends string>(words: readonly Word[]) {
  return z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(words)).min(1))
    .meta({ description: `Comma-separated: ${words.join(', ')}.` });
}
