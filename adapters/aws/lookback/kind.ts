import type { AwsPlace } from '../../../domain/aws/place';
import { usdOf } from '../../../domain/aws/prices';
import type { ReadAction } from '../../../domain/aws/prices';
import type { OperationCalls } from '../../../domain/lookback/estimate';
import type { PastFact, Span } from '../../../domain/lookback/facts';
import type { ReadSettings } from '../access';
import type { Ask } from './ask';

/** What a kind of things is read with. */
export interface KindContext {
  readonly place: AwsPlace;
  readonly span: Span;
  readonly settings: ReadSettings;
  /** Whether it is the first region of its account: what belongs to the whole account is read there. */
  readonly isFirst: boolean;
  /** Regions of the account that are read. */
  readonly regions: readonly string[];
}

/** A kind of things that an account and region remembers. */
export interface PastKind {
  /** As in the names of parts, such as `deployments`. */
  readonly name: string;
  /** Lists what there is, by few cheap calls, and says what reading it needs. */
  plan(context: KindContext, ask: Ask): Promise<KindPlan>;
}

/** What is to be read of a kind. */
export interface KindPlan {
  readonly parts: readonly KindPart[];
  /** What the listing itself told. */
  readonly facts: readonly PastFact[];
  /** Lets go of connections. */
  close(): void;
}

/** How often each call is made. */
export type ActionCalls = Readonly<Partial<Record<ReadAction, number>>>;

/** A small piece of reading. */
export interface KindPart {
  /** The same in every run over the same span, such as `2026-03-01`. */
  readonly name: string;
  /** At most so many calls, by operation, without such as AWS refused for their rate. */
  readonly calls: ActionCalls;
  readonly read: (ask: Ask) => Promise<readonly PastFact[]>;
}

/** Calls with what they cost. */
export function priced(calls: ActionCalls): readonly OperationCalls[] {
  return (Object.entries(calls) as [ReadAction, number][])
    .filter(([, count]) => count > 0)
    .map(([operation, count]) => ({ operation, calls: count, usd: usdOf(operation, count) }));
}

const DAY_MS = 86_400_000;

/** The days of UTC that a span touches, cut to it, oldest first. */
export function daysOf({ from, to }: Span): readonly (Span & { readonly day: string })[] {
  const days: (Span & { day: string })[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at < to; at += DAY_MS)
    days.push({ day: new Date(at).toISOString().slice(0, 10), from: Math.max(at, from), to: Math.min(at + DAY_MS, to) });
  return days;
}

/** Pieces of at most `size`. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_none, i) => items.slice(i * size, (i + 1) * size));
}

/** Every item of a list that is short, page after page. */
export async function wholeList<T>(
  page: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const { items: more, next } = await page(token);
    items.push(...more);
    token = next === '' || next === token ? undefined : next;
  } while (token !== undefined);
  return items;
}
