import { z } from 'zod';
import { AUDIT_KINDS } from '../domain/audit';
import { BUILD_RESULTS } from '../domain/build';
import { TRUST } from '../domain/evidence';
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
    items: z.array(
      z.looseObject({
        id: z.string().meta({ examples: ['E01'] }),
        kind: z.string(),
        title: z.string(),
        source: z
          .string()
          .optional()
          .meta({ description: 'Kind of looking and what was looked at.', examples: ['requests:bookshop'] }),
        time: time.optional(),
        trust: z.enum(TRUST).optional().meta({ description: 'A fact of the platform, our own measurement, or text that somebody outside can write.' }),
      }),
    ),
  })
  .meta({ id: 'Evidence', title: 'Evidence' });

/** What a service measured around an incident. */
export const signals = z
  .looseObject({
    incidentId: z.string(),
    environment: z.string(),
    service: z.string(),
    source: z.enum(['samples', 'evidence', 'none']).meta({ description: 'Kept samples, or the frozen evidence once those are gone.' }),
    from: z.number().meta({ description: 'Epoch milliseconds.' }),
    to: z.number(),
    stepMs: z.number(),
    limits: z.object({ errorShare: z.number().optional(), latencyP95Ms: z.number().optional() }).meta({ description: 'Declared limits of the service.' }),
    points: z.array(
      z.looseObject({
        at: z.number().meta({ description: 'Begin of the step, epoch milliseconds.' }),
        errorShare: z.number().nullable(),
        latencyP95Ms: z.number().nullable(),
        requests: z.number(),
        unmeasured: z.literal(true).optional().meta({ description: 'Nobody looked in this step.' }),
      }),
    ),
    saturation: z
      .array(z.object({ resource: z.string(), values: z.array(z.number().nullable()) }))
      .meta({ description: 'How full each resource was, 0 to 1, a value for each point.' }),
  })
  .meta({ id: 'Signals', title: 'Signals' });

/** A finished build. */
export const build = z
  .looseObject({
    id: z.string(),
    source: z.string().meta({ examples: ['github'] }),
    environment: z.string(),
    service: z.string(),
    name: z.string().meta({ examples: ['ci / unit tests'] }),
    run: z.string(),
    result: z.enum(BUILD_RESULTS),
    fault: z.literal(true).optional().meta({ description: 'What builds broke, not what was built.' }),
    startedAt: time.optional(),
    endedAt: time,
    durationMs: z.number().optional(),
    commit: z.string().optional(),
    branch: z.string().optional(),
    author: z.string().optional(),
    tests: z.object({ total: z.number().int(), failed: z.number().int(), skipped: z.number().int().optional() }).optional(),
    usage: z.object({ cpuMs: z.number().optional(), memoryBytes: z.number().optional() }).optional(),
    steps: z.array(z.looseObject({ name: z.string(), result: z.string(), detail: z.string().optional(), durationMs: z.number().optional() })).optional(),
    link: z.string().optional(),
  })
  .meta({ id: 'Build', title: 'Build' });

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
