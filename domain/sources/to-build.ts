import type { Build, BuildStep } from '../build';
import { defined } from '../defined';
import { cleanId, cleanText, digestId, personOf } from '../outside-text';
import type { Normalised, SourceContext } from './source';
import { linkOf, timeOf } from './to-alert';
import { firstOf, versionOf } from './to-change';
import type { Maybe } from './to-change';

/** Steps that a build keeps; of more the first in their order. */
const MOST_STEPS = 200;
/** Characters of the reason that a step failed for. */
const LONGEST_DETAIL = 200;

/** A part of a build as a source tells it. */
export interface ToldStep {
  readonly name: string;
  readonly result: BuildStep['result'];
  readonly detail?: Maybe;
  readonly durationMs?: number | undefined;
}

/** A finished build as a source tells it; texts may have any length and hold anything, and `service` is a name as `serviceOf` gives it. */
export interface ToldBuild extends Pick<Build, 'source' | 'environment' | 'service' | 'name' | 'run' | 'result'> {
  /** Identity of the run, where the source has one. */
  readonly id?: Maybe;
  /** Epoch milliseconds. A beginning after the end is left out. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** Milliseconds; from the beginning to the end when absent. */
  readonly durationMs?: number | undefined;
  readonly commit?: Maybe;
  readonly branch?: Maybe;
  readonly author?: Maybe;
  readonly steps?: readonly ToldStep[] | undefined;
  readonly fault?: true | undefined;
  readonly tests?: Build['tests'] | undefined;
  readonly usage?: Build['usage'] | undefined;
  readonly link?: Maybe;
}

/** The build in our words: redacted, bounded, with an id made where the source has none; it ended when the message came where nothing says when. */
export function buildOf(told: ToldBuild, context: SourceContext): Build {
  const { source, environment, service, result, fault, tests, usage, steps } = told;
  const names = {
    source: cleanText(source, 64),
    environment,
    service,
    name: cleanText(told.name, 200) || 'unnamed',
    run: cleanText(told.run, 100) || 'unknown',
  };
  const id = firstOf([told.id]);
  return {
    id: id === undefined ? digestId('bd', [names.source, environment, service, names.name, names.run]) : cleanId(id, 200),
    ...{ ...names, result },
    ...timesOf(told, context),
    ...defined({ commit: versionOf(told.commit), branch: shown(told.branch, 200), author: authorOf(told.author), fault, tests, usage }),
    ...defined({ steps: steps && steps.length > 0 ? steps.slice(0, MOST_STEPS).map(stepOf) : undefined, link: linkOf(told.link ?? undefined) }),
  };
}

/** The same as an object of a message. */
export function toBuild(told: ToldBuild, context: SourceContext): Normalised {
  return { object: 'build', ...buildOf(told, context) };
}

/** Milliseconds between two times, or undefined where one is missing or the second lies before the first. */
export function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

function timesOf({ startedAt, endedAt, durationMs }: ToldBuild, { receivedAt }: SourceContext): Pick<Build, 'startedAt' | 'endedAt' | 'durationMs'> {
  const end = timeOf(endedAt) ?? new Date(receivedAt).toISOString();
  const start = timeOf(startedAt);
  const times = { startedAt: start !== undefined && start <= end ? start : undefined, durationMs: lengthOf(durationMs) ?? between(startedAt, endedAt) };
  return { endedAt: end, ...defined(times) };
}

function stepOf({ name, result, detail, durationMs }: ToldStep): BuildStep {
  return { name: cleanText(name, 200) || 'unnamed', result, ...defined({ detail: shown(detail, LONGEST_DETAIL), durationMs: lengthOf(durationMs) }) };
}

function lengthOf(ms: number | undefined): number | undefined {
  return ms !== undefined && Number.isFinite(ms) && ms >= 0 ? Math.round(ms) : undefined;
}

function authorOf(text: Maybe): string | undefined {
  const author = firstOf([text]);
  return author === undefined ? undefined : personOf(author);
}

function shown(text: Maybe, max: number): string | undefined {
  const told = firstOf([text]);
  return told === undefined ? undefined : cleanText(told, max);
}
