import type { ChangeKind } from '../change';
import type { Silence } from '../quiet/silence';

/** A stretch of the past, epoch milliseconds; its end is not part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a fact of the past is about, as its source names it. A service is looked for in this order: `service`, who owns `resources`, `names`. */
export interface Where {
  /** Where the source itself says it. */
  readonly service?: string;
  readonly environment?: string;
  /** Names that the service may have there, the most telling first: tags, labels, dimensions, applications. */
  readonly names: readonly string[];
  /** ARNs and ids of what it is about. */
  readonly resources: readonly string[];
  /** Products of the provider that it is about, as in ARNs: `rds`, `elasticloadbalancing`. */
  readonly products?: readonly string[];
  readonly account?: string;
  readonly region?: string;
}

/** A time in which an alarm or an alert fired, or a piece of it: pieces with one `id` are put together. Times are epoch milliseconds. */
export interface PastPage {
  readonly kind: 'page';
  readonly id: string;
  /** Identity of the condition: an alarm's ARN, a digest of labels. */
  readonly condition: string;
  /** As in alerts: `cloudwatch`, `alertmanager`. */
  readonly source: string;
  readonly name: string;
  /** The source's own word. */
  readonly severity?: string;
  readonly summary?: string;
  readonly begin: number;
  /** Absent where it still fires, or where a `page-end` tells. */
  readonly end?: number;
  /** Since when the condition held, where that is earlier: an alarm looks at several periods before it fires. */
  readonly since?: number;
  readonly signal?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly link?: string;
  readonly where: Where;
}

/** The end of whatever fired of a condition, from sources that tell beginnings and ends apart. */
export interface PastPageEnd {
  readonly kind: 'page-end';
  readonly condition: string;
  readonly at: number;
}

/** Who made a change: a person by hand (console, command line), automation (a pipeline), or the provider. */
export const MAKERS = ['person', 'automation', 'provider'] as const;

/** Something that was altered, or an event of the provider. Times are epoch milliseconds. */
export interface PastChange {
  readonly kind: 'change';
  readonly id: string;
  /** `provider-event` is trouble or maintenance of the provider; `run` a run of a pipeline or a build, which by itself alters nothing. */
  readonly what: ChangeKind | 'provider-event' | 'run';
  readonly by: (typeof MAKERS)[number];
  /** When it took effect. */
  readonly at: number;
  /** Until when it lasted: provider events, runs. */
  readonly until?: number;
  readonly author: string;
  readonly summary: string;
  /** Version before and after. Without the one before the engine names no release, as nothing tells what to go back to. */
  readonly from?: string;
  readonly to?: string;
  readonly link?: string;
  readonly where: Where;
}

/** Which service a resource belongs to; a shared one has several owners. */
export interface PastOwner {
  readonly kind: 'owner';
  readonly resource: string;
  readonly service: string;
}

/** A service that another one calls. */
export interface PastDependency {
  readonly kind: 'dependency';
  readonly service: string;
  readonly on: string;
}

/** A silence that held then. */
export interface PastSilence {
  readonly kind: 'silence';
  readonly silence: Silence;
}

/** What the reader must know of how whole the past is, one sentence. */
export interface PastNote {
  readonly kind: 'note';
  readonly text: string;
}

/** A fact of the past from any source, as plain JSON, so that it can be kept in a file and read again. */
export type PastFact = PastPage | PastPageEnd | PastChange | PastOwner | PastDependency | PastSilence | PastNote;
