import { makeAgenda } from './agenda';
import type { Agenda } from './agenda';
import type { FakeClock } from './clock';
import { makeEffects } from './effects';
import type { Effects } from './effects';

/** Names the state of one service, and makes it where there is none yet. Made once, beside the service. */
export interface StateKey<T> {
  readonly name: string;
  empty(): T;
}

/** An account in a region: everything that services know is kept for one place. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly world: World;
  /** What a service knows here, after everything that is due has happened. */
  state<T>(key: StateKey<T>): T;
  /** An ARN of something here, such as `arn:aws:sqs:eu-west-1:111122223333:alarms` for `sqs` and `alarms`. */
  arn(service: string, resource: string): string;
}

/** All accounts and regions. */
export interface World {
  readonly clock: FakeClock;
  /** What happens as time passes. */
  readonly agenda: Agenda;
  /** What truly happened. */
  readonly effects: Effects;
  place(account: string, region: string): Place;
  /** Everything that is known of a place goes; what was planned there still has its effects. */
  forget(account: string, region: string): void;
  /** A number that was not given before, for ids. */
  next(): number;
}

/** An empty world, in which what takes time takes `pace` times as long as is said. */
export function makeWorld(clock: FakeClock, pace = 1): World {
  const places = new Map<string, Place>();
  let count = 0;
  const agenda = makeAgenda(clock, pace);
  const world: World = {
    clock,
    agenda,
    effects: makeEffects(agenda.settle),
    next: () => ++count,
    place(account, region) {
      const key = `${account}/${region}`;
      const there = places.get(key) ?? makePlace(world, account, region);
      places.set(key, there);
      return there;
    },
    forget: (account, region) => void places.delete(`${account}/${region}`),
  };
  return world;
}

function makePlace(world: World, account: string, region: string): Place {
  const states = new Map<StateKey<unknown>, unknown>();
  return {
    account,
    region,
    world,
    state<T>(key: StateKey<T>): T {
      world.agenda.settle();
      if (!states.has(key)) states.set(key, key.empty());
      return states.get(key) as T;
    },
    arn: (service, resource) => `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`,
  };
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
