import type { FakeClock } from './clock';
import { makeRules } from './match';
import type { Rules, Which } from './match';
import type { Place } from './world';

/** Something that was made and is not seen yet. */
export interface Hiding {
  /** As requests are signed for it. */
  readonly service: string;
  readonly account: string;
  readonly region: string;
  /** Its id or name, as the service's answers have it. */
  readonly id: string;
  /** How many calls that would show it do not. */
  readonly reads?: number;
  /** For how many milliseconds of the fake's clock it is not seen. */
  readonly ms?: number;
}

/** How things are seen that calls make from now on: not for some reads, or not for some time of the fake's clock. */
export interface Lag extends Which {
  readonly reads?: number;
  readonly ms?: number;
}

/** Eventual consistency: ids that are invisible for a while. */
export interface Hidden {
  readonly lags: Rules<Lag>;
  add(hiding: Hiding): void;
  /** Something was made by a call: the first lag that befalls it hides it. */
  made(operation: string, service: string, place: Place, id: string): void;
  /** Whether it is seen; one read is counted. */
  visible(service: string, place: Place, id: string): boolean;
}

/** Nothing is hidden at first. */
export function makeHidden(clock: FakeClock): Hidden {
  const hidden = new Map<string, { reads: number; readonly until: number }>();
  const lags = makeRules<Lag>();
  const key = (service: string, { account, region }: Pick<Place, 'account' | 'region'>, id: string): string => [service, account, region, id].join('/');
  const hide = (at: string, { reads = 0, ms = 0 }: Pick<Hiding, 'reads' | 'ms'>): void => void hidden.set(at, { reads, until: clock.now() + ms });
  return {
    lags,
    add: (hiding) => hide(key(hiding.service, hiding, hiding.id), hiding),
    made(operation, service, place, id) {
      const lag = lags.befalls({ service, operation, account: place.account, region: place.region });
      if (lag) hide(key(service, place, id), lag);
    },
    visible(service, place, id) {
      const one = hidden.get(key(service, place, id));
      if (!one) return true;
      const seen = one.reads <= 0 && clock.now() >= one.until;
      one.reads--;
      return seen;
    },
  };
}
