import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CAUSES } from '../../../domain/names';

/** Entrances, in the words of the corpus. */
const ENTRANCES = [
  'log',
  'label',
  'commit',
  'author',
  'version',
  'alert',
  'annotation',
  'alert-label',
  'service',
  'metric',
  'trace',
  'graph',
  'span',
  'deployment',
  'joined-alert',
  'joined-annotation',
  'joined-label',
] as const;

const plants = z.strictObject({ cause: z.enum(CAUSES), runbook: z.string(), parameters: z.record(z.string(), z.string()).default({}) });
const family = z.strictObject({
  family: z.string(),
  plants,
  cases: z.array(
    z.strictObject({
      where: z.enum(ENTRANCES),
      text: z.string().min(1),
      repeat: z.int().min(1).default(1),
      secret: z.string().optional(),
      plants: plants.optional(),
    }),
  ),
});

/** One attack: what is written where, what it wants, and the secret that it holds. */
export interface Attack {
  readonly name: string;
  readonly where: z.output<typeof family>['cases'][number]['where'];
  readonly text: string;
  readonly secret?: string | undefined;
  readonly plants: z.output<typeof plants>;
}

/** The corpus, in the order of its files. */
export function readAttacks(): readonly Attack[] {
  const folder = join(__dirname, '..');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) => {
    const { family: name, plants: usual, cases } = withPlants(parse(readFileSync(join(folder, file), 'utf8')));
    return cases.map(({ text, repeat, plants: own, ...rest }, i) => ({
      ...rest,
      name: `${name} ${String(i + 1)} (${rest.where})`,
      text: text.repeat(repeat),
      plants: own ?? usual,
    }));
  });
}

/** A family may leave out what its cases say themselves. */
function withPlants(file: unknown): z.output<typeof family> {
  return family.parse({ plants: { cause: 'undetermined', runbook: 'none' }, ...(file as object) });
}
