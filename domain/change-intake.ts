import { z } from 'zod';
import type { IntakeOptions } from './alert-intake';
import { readBatch } from './batch';
import { CHANGE_KINDS } from './change';
import type { Change } from './change';
import { cleanId, cleanText, digestId, personOf } from './outside-text';
import { httpLink, identifier, instant, isoTime, name } from './outside-schemas';

/** Schema of one change in our own JSON. */
export const changeInput = z
  .object({
    id: identifier('Identity of the change; made from its other fields when absent.'),
    kind: z.enum(CHANGE_KINDS).default('deployment'),
    service: name('Service that was changed.').meta({ examples: ['bookshop'] }),
    environment: name('Environment; the configured one when absent.').optional(),
    at: isoTime('When it took effect; the time of arrival when absent.').optional(),
    author: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .default('unknown')
      .meta({ description: 'Person or system that made it; of an e-mail address, the part before the @ is kept.', examples: ['ana'] }),
    summary: z.string().optional().meta({ description: 'One sentence; cut at 500 characters.' }),
    from: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'Version before.', examples: ['1.4.0'] }),
    to: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'Version after.', examples: ['1.5.0'] }),
    link: httpLink.optional(),
  })
  .meta({ id: 'Change', title: 'Change' });
/** A change that passed the schema. */
export type ChangeInput = z.output<typeof changeInput>;

/** Turns a checked change into ours: time in UTC, text redacted and bounded, id made where absent. */
export function normaliseChange(input: ChangeInput, options: IntakeOptions): Change {
  const facts = {
    kind: input.kind,
    environment: cleanText(input.environment ?? options.environment, 64),
    service: cleanText(input.service, 64),
    at: instant(input.at, options.receivedAt),
    author: personOf(input.author),
    ...(input.from !== undefined && { from: cleanText(input.from, 128) }),
    ...(input.to !== undefined && { to: cleanText(input.to, 128) }),
  };
  const made = digestId('ch', [facts.kind, facts.environment, facts.service, facts.at, facts.from ?? null, facts.to ?? null]);
  return {
    id: input.id ? cleanId(input.id, 200) : made,
    ...facts,
    summary: cleanText(input.summary ?? '', 500) || describe(facts),
    ...(input.link !== undefined && { link: cleanText(input.link, 1000) }),
  };
}

/** Reads one change or `{"changes":[…]}` (1 to 1,000). Throws `invalid_input` with what is wrong and where; then none is taken. */
export function readChanges(body: unknown, options: IntakeOptions): readonly Change[] {
  return readBatch(body, 'changes', changeInput).map((input) => normaliseChange(input, options));
}

function describe(facts: { readonly kind: string; readonly service: string; readonly from?: string; readonly to?: string }): string {
  const versions = [facts.from && `from ${facts.from}`, facts.to && `to ${facts.to}`].filter(Boolean).join(' ');
  return `${facts.kind} of ${facts.service}${versions ? ` ${versions}` : ''}`;
}
