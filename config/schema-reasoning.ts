import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { RUNGS } from '../domain/reasoning/rungs';
import { secretField, urlField } from './fields';
import { accountId, region, roleName } from './schema-aws';

const usd = z.number().min(0).max(10_000);

const model = z.strictObject({
  id: z.string().regex(/^[\w.:/-]{1,2048}$/, { error: 'is not the id of a model or the ARN of a profile' }),
  rung: z.enum(RUNGS).optional(),
  cache: z.boolean().optional(),
  usdPerMillion: z.strictObject({ input: usd, output: usd, cacheRead: usd.optional(), cacheWrite: usd.optional() }).optional(),
});

/** `reasoning:`, which model is heard beside the statistics, and what it may cost. */
export const reasoningSchema = z.strictObject({
  provider: z.enum(['none', 'bedrock', 'openai']),
  models: z.array(model).min(1).max(2).optional(),
  maxTokens: z.int().min(256).max(16_384).optional(),
  timeout: durationField({ min: 1000, max: 300_000 }).optional(),
  budget: z
    .strictObject({ tokensPerIncident: z.int().min(0).max(10_000_000).optional(), usdPerIncident: usd.optional(), usdPerDay: usd.optional() })
    .optional(),
  bedrock: z
    .strictObject({
      account: accountId.optional(),
      region: region.optional(),
      role: roleName.optional(),
      externalId: secretField.optional(),
      guardrail: z
        .strictObject({
          id: z
            .string()
            .regex(/^(?:arn:aws(?:-[a-z]+)*:bedrock:[a-z0-9-]+:\d{12}:guardrail\/)?[a-z0-9]{1,64}$/, { error: 'is not the id or the ARN of a guardrail' }),
          version: z.string().regex(/^(?:\d{1,8}|DRAFT)$/, { error: "is not a version of a guardrail; write its number in quotes, such as '3'" }),
        })
        .optional(),
    })
    .optional(),
  openai: z.strictObject({ url: urlField, key: secretField.optional(), allowPrivate: z.boolean().optional() }).optional(),
});

/** The section as written in the file. */
export type ReasoningSource = z.output<typeof reasoningSchema>;
