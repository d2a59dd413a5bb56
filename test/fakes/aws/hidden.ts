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
  readonly reads: number;
}

/** Eventual consistency: ids that are invisible for some reads. */
export interface Hidden {
  add(hiding: Hiding): void;
  /** Whether it is seen; one read is counted. */
  visible(service: string, place: Place, id: string): boolean;
}

/** Nothing is hidden at first. */
export function makeHidden(): Hidden {
  const left = new Map<string, number>();
  const key = (service: string, { account, region }: Pick<Place, 'account' | 'region'>, id: string): string => [service, account, region, id].join('/');
  return {
    add: (hiding) => void left.set(key(hiding.service, hiding, hiding.id), hiding.reads),
    visible(service, place, id) {
      const at = key(service, place, id);
      const reads = left.get(at) ?? 0;
      if (reads > 0) left.set(at, reads - 1);
      return reads <= 0;
    },
  };
}
