import { ConfidenceRecord } from '../../domain/confidence/record';
import { earnedRung } from '../../domain/confidence/rungs';
import type { ConfidenceSettings } from '../../domain/confidence/settings';
import { seededRandom } from '../../domain/seeded-random';
import { DAY_MS, KEY, outcomeOf, SAFE } from './simulate';

/** Outcomes of its own until a service was granted, undefined where it never was. */
export interface PoolRun {
  readonly like: number | undefined;
  readonly odd: number | undefined;
}

const SERVICES = 10;

/** Ten like services in turn, of which the last has another true success: when are the first and the odd one granted? */
export function poolRun(seed: number, odd: number, settings: ConfidenceSettings, eachHas: number): PoolRun {
  const random = seededRandom(seed);
  const names = Array.from({ length: SERVICES }, (_, i) => `service-${String(i)}`);
  const followed = [names[0], names[SERVICES - 1]].map((service) => new ConfidenceRecord({ ...KEY, service: service ?? '', likeness: 'web' }, settings));
  const granted: (number | undefined)[] = [undefined, undefined];
  for (let n = 1, at = 0; n <= eachHas; n += 1) {
    for (const service of names) {
      at += DAY_MS / SERVICES;
      const success = service === names[SERVICES - 1] ? odd : 0.99;
      const outcome = outcomeOf(at, random() < success ? 'recovered' : 'unchanged', { service });
      const untouched = outcomeOf(at, random() < 0.1 ? 'recovered' : 'unchanged', { service, actedBy: 'nobody' });
      for (const record of followed) {
        record.add(outcome);
        if (n % 10 === 1) record.add(untouched);
      }
    }
    for (const [i, record] of followed.entries()) if (earnedRung(record, SAFE, at) === 'auto') granted[i] ??= n;
  }
  return { like: granted[0], odd: granted[1] };
}
