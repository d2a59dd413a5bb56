import type { Change } from '../domain/change';
import type { Service } from '../domain/inventory';

/** Knows what was altered on a service. */
export interface ChangeSource {
  /** Changes with `from <= at <= to` (epoch milliseconds), oldest first. */
  list(service: Service, from: number, to: number): Promise<readonly Change[]>;
}

/** Which changes: those with `from <= at <= to`, epoch milliseconds; of all services where none is named. */
export interface ChangeFilter {
  readonly environment?: string;
  readonly service?: string;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** Keeps changes that were told to us. */
export interface ChangeStore extends ChangeSource {
  /** Idempotent on the change's id. */
  record(changes: readonly Change[]): Promise<void>;
  /** Newest first. */
  find(filter: ChangeFilter): Promise<readonly Change[]>;
}
