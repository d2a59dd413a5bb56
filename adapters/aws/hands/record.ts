import type { StateStore } from '../../../ports/store';

/** What is on record under a name; where nothing is, what `make` makes goes on record before anything is done by it. Of two at once the first wins, and both get what it wrote. */
export async function recordOnce<T>(state: StateStore, name: string, make: () => Promise<T>): Promise<T> {
  const known = await state.load(name);
  if (known !== undefined) return known as T;
  const made = await make();
  return (await state.create(name, made)) ? made : ((await state.load(name)) as T);
}

/** Name of the record of what was there before an effect. */
export function beforeOf({ token }: { readonly token: string }): string {
  return `before:${token}`;
}
