import type { MeasureRow } from '../domain/detection/measure-row';

/** Whose rows, and how long each is, milliseconds. Rows of another length are another history. */
export interface MeasurePlace {
  readonly environment: string;
  readonly service: string;
  readonly rowMs: number;
}

/** Rows of one service. */
export interface ServiceRows {
  readonly environment: string;
  readonly service: string;
  readonly rows: readonly MeasureRow[];
}

/** The rows that were judged of each service, for a long time. */
export interface MeasureHistory {
  /** Keeps rows of `rowMs`; one that is there already stays as it is. Throws `invalid_input` for a row that does not end at a multiple of `rowMs`. */
  append(rowMs: number, services: readonly ServiceRows[]): Promise<void>;
  /** Rows with `from < at <= to` (epoch milliseconds) that are there, oldest first, with the values that were given. */
  read(place: MeasurePlace, from: number, to: number): Promise<readonly MeasureRow[]>;
  /** Ends of the oldest and of the newest row, epoch milliseconds; undefined without any. */
  span(place: MeasurePlace): Promise<{ readonly first: number; readonly last: number } | undefined>;
}

/** Whose rows there are. */
export interface MeasuredServices {
  /** Places with rows that end after `from` and not after `to` (epoch milliseconds), as far as chunks of rows tell, by environment, service and length of rows, after one of them. */
  services(from: number, to: number, after: MeasurePlace | undefined, limit: number): Promise<readonly MeasurePlace[]>;
}
