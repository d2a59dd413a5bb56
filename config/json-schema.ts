import { z } from 'zod';
import { configSchema } from './schema';

/** JSON Schema (draft 2020-12) of the configuration file, for editors; published as `config/nightshift.schema.json`. */
export function configJsonSchema(): Record<string, unknown> {
  // Checks across members (a URL, a freeze's range) have no form in JSON Schema and are left to `config check`.
  return { ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }), title: 'Nightshift configuration' };
}
