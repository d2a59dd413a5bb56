/** Where the key is kept: until the tab is closed, and in no address, cookie or file. */
const NAME = 'nightshift.key';

/** The key of this tab, if one was entered. */
export function keptKey(): string | undefined {
  return sessionStorage.getItem(NAME) ?? undefined;
}

/** Keeps a key for this tab; undefined forgets it. */
export function keepKey(key: string | undefined): void {
  if (key === undefined) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, key);
}
