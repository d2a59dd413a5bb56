import type { AwsAccess } from '../../../../adapters/aws/access';
import { awsPast } from '../../../../adapters/aws/lookback/reader';
import type { ReadClock } from '../../../../adapters/aws/lookback/ask';
import type { PastFact, Span } from '../../../../domain/lookback/facts';
import type { PartRead } from '../../../../ports/lookback';
import type { TestClock } from '../../../fakes/aws/clock';

/** The end of every span here. */
export const NOW = Date.parse('2026-03-03T00:00:00Z');
/** Two days before it. */
export const SPAN: Span = { from: Date.parse('2026-03-01T00:00:00Z'), to: NOW };
export const ACCOUNT = '111122223333';

/** A clock on which waiting takes no time; `waits` are what was waited for, milliseconds. */
export function quickClock(clock: TestClock): ReadClock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => clock.now(),
    wait: (ms) => {
      waits.push(ms);
      clock.advance(ms);
      return Promise.resolve();
    },
  };
}

/** Everything that is read, with what it was estimated to take. */
export async function readPast(access: AwsAccess, clock: ReadClock, done: ReadonlySet<string> = new Set()) {
  const reader = awsPast(access, clock);
  const estimate = await reader.estimate(SPAN);
  const parts: PartRead[] = [];
  for await (const part of reader.read(SPAN, { done, signal: new AbortController().signal })) parts.push(part);
  return { estimate, parts, facts: parts.flatMap(({ facts }) => facts), errors: parts.flatMap(({ error }) => error ?? []) };
}

/** Facts of one kind. */
export function of<K extends PastFact['kind']>(facts: readonly PastFact[], kind: K): Extract<PastFact, { kind: K }>[] {
  return facts.filter((fact): fact is Extract<PastFact, { kind: K }> => fact.kind === kind);
}

/** Calls of some parts, by operation. */
export function callsOf(parts: readonly Pick<PartRead, 'calls'>[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const part of parts) for (const [operation, count] of Object.entries(part.calls)) calls[operation] = (calls[operation] ?? 0) + count;
  return calls;
}
