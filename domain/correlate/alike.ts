import { BUILD_ALERTS } from '../build-anomaly';
import { words } from '../knowledge/terms';
import { isPrediction } from '../prediction/foretold';
import type { Member } from './types';

/** Names of alerts that share so much of their words are alike (Jaccard). */
const LEAST_SHARED = 0.6;

/** What two conditions have in common, such as `HighErrorRate`; undefined where they speak of different things. Only names and signals are compared: a text may be anybody's. */
export function alike(a: Member, b: Member): string | undefined {
  if (a.name === b.name) return a.name;
  if (a.signal !== undefined && a.signal === b.signal) return a.signal;
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const shared = [...one].filter((word) => other.has(word));
  const all = new Set([...one, ...other]).size;
  return all > 0 && shared.length / all >= LEAST_SHARED ? shared.join(' ') : undefined;
}

/** Whether a condition goes from a service to its callers: what is only foretold, and builds that fail, do not. */
export function spreads(condition: Pick<Member, 'name' | 'source'>): boolean {
  return !isPrediction(condition) && condition.source !== BUILD_ALERTS;
}

/** The names of the services tell nothing of what is wrong. */
function wordsOf({ name, service }: Member): ReadonlySet<string> {
  const own = new Set(words(service));
  return new Set(words(name).filter((word) => !own.has(word)));
}
