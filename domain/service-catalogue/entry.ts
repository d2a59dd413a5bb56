import type { Problem } from '../errors';
import type { ServiceLink } from '../inventory';
import type { Tier } from '../names';

/** Who is behind a service and how they are reached. */
export interface CatalogueTeam {
  /** As people call it. */
  readonly title: string;
  /** Names of notification channels. */
  readonly channels?: readonly string[];
  /** Id of its service at the pager. */
  readonly pager?: string;
}

/** What a catalogue says of one service; what it does not say is absent. */
export interface CatalogueEntry {
  readonly name: string;
  /** Where it runs; absent where the catalogue does not say, so that it holds in every environment. */
  readonly environments?: readonly string[];
  readonly owner?: string;
  readonly tier?: Tier;
  readonly channels?: readonly string[];
  readonly pager?: string;
  readonly system?: string;
  readonly description?: string;
  readonly dependsOn: readonly string[];
  readonly links: readonly ServiceLink[];
  /** Its ref in Backstage. */
  readonly entity?: string;
  /** Where it stands, for messages. */
  readonly path: string;
}

/** What some files say. Problems are mistakes that nothing can be made of; with warnings the rest still holds. */
export interface ServiceCatalogue {
  readonly entries: readonly CatalogueEntry[];
  /** By name and by title, in small letters. */
  readonly teams: ReadonlyMap<string, CatalogueTeam>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}
