import { placeText } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import type { Balanced, FoundResource } from '../../../domain/aws/found-resource';
import type { ReadAction } from '../../../domain/aws/prices';
import { errorCode, errorMessage } from '../../../domain/errors';
import type { AwsAccess, ReadSettings } from '../access';
import { makeAsk } from '../lookback/ask';
import type { Ask, ReadClock } from '../lookback/ask';
import { checkPlace } from '../lookback/places';
import { readTags } from '../lookback/tags';
import { balancers, foundContainers, foundFunctions, foundGroups, foundPipelines } from './kinds';
import type { KindSetting, Unbalanced } from './kinds';

/** What could not be read, and why. */
export interface Unread {
  /** As `functions`; `access` where nothing of a region could be read. */
  readonly what: string;
  readonly place: AwsPlace;
  /** The action that IAM refused, such as `lambda:ListFunctions`. */
  readonly missing?: ReadAction;
  /** A sentence. */
  readonly reason: string;
  /** As in the error table. */
  readonly code: string | undefined;
}

/** What a region of an account has. */
export interface PlaceFound {
  readonly place: AwsPlace;
  readonly resources: readonly FoundResource[];
  /** Calls that were made, tries that failed included. */
  readonly calls: Readonly<Partial<Record<ReadAction, number>>>;
  readonly unread: readonly Unread[];
}

/** Looks for what runs services in a region: what cannot be read is told, and the rest is read. Throws only for the signal. */
export async function discoverPlace(place: AwsPlace, access: AwsAccess, clock: ReadClock, signal: AbortSignal): Promise<PlaceFound> {
  const ask = makeAsk({ where: placeText(place), clock, next: new Map() }, signal);
  const unread: Unread[] = [];
  const part = async <T>(what: string, work: (told: Ask) => Promise<T>): Promise<T | undefined> => {
    let last: ReadAction | undefined;
    const noted: Ask = Object.assign((...[operation, send]: Parameters<Ask>) => ask((last = operation), send), { calls: ask.calls }) as Ask;
    try {
      return await work(noted);
    } catch (error) {
      signal.throwIfAborted();
      const code = errorCode(error);
      unread.push({ what, place, reason: errorMessage(error), code, ...(code === 'forbidden' && last !== undefined && { missing: last }) });
      return undefined;
    }
  };
  const settings = await part('access', async (by): Promise<ReadSettings> => {
    const made = await access.reading(place);
    await checkPlace(place, made, by);
    return made;
  });
  if (!settings) return { place, resources: [], calls: ask.calls, unread };
  const tags = (await part('tags', (by) => readTags({ settings }, by))) ?? { byArn: new Map<string, Record<string, string>>() };
  const setting: KindSetting = { place, settings, tags };
  const containers = await part('containers', (by) => foundContainers(setting, by));
  const functions = await part('functions', (by) => foundFunctions(setting, by));
  const groups = await part('deployment groups', (by) => foundGroups(setting, by));
  const pipelines = await part('pipelines', (by) => foundPipelines(setting, by));
  const all = [...(containers ?? []).map((each) => withGroups(each, groups ?? [])), ...(groups ?? [])];
  const fronts = all.some(({ targetGroups }) => targetGroups.length > 0) ? await part('load balancers', (by) => balancers(setting, by)) : undefined;
  const behind = all.map(({ targetGroups, ...resource }) => ({ ...resource, balanced: frontsOf(targetGroups, fronts ?? []) }));
  return { place, resources: [...behind, ...(functions ?? []), ...(pipelines ?? [])], calls: ask.calls, unread };
}

/** A deployment that switches between target groups makes the one that is behind the service now another one. */
function withGroups(container: Unbalanced, groups: readonly Unbalanced[]): Unbalanced {
  const switched = groups.filter(({ targets }) => targets.includes(container.arn)).flatMap(({ targetGroups }) => targetGroups);
  return { ...container, targetGroups: [...container.targetGroups, ...switched] };
}

/** The load balancers before target groups, each once, those of the first groups first. */
function frontsOf(targetGroups: readonly string[], fronts: readonly Balanced[]): Balanced[] {
  return [...new Set(targetGroups.flatMap((group) => fronts.filter(({ targetGroup }) => targetGroup === group || targetGroup.split('/')[1] === group)))];
}
