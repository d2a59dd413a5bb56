import type { Booked } from '../../../domain/aws/capacity-schedule';
import type { Capacity, CapacityFinding } from '../../../domain/aws/capacity';
import { NightshiftError } from '../../../domain/errors';
import type { Effect, Sighting } from '../../../ports/hands';
import type { On } from './carrier';

/** What can be scaled, whichever service scales it. */
export interface Scalable {
  /** Undefined where there is no such thing, or it does not show. */
  read(): Promise<Capacity | undefined>;
  /** Names of the policies that set how much should run, those that are enabled; none of what tells only limits. */
  policies(): Promise<readonly string[]>;
  /** Scheduled actions of one time, all of them. */
  booked(): Promise<readonly Booked[]>;
  /** Sets the minimum, and how much should run where that is given. */
  set(effect: Effect, to: { readonly min: number; readonly desired?: number | undefined }): Promise<void>;
  /** Schedules an action, or puts it in the place of the one of its name. */
  book(effect: Effect, action: Booked): Promise<void>;
  unbook(effect: Effect, name: string): Promise<void>;
}

/** The parts that can be scaled, the preferred first. */
export const SCALABLE = ['scaling', 'autoscaling'] as const;
/** A part that can be scaled. */
export type ScalableOn = On<(typeof SCALABLE)[number]>;

/** What is scaled as it is; `effect_failed` where there is none. */
export async function requireCapacity(scalable: Scalable, { service }: Pick<ScalableOn, 'service'>): Promise<Capacity> {
  const now = await scalable.read();
  if (!now) throw new NightshiftError('effect_failed', `what scales ${service.name} is not there; look at its hands in the configuration`);
  return now;
}

/** The same with its policies, which decide whether how much should run is put back. */
export async function requireSteered(scalable: Scalable, on: Pick<ScalableOn, 'service'>): Promise<Capacity> {
  const now = await requireCapacity(scalable, on);
  return { ...now, policies: await scalable.policies() };
}

/** A finding as it is now. */
export function sightingOf(found: CapacityFinding, now: number): Sighting {
  return found.state === 'done' ? { ...found, at: new Date(now).toISOString() } : found;
}
