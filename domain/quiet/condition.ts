import { z } from 'zod';
import type { Alert } from '../alert';
import { SEVERITIES } from '../names';

/** Why an alert waits: too few came yet, it has not lasted long enough, or a silence holds. */
export const HOLD_KINDS = ['count', 'settle', 'silence'] as const;
/** Why an alert waits. */
export type HoldKind = (typeof HOLD_KINDS)[number];

/** What became of an alert that is in no workflow on purpose: it ended before it lasted, too few came, it ended while silent, it flapped, or a newer message took its place. */
export const FOLDS = ['settled', 'counted', 'silenced', 'flapping', 'newer'] as const;
/** What became of an alert that is in no workflow on purpose. */
export type Fold = (typeof FOLDS)[number];

const matched = z.object({
  service: z.string(),
  environment: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  labels: z.record(z.string(), z.string()),
});

const held = z.object({
  position: z.number(),
  /** When it came, epoch milliseconds, as all times here. */
  at: z.number(),
  until: z.number(),
  kind: z.enum(HOLD_KINDS),
  why: z.string(),
  of: matched,
});

/** Schema of what the gate remembers of one condition, as it stands in the store. */
export const conditionSchema = z.object({
  key: z.string(),
  environment: z.string(),
  service: z.string(),
  fingerprint: z.string(),
  name: z.string(),
  source: z.string(),
  /** The newest position in the inbox that was judged. */
  seen: z.number(),
  status: z.enum(['firing', 'resolved']),
  /** When its newest message came. */
  lastAt: z.number(),
  /** What its workflow was told last. */
  told: z.enum(['firing', 'resolved']).optional(),
  /** When it changed between firing and ended, oldest first. */
  changes: z.array(z.number()).readonly(),
  /** When it began, as far as its rule still counts it. */
  begun: z.array(z.number()).readonly(),
  /** The one message that waits. */
  held: held.optional(),
  flapping: z
    .object({
      since: z.number(),
      /** The changes that made it so. */
      changes: z.number(),
      folded: z.number(),
      /** Position of the newest message, and when it changed last. */
      last: z.number(),
      changedAt: z.number(),
      /** People were told. */
      announced: z.boolean(),
    })
    .optional(),
});

/** What the gate remembers of one condition. */
export type Condition = z.output<typeof conditionSchema>;
/** An alert that waits. */
export type HeldAlert = z.output<typeof held>;

/** The key of an alert's condition. */
export function conditionKey({ environment, service, fingerprint }: Pick<Alert, 'environment' | 'service' | 'fingerprint'>): string {
  return JSON.stringify([environment, service, fingerprint]);
}
