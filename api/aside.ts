import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { errorCode, errorMessage, NightshiftError, type Problem } from '../domain/errors';
import { cleanText, digestId } from '../domain/outside-text';
import type { AsideEntry } from '../ports/set-aside';
import { fromStore } from './guard';
import type { IntakeDeps } from './intake-message';
import { takeIn } from './intake-message';
import type { Taken } from './keep';
import type { KnownSources } from './known-sources';
import type { SentMessage } from './sent-message';
import { tellingHeaders } from './sent-message';
import type { ApiDeps } from './types';

/** Messages that are set aside at most; more are not taken, so that their senders keep them, or show that they were lost. */
export const MOST_ASIDE = 1000;
/** The same of telemetry: an exporter that is broken sends without end, and must leave room for messages that nobody sends again. */
export const MOST_TELEMETRY_ASIDE = 100;
/** Largest message that is set aside, as it was sent. */
export const LARGEST_ASIDE_BYTES = 1_048_576;
/** How long one stays. */
export const ASIDE_MS = 30 * 24 * 3_600_000;
const LONGEST_WHY = 500;

/** What became of a message that was tried again; `gone` where none of this id is set aside. */
export type Retried = { readonly id: string } & (
  { readonly outcome: 'taken'; readonly taken: Taken } | { readonly outcome: 'unreadable'; readonly why: string } | { readonly outcome: 'gone' }
);

/** Whether an error says that the message will be refused by this version however often it comes. */
export function isUnreadable(error: unknown): boolean {
  return ['unreadable', 'invalid_input'].includes(errorCode(error) ?? '');
}

/** Does what reads a message. Where it cannot be read the message is set aside, while fewer than `most` are, and the error goes on to its sender. */
export async function orSetAside<T>(
  deps: ApiDeps,
  { most = MOST_ASIDE, ...message }: SentMessage & Pick<AsideEntry, 'source' | 'receivedAt'> & { readonly most?: number },
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) await keepAside(deps, { ...message, by: 'key', error }, most);
    throw error;
  }
}

/** Sets a message aside and gives its id; undefined for one that is not kept, as it is empty, too large, or one too many. */
export async function keepAside(
  { store, settings }: Pick<ApiDeps, 'store' | 'settings'>,
  { source, receivedAt, by, error, ...sent }: SentMessage & Pick<AsideEntry, 'source' | 'receivedAt' | 'by'> & { readonly error: unknown },
  most = MOST_ASIDE,
): Promise<string | undefined> {
  const { bytes } = sent;
  if (bytes.length === 0 || bytes.length > LARGEST_ASIDE_BYTES) return undefined;
  const headers = tellingHeaders(sent.headers);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const id = digestId('aside', [source, headers, digest]);
  const message = { id, source, receivedAt, why: whyOf(error), size: bytes.length, by, body: bytes, headers };
  return fromStore(async () => {
    await store.setAside.forget(receivedAt - ASIDE_MS);
    return (await store.setAside.keep(message, most)) ? id : undefined;
  }, settings.doorTimeoutMs);
}

/** Tries a message again as this version reads it; what was taken in is set aside no more. Throws what the store throws. */
export async function retry(deps: IntakeDeps, sources: KnownSources, id: string, log: FastifyBaseLogger): Promise<Retried> {
  const { setAside } = deps.store;
  const message = await fromStore(() => setAside.get(id), deps.settings.doorTimeoutMs);
  if (!message) return { id, outcome: 'gone' };
  try {
    const taken = await takeIn(deps, sources.named(message.source), { bytes: message.body, headers: message.headers }, message.receivedAt, log);
    await fromStore(() => setAside.drop(id), deps.settings.doorTimeoutMs);
    return { id, outcome: 'taken', taken };
  } catch (error) {
    // A source that the configuration does not map any more keeps its messages too.
    if (!isUnreadable(error) && errorCode(error) !== 'not_found') throw error;
    const why = whyOf(error);
    await fromStore(() => setAside.failed(id, why), deps.settings.doorTimeoutMs);
    return { id, outcome: 'unreadable', why };
  }
}

function whyOf(error: unknown): string {
  const problems: readonly Problem[] = error instanceof NightshiftError ? error.problems : [];
  return cleanText([errorMessage(error), ...problems.map(({ path, message }) => `${path}: ${message}`)].join(' '), LONGEST_WHY);
}
