import { z } from 'zod';
import { lineField, nameField, pathField } from './fields';

/** One name of a channel, or several. */
export const channelsField = z.union([nameField.transform((one) => [one]), z.array(nameField).min(1).max(20)], {
  error: 'must be the name of a channel in notifications, or a list of them',
});

/** Where it is written who owns which service, and who gets what nobody owns. */
export const catalogueSchema = z.strictObject({
  file: z.union([pathField.transform((one) => [one]), z.array(pathField).min(1).max(100)], { error: 'must be a file, or a list of files' }).optional(),
  environments: z.array(nameField).min(1).max(20).optional(),
  catchAll: z.strictObject({ owner: lineField.optional(), channel: channelsField.optional() }).optional(),
});

/** The section as written in the file. */
export type CatalogueSource = z.output<typeof catalogueSchema>;
