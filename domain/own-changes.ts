import type { Change } from './change';

/** Author of everything that Nightshift itself does. */
export const OWN_AUTHOR = 'nightshift';

/** True for a change that Nightshift made: a remedy is never a suspect. */
export function isOwnChange(change: Change): boolean {
  return change.author === OWN_AUTHOR;
}
