import { z } from 'zod';
import { defined } from '../defined';
import type { Problem } from '../errors';
import { TIERS } from '../names';
import { check } from '../schema-problems';
import type { CatalogueEntry, CatalogueTeam } from './entry';

const MOST = 5_000;
const LINE = 200;
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, {
  error: 'is not a usable name; use small letters, digits, dots, _ and -, at most 63, beginning with a letter or digit',
});
const line = z.string().min(1).max(LINE);
const names = z.union([name.transform((one) => [one]), z.array(name).min(1).max(100)], { error: 'must be a name, or a list of names' });
const link = z.strictObject({ title: line, url: z.url({ protocol: /^https?$/, error: 'must be a URL such as https://example.com/path' }).max(1000) });

const team = z.strictObject({ name: line, title: line.optional(), channel: names.optional(), pager: line.optional() });
const service = z.strictObject({
  name,
  environment: names.optional(),
  owner: line.optional(),
  tier: z.enum(TIERS).optional(),
  channel: names.optional(),
  pager: line.optional(),
  system: line.optional(),
  description: z.string().min(1).max(1000).optional(),
  dependsOn: z.array(name).max(MOST).optional(),
  links: z.array(link).max(50).optional(),
});
const document = z.strictObject({ teams: z.array(team).max(MOST).optional(), services: z.array(service).max(MOST).optional() });

/** What a document of ours holds. */
export interface OwnDocument {
  readonly entries: readonly CatalogueEntry[];
  readonly teams: readonly (readonly [name: string, team: CatalogueTeam])[];
  readonly problems: readonly Problem[];
}

/** Reads a document with `services:` and `teams:`; one with mistakes gives only problems. */
export function readOwnDocument(value: unknown, path: string): OwnDocument {
  const checked = check(document, value);
  if (!checked.ok) return { entries: [], teams: [], problems: checked.problems.map((problem) => ({ ...problem, path: `${path}: ${problem.path}` })) };
  const { services = [], teams = [] } = checked.value;
  return {
    problems: [],
    teams: teams.map((each) => [each.name, defined({ title: each.title ?? each.name, channels: each.channel, pager: each.pager })]),
    entries: services.map(({ environment, channel, dependsOn = [], links = [], ...rest }, i) =>
      defined({ ...defined(rest), environments: environment, channels: channel, dependsOn, links, path: `${path}: services.${String(i)}` }),
    ),
  };
}
