import type { Problem } from '../errors';
import { readYamlDocuments } from '../yaml-text';
import { readEntities } from './backstage';
import { isEntity, readEntity } from './backstage-entity';
import type { Entity } from './backstage-entity';
import type { CatalogueTeam, ServiceCatalogue } from './entry';
import { readOwnDocument } from './own';
import type { OwnDocument } from './own';

/** A file of a catalogue. */
export interface CatalogueFile {
  readonly file: string;
  readonly text: string;
}

/** What some files say: documents of ours (`services:`, `teams:`) and entities of Backstage, in any number in each file. Of two that speak of one service the first counts. */
export function readServiceCatalogue(files: readonly CatalogueFile[]): ServiceCatalogue {
  const read = files.flatMap(documentsOf);
  const own = read.flatMap((each) => (each.own ? [each.own] : []));
  const backstage = readEntities(read.flatMap((each) => (each.entity ? [each.entity] : [])));
  const teams = new Map<string, CatalogueTeam>();
  for (const [name, team] of [...own.flatMap((each) => each.teams), ...backstage.teams])
    for (const key of [name, team.title]) if (!teams.has(key.toLowerCase())) teams.set(key.toLowerCase(), team);
  return {
    entries: [...own.flatMap((each) => each.entries), ...backstage.entries],
    teams,
    problems: [...read.flatMap((each) => each.problems), ...own.flatMap((each) => each.problems)],
    warnings: [...read.flatMap((each) => each.warnings), ...backstage.warnings],
  };
}

interface Document {
  readonly own?: OwnDocument;
  readonly entity?: Entity;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function documentsOf({ file, text }: CatalogueFile): readonly Document[] {
  const documents = readYamlDocuments(text);
  return documents.map(({ value, problems }, i) => {
    const path = documents.length === 1 ? file : `${file}, document ${String(i + 1)}`;
    if (problems.length > 0) return { problems: problems.map((problem) => ({ path: file, message: `${problem.path}: ${problem.message}` })), warnings: [] };
    // `---` at the end begins an empty one.
    if (value === null || value === undefined) return { problems: [], warnings: [] };
    return isEntity(value) ? entityDocument(value, path) : { own: readOwnDocument(value, path), problems: [], warnings: [] };
  });
}

function entityDocument(value: unknown, path: string): Document {
  const read = readEntity(value, path);
  return 'entity' in read ? { entity: read.entity, problems: [], warnings: [] } : { problems: [], warnings: [read.problem] };
}
