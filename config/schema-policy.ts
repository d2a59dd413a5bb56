import { z } from 'zod';
import { CONFIDENCE_DEFAULTS } from '../domain/confidence/settings';
import { durationField } from '../domain/duration-field';
import { freezeProblems } from '../domain/freeze';
import { MODES, ROLES, TIERS } from '../domain/names';
import { lineField, patternField, shareField } from './fields';

const minute = 60_000;
const day = 1440 * minute;
const decidingRole = z.enum(ROLES).extract(['approver', 'admin']);
const scopeList = z.array(patternField).min(1);
const quorum = z.int().min(1).max(10);

const rule = z.strictObject({
  runbook: patternField.optional(),
  environment: patternField.optional(),
  service: patternField.optional(),
  tier: z.enum(TIERS).optional(),
  mode: z.enum(MODES),
  quorum: quorum.optional(),
  reason: lineField.optional(),
});

const approver = z
  .strictObject({ person: lineField.optional(), role: decidingRole.optional(), services: scopeList.optional(), environments: scopeList.optional() })
  .refine((scope) => scope.person !== undefined || scope.role !== undefined, { error: 'names nobody; give a person, or a role for everyone who has it' });

const freeze = z.strictObject({ name: lineField, zone: z.string(), environments: scopeList.optional(), from: z.string(), to: z.string() }).check((context) => {
  for (const { path, message } of freezeProblems(context.value)) context.issues.push({ code: 'custom', path: [path], message, input: context.value });
});

const approvals = z.strictObject({
  approvers: z.array(approver).optional(),
  quorum: quorum.optional(),
  notAuthor: z.boolean().optional(),
  remindAfter: durationField({ min: 1000 }).optional(),
  expireAfter: durationField({ min: 1000 }).optional(),
  escalateTo: lineField.optional(),
  validFor: durationField({ min: 1000 }).optional(),
  allowUnverified: z.boolean().optional(),
  breakGlass: z.strictObject({ enabled: z.boolean(), role: decidingRole.optional() }).optional(),
});

/** Acting after a time to object takes as much; a lower gate for acting at once would never be asked. */
const { veto } = CONFIDENCE_DEFAULTS.needs;

const autonomy = z.strictObject({
  gate: z
    .number()
    .max(0.999, { error: 'is more than can be proven; write 0.999 at most' })
    .min(veto.bound, { error: `is less than acting after a time to object takes; write ${String(veto.bound)} to 0.999` })
    .optional(),
  leastOutcomes: z
    .int()
    .min(veto.outcomes, { error: `is less than acting after a time to object takes; write ${String(veto.outcomes)} or more` })
    .max(100_000)
    .optional(),
  leastUplift: z.number().min(0).max(0.5).optional(),
  leastScore: shareField.optional(),
  halfLife: durationField({ min: 30 * day }).optional(),
  vetoFor: durationField({ min: 1000, max: day }).optional(),
});

/** Policy, as written in the file. */
export const policySchema = z.strictObject({
  rules: z.array(rule).optional(),
  approvals: approvals.optional(),
  limits: z
    .strictObject({
      actionsPerHour: z.int().min(0).optional(),
      attemptsPerTargetPerDay: z.int().min(0).optional(),
      targetsAtOnce: z.int().min(0).optional(),
      shareOfFleet: shareField.optional(),
    })
    .optional(),
  brake: z.strictObject({ incidents: z.int().min(1).optional(), within: durationField({ min: 1000 }).optional() }).optional(),
  freezes: z.array(freeze).optional(),
  autonomy: autonomy.optional(),
});

const retry = {
  timeout: durationField({ min: 1000 }).optional(),
  first: durationField({ min: 10 }).optional(),
  max: durationField({ min: 10 }).optional(),
  attempts: z.int().min(0).optional(),
};
const effect = { grace: durationField({ min: 1000 }).optional(), heartbeat: durationField({ min: 1000, max: 10 * minute }).optional() };

/** Time-outs and limits of incidents, as written in the file. */
export const incidentsSchema = z.strictObject({
  evidence: z
    .strictObject({
      baseline: durationField({ min: 1000 }).optional(),
      lookback: durationField({ min: 1000 }).optional(),
      step: durationField({ min: 100 }).optional(),
    })
    .optional(),
  verification: z
    .strictObject({
      settle: durationField().optional(),
      window: durationField({ min: 1000 }).optional(),
      minRequests: z.int().min(1).optional(),
      timeout: durationField({ min: 1000 }).optional(),
    })
    .optional(),
  watch: durationField().optional(),
  selfHeal: durationField().optional(),
  maxHypotheses: z.int().min(1).max(10).optional(),
  lockRetry: z.strictObject({ first: durationField({ min: 10 }).optional(), max: durationField({ min: 10 }).optional() }).optional(),
  dedupeSize: z.int().min(1).max(2000).optional(),
  maxHistoryEvents: z.int().min(50).max(40_000).optional(),
  activity: z
    .strictObject({
      quick: z.strictObject(retry).optional(),
      gather: z.strictObject(retry).optional(),
      effect: z.strictObject({ ...retry, ...effect }).optional(),
    })
    .optional(),
});
