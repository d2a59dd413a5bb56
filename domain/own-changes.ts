import type { Change } from './change';

/** Author of everything that Nightshift itself does. */
export const OWN_AUTHOR = 'nightshift';

/** Regions and accounts are no ids of what was begun; the shortest of those, of CodeDeploy, has eleven characters. */
const SHORTEST = 9;
/** Name of a session in which an effect was made on AWS. */
const OWN_SESSION = /^nightshift-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for a change that Nightshift made: a remedy is never a suspect. */
export function isOwnChange({ author }: Change): boolean {
  return author === OWN_AUTHOR || (author !== undefined && OWN_SESSION.test(author));
}

/** Ids that stand in the id of something that AWS told, such as that of an execution in `ssm:111122223333:eu-central-1:<id>`. */
export function referencesIn(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => [id, ...id.split(':')]))].filter((part) => part.length >= SHORTEST);
}
