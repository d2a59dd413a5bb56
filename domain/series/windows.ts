import { addObservation, emptyAggregate, measured, mergeAggregate } from './aggregate';
import type { Aggregate } from './aggregate';
import type { SeriesDefinition } from './definition';
import { fits } from './measure';
import type { Stream } from './stream';

/** The measure of one window and one set of labels. */
export interface Bucket {
  readonly environment: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  /** End of the window, epoch milliseconds: it holds what lies after its start, up to and with its end. */
  readonly end: number;
  readonly value: number;
  /** Observations in it. */
  readonly points: number;
}

/** Whose buckets belong together: environment, service and the labels of `by`. */
export interface Key {
  readonly environment: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A set of labels and the end of its first window with events, epoch milliseconds. */
export interface KnownKey {
  readonly key: Key;
  readonly firstEnd: number;
}

/** What is to be measured. Times are epoch milliseconds. */
export interface Cut {
  /** The first and the last end of a window. */
  readonly firstEnd: number;
  readonly lastEnd: number;
  /** Most sets of labels that have buckets. */
  readonly mostKeys: number;
  /** Those that had some before: they have them before others. A log or a pipeline that says nothing has had no event, so a rate of them goes on with 0. */
  readonly known: readonly KnownKey[];
}

/** Buckets in the order of their end, and what was left aside. */
export interface Measured {
  readonly buckets: readonly Bucket[];
  /** Observations of sets of labels beyond the limit. */
  readonly overKeys: number;
  /** Observations of streams that the measure means nothing on. */
  readonly unfit: number;
}

/** Takes streams one by one and keeps only their sums, so that memory is bounded by windows and sets of labels, not by what is observed. */
export interface WindowSums {
  /** A stream is added once, with all its observations. The order of streams makes no difference, except for which new ones are beyond the limit. */
  add(stream: Stream): void;
  measure(): Measured;
}

type Panes = Map<number, Aggregate>;
interface Keyed {
  readonly key: Key;
  readonly panes: Panes;
  /** Where it is known: end of its first window with events. */
  readonly since?: number;
}

/**
 * Measures streams in windows that end every `slideMs`. Each stretch of `slideMs` is summed up once, and windows are merged from them, so that an overlapping window costs no
 * more than its number of stretches. The window must be a multiple of the slide.
 */
export function windowSums(definition: SeriesDefinition, cut: Cut): WindowSums {
  const after = cut.firstEnd - definition.windowMs;
  const keyed = new Map<string, Keyed>(cut.known.slice(0, cut.mostKeys).map(({ key, firstEnd }) => [keyId(key), { key, panes: new Map(), since: firstEnd }]));
  const isError = errorTest(definition);
  const aside = { overKeys: 0, unfit: 0 };
  return {
    add(stream) {
      const seen = stream.observations.filter(({ at }) => at > after && at <= cut.lastEnd);
      if (seen.length === 0) return;
      if (!fits(definition.measure, stream.kind)) {
        aside.unfit += seen.length;
        return;
      }
      const panes = panesOf(keyed, keyOf(definition, stream), cut.mostKeys);
      if (!panes) aside.overKeys += seen.length;
      else for (const each of seen) addObservation(paneOf(panes, definition, each.at), each, isError(stream.labels));
    },
    measure: () => ({ buckets: merged(definition, [...keyed.values()], cut), ...aside }),
  };
}

function panesOf(keyed: Map<string, Keyed>, key: Key, most: number): Panes | undefined {
  const id = keyId(key);
  const old = keyed.get(id);
  if (old || keyed.size >= most) return old?.panes;
  const made = { key, panes: new Map<number, Aggregate>() };
  keyed.set(id, made);
  return made.panes;
}

/** End of the first window that holds what happened at a time. */
export function windowEnd(at: number, slideMs: number): number {
  return Math.ceil(at / slideMs) * slideMs;
}

/** Text that names a set of labels. */
export function keyId({ environment, service, labels }: Key): string {
  return JSON.stringify([environment, service, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function keyOf({ by }: SeriesDefinition, { environment, service, labels }: Stream): Key {
  const own = by.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]] as const]));
  return { environment, service, labels: Object.fromEntries(own) };
}

function errorTest({ errors }: SeriesDefinition): (labels: Readonly<Record<string, string>>) => boolean {
  if (!errors) return () => false;
  const pattern = new RegExp(`^(?:${errors.matches})$`);
  return (labels) => pattern.test(labels[errors.label] ?? '');
}

function paneOf(panes: Panes, { measure, slideMs }: SeriesDefinition, at: number): Aggregate {
  const end = windowEnd(at, slideMs);
  const old = panes.get(end);
  if (old) return old;
  const made = emptyAggregate(measure);
  panes.set(end, made);
  return made;
}

function merged(definition: SeriesDefinition, keyed: readonly Keyed[], { firstEnd, lastEnd }: Cut): Bucket[] {
  const { measure, windowMs, slideMs } = definition;
  const buckets: Bucket[] = [];
  for (const { key, panes, since } of keyed) {
    let begun = since ?? Infinity;
    for (let end = firstEnd; end <= lastEnd; end += slideMs) {
      const whole = emptyAggregate(measure);
      for (let pane = end - windowMs + slideMs; pane <= end; pane += slideMs) {
        const part = panes.get(pane);
        if (part) mergeAggregate(whole, part);
      }
      if (whole.points > 0) begun = Math.min(begun, end);
      const value = whole.points > 0 || (end > begun && silenceIsZero(definition)) ? measured(measure, whole, windowMs) : null;
      if (value !== null && Number.isFinite(value)) buckets.push({ ...key, end, value, points: whole.points });
    }
  }
  return buckets.sort((x, y) => x.end - y.end);
}

function silenceIsZero({ from, measure }: SeriesDefinition): boolean {
  return from.metric === undefined && (measure === 'rate' || measure === 'count');
}
