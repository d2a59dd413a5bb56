import { BUILD_ALERTS } from '../build-anomaly';
import { words } from '../knowledge/terms';
import { isPrediction } from '../prediction/foretold';
import type { Member } from './types';

/** Names of alerts that share so much of their words are alike (Jaccard). */
const LEAST_SHARED = 0.6;

/** Tells what conditions have in common. It remembers the words of each, as one alert is compared with all that fires. */
export class Likeness {
  private readonly words = new Map<string, ReadonlySet<string>>();

  /** What two conditions have in common, such as `HighErrorRate`; undefined where they speak of different things. Only names and signals are compared: a text may be anybody's. */
  of(a: Member, b: Member): string | undefined {
    if (a.name === b.name) return a.name;
    if (a.signal !== undefined && a.signal === b.signal) return a.signal;
    const [one, other] = [this.wordsOf(a), this.wordsOf(b)];
    const shared = [...one].filter((word) => other.has(word));
    const all = one.size + other.size - shared.length;
    return all > 0 && shared.length / all >= LEAST_SHARED ? shared.join(' ') : undefined;
  }

  /** The names of the services tell nothing of what is wrong. */
  private wordsOf({ name, service }: Member): ReadonlySet<string> {
    const key = JSON.stringify([service, name]);
    const known = this.words.get(key);
    if (known) return known;
    const own = new Set(words(service));
    const found = new Set(words(name).filter((word) => !own.has(word)));
    this.words.set(key, found);
    return found;
  }
}

/** Whether a condition goes from a service to its callers: what is only foretold, and builds that fail, do not. */
export function spreads(condition: Pick<Member, 'name' | 'source'>): boolean {
  return !isPrediction(condition) && condition.source !== BUILD_ALERTS;
}
