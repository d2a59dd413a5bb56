import type { Effect } from './effects';
import type { Identities, Principal } from './identity';
import type { Listing, Page } from './pages';
import type { WireService } from './wire/protocol';
import type { Place } from './world';

/** What an operation knows of the call that it answers. */
export interface Call {
  /** Account and region that are called. */
  readonly place: Place;
  readonly principal: Principal;
  readonly identities: Identities;
  readonly operation: string;
  /** Where the caller reached the fake. */
  readonly endpoint: string;
  readonly requestId: string;
  /** Milliseconds since the epoch, on the fake's clock. */
  readonly now: number;
  /** Aborted when the caller goes away or the server closes. */
  readonly signal: AbortSignal;
  /** One page of a list. */
  page<T>(listing: Listing<T>): Page<T>;
  /** Something truly happened, now or at its moment; the place, the caller and the request are added. */
  effect(effect: Happened): void;
  /** Something was made that later calls see, perhaps not at once. */
  made(effect: Happened): void;
  /** False while something that was made is not seen yet; asked again within a call, the answer stays. */
  visible(id: string): boolean;
}

/** What a service says of an effect. */
export type Happened = Omit<Effect, 'at' | 'account' | 'region' | 'principal' | 'requestId'> & { readonly at?: number };

/** Answers an operation: both in the forms of the SDK's types. Throws `AwsError`. */
export type Handler = (input: never, call: Call) => object | Promise<object>;

/** Something that can be put into a service from outside. */
export interface FactKind {
  /** The structure of the SDK's package by which it is read from JSON, or those of some of its members; all else is taken as it is. */
  readonly shape?: string | Readonly<Record<string, string>>;
  put(place: Place, fact: never): void;
}

/** One service. */
export interface FakeService extends WireService {
  /** Loads the SDK's package that describes its shapes. */
  readonly load: () => Promise<object>;
  /** Prefix of its actions in policies, where it is not `signedAs`. */
  readonly actions?: string;
  /** How it is spoken to by method and path, where it is. */
  readonly rest?: 'json' | 'xml';
  readonly operations: Readonly<Record<string, Handler>>;
  readonly facts?: Readonly<Record<string, FactKind>>;
  /** The error that it throttles with; `ThrottlingException`, 400, where nothing is said. */
  readonly throttled?: { readonly name: string; readonly status?: number };
}
