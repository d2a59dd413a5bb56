import type { MeasureState } from '../domain/detection/service-watch';

/** What is known of a service after a row. */
export interface Checkpoint {
  /** End of the last row that it knows, epoch milliseconds. */
  readonly judgedTo: number;
  readonly measures: readonly MeasureState[];
  /** Id of the last feedback that it has taken in; 0 before any. */
  readonly feedback: number;
}

/** A group of services in somebody's hands. */
export interface GroupTerm {
  /** Counts who took the group over; what an earlier one writes is refused. */
  readonly epoch: number;
  /** End of the last row that was judged, by anybody in any group where this one is new; undefined before the first. */
  readonly judgedTo?: number;
}

/** How far services are judged, by group. `advance` and `checkpoint` throw `conflict` when the group was taken over. */
export interface DetectionBook {
  take(group: string): Promise<GroupTerm>;
  /** Every row up to `judgedTo` has been judged, and its alerts are in the inbox. */
  advance(group: string, epoch: number, judgedTo: number): Promise<void>;
  /** Where the last of these groups is, epoch milliseconds; undefined while one of them was never judged. */
  judgedTo(groups: readonly string[]): Promise<number | undefined>;
  checkpoint(group: string, epoch: number, service: string, checkpoint: Checkpoint): Promise<void>;
  /** The last checkpoint of a service (`environment/name`). Undefined before the first, and where it cannot be read any more. */
  restore(service: string): Promise<Checkpoint | undefined>;
}
