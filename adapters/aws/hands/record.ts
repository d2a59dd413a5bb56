import { randomUUID } from 'node:crypto';
import { errorCode } from '../../../domain/errors';
import type { StateStore } from '../../../ports/store';

/** What is on record under a name; where nothing is, what `make` makes goes on record before anything is done by it. Of two at once the first wins, and both get what it wrote. */
export async function recordOnce<T>(state: StateStore, name: string, make: () => Promise<T>): Promise<T> {
  const known = await state.load(name);
  if (known !== undefined) return known as T;
  const made = await make();
  return (await state.create(name, made)) ? made : ((await state.load(name)) as T);
}

/** What was there before an effect that carries no token, by which it is told from what others do. */
export interface Snapshot {
  /** Nothing was sent by it, nor before it: what has come since is of others. */
  readonly unsent?: true;
  /** Whoever sends by it, an id of that call alone. */
  readonly sender?: string;
}

/** Whether an attempt by a snapshot may have begun something. */
export function mayHaveSent(before: Snapshot | undefined): boolean {
  return before !== undefined && before.unsent === undefined;
}

/**
 * Sends by a snapshot, `first` where nothing can have been sent before. What throws `not_begun` then has left nothing, and the record says so, for the next attempt to take a new one: what others begin
 * until then is not ours. Where another attempt sends by the same record, because this one was held up, it says nothing.
 */
export async function sendBy<T>(
  state: StateStore,
  name: string,
  { before, first }: { readonly before: Snapshot; readonly first: boolean },
  send: () => Promise<T>,
): Promise<T> {
  const senderNow = async (): Promise<string | undefined> => ((await state.load(name)) as Snapshot | undefined)?.sender;
  const alone = first && (await senderNow()) === undefined;
  const sender = randomUUID();
  await state.save(name, { ...before, sender });
  try {
    return await send();
  } catch (error) {
    if (alone && errorCode(error) === 'not_begun' && (await senderNow()) === sender) await state.save(name, { ...before, unsent: true });
    throw error;
  }
}

/** Name of the record of what was there before an effect. */
export function beforeOf({ token }: { readonly token: string }): string {
  return `before:${token}`;
}
