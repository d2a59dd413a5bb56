import type { Alert } from '../alert';
import type { Build } from '../build';
import type { Change } from '../change';
import type { LogRecord, MetricPoint, Span } from '../telemetry';

/** What sources give, in our words. */
export type Normalised =
  | ({ readonly object: 'alert' } & Alert)
  | ({ readonly object: 'change' } & Change)
  | ({ readonly object: 'build' } & Build)
  | ({ readonly object: 'point' } & MetricPoint)
  | ({ readonly object: 'log' } & LogRecord)
  | ({ readonly object: 'span' } & Span);

/** Kind of a normalised object. */
export type ObjectName = Normalised['object'];

/** A message as it came: its bytes (decompressed), what they are as JSON, and its headers under lower-case names. */
export interface WireMessage {
  readonly bytes: Uint8Array;
  /** Undefined where the bytes are no JSON. */
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a source is read with. */
export interface SourceContext {
  /** Environment of objects that name none. */
  readonly environment: string;
  /** Time of arrival, epoch milliseconds. */
  readonly receivedAt: number;
  /** Service by the names that sources have for it, in lower case; names that are not here stand for themselves. */
  readonly services: ReadonlyMap<string, string>;
  /** Environment of objects that name none, by the account of AWS that they are from; that of all others where an account is not in it. */
  readonly accounts?: ReadonlyMap<string, string>;
}

/** Things of a message that are not kept, for one reason. */
export interface LeftOut {
  /** As `sample` or `line`. */
  readonly thing: string;
  readonly count: number;
  /** True where they were meant to be kept and cannot be: their sender must be told. False where they hold nothing to keep. */
  readonly refused: boolean;
  readonly words: string;
}

/** What a message holds for us. */
export interface Reading {
  readonly objects: readonly Normalised[];
  /** What was left aside, each with its reason in words. */
  readonly passedOver: readonly string[];
  /** The same in numbers, from sources of many small parts. */
  readonly leftOut?: readonly LeftOut[];
}

/** A wire format that is turned into our objects. Sources are pure: the same message gives the same objects with the same ids. */
export interface Source {
  /** As in `POST /v1/sources/<name>`: lower-case words with dashes. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  readonly gives: readonly ObjectName[];
  /** Whether a message is surely of this source; of two that could be meant neither is. */
  recognises(message: WireMessage): boolean;
  /** Throws `unreadable` with what is wrong and where. */
  read(message: WireMessage, context: SourceContext): Reading;
}
