import { AwsError } from '../errors';
import type { Place, StateKey } from '../world';

/** Names a state that begins as `empty` makes it. */
export function stateKey<T>(name: string, empty: () => T): StateKey<T> {
  return { name, empty };
}

/** What was found, or the error of its absence. */
export function found<T>(value: T | undefined, error: string, message: string): T {
  if (value === undefined) throw new AwsError(error, message);
  return value;
}

/** Whether a moment lies in a range that may be open at both ends. */
export function within(time: Date | undefined, from: Date | undefined, to: Date | undefined): boolean {
  const at = time?.getTime() ?? 0;
  return at >= (from?.getTime() ?? -Infinity) && at <= (to?.getTime() ?? Infinity);
}

/** The latest first. */
export function newestFirst<T>(items: Iterable<T>, time: (item: T) => Date | undefined): T[] {
  return [...items].sort((a, b) => (time(b)?.getTime() ?? 0) - (time(a)?.getTime() ?? 0));
}

/** An id in hexadecimal digits, such as those of UUIDs: the same in every run. */
export function idOf(place: Place): string {
  const digits = place.world.next().toString(16).padStart(12, '0');
  return `00000000-0000-4000-8000-${digits}`;
}
