import type { AwsPlace } from '../../../domain/aws/place';
import { placeText } from '../../../domain/aws/place';
import { errorCode, errorMessage } from '../../../domain/errors';
import type { PartEstimate } from '../../../domain/lookback/estimate';
import type { Span } from '../../../domain/lookback/facts';
import type { PartRead, ReadProgress } from '../../../ports/lookback';
import type { AwsAccess } from '../access';
import { alarmHistory } from './alarms';
import { makeAsk } from './ask';
import type { AskPlace, ReadClock } from './ask';
import { builds } from './builds';
import { containers } from './containers';
import { deployments } from './deployments';
import { functions } from './functions';
import { graph } from './graph';
import { health } from './health';
import { priced } from './kind';
import type { KindContext, KindPlan, PastKind } from './kind';
import { mutes } from './mutes';
import { pipelines } from './pipelines';
import { checkPlace } from './places';
import { readTags, taggedOwners } from './tags';
import type { PlaceTags } from './tags';
import { trail } from './trail';

/** The listing of a kind, or of a whole region: a part of its own, as it costs calls too. */
interface Listing {
  readonly read: PartRead;
  readonly plan?: KindPlan;
}

/** What a region of an account has to be read. */
export interface PlacePlan {
  readonly place: AwsPlace;
  /** Listing and reading share the allowance of the region. */
  readonly shared: AskPlace;
  readonly listings: readonly Listing[];
}

/** So many parts in a row that could not be reached: the region does not answer any more. */
const GONE_AFTER = 2;

/** Plans a region: its credentials first, and nothing more where these do not work. Throws only for the signal. */
export async function planPlace(place: AwsPlace, span: Span, access: AwsAccess, clock: ReadClock, signal: AbortSignal): Promise<PlacePlan> {
  const shared: AskPlace = { where: placeText(place), clock, next: new Map() };
  const regions = access.accounts.find(({ id }) => id === place.account)?.regions ?? [];
  const first = await listing(`${shared.where} access`, shared, signal, async (ask) => {
    const settings = await access.reading(place);
    await checkPlace(place, settings, ask);
    return { settings, place, span, regions, isFirst: regions[0] === place.region };
  });
  if (!first.result) return { place, shared, listings: [first] };
  const context: KindContext = first.result;
  const tags = await listing(`${shared.where} tags`, shared, signal, (ask) => readTags(context, ask));
  const known: PlaceTags = tags.result ?? { byArn: new Map() };
  const tagged = { read: { ...tags.read, facts: taggedOwners(known) } };
  const kinds = await Promise.all(kindsWith(known).map((kind) => planKind(kind, context, shared, signal)));
  return { place, shared, listings: [first, tagged, ...kinds] };
}

function kindsWith(tags: PlaceTags): readonly PastKind[] {
  const tagsOf = (): Promise<PlaceTags> => Promise.resolve(tags);
  return [alarmHistory(tagsOf), mutes, deployments, trail, health, containers(tagsOf), functions(tagsOf), graph, pipelines, builds];
}

async function planKind(kind: PastKind, context: KindContext, shared: AskPlace, signal: AbortSignal): Promise<Listing> {
  const { read, result } = await listing(`${shared.where} ${kind.name}`, shared, signal, (ask) => kind.plan(context, ask));
  return result ? { read: { ...read, facts: result.facts }, plan: result } : { read };
}

async function listing<T>(
  part: string,
  shared: AskPlace,
  signal: AbortSignal,
  work: (ask: ReturnType<typeof makeAsk>) => Promise<T>,
): Promise<Listing & { readonly result?: T }> {
  const ask = makeAsk(shared, signal);
  try {
    const result = await work(ask);
    return { read: { part, calls: ask.calls, facts: [] }, result };
  } catch (error) {
    signal.throwIfAborted();
    return { read: { part, calls: ask.calls, facts: [], error: errorMessage(error) } };
  }
}

/** What reading a planned region costs. Of what is listed already it is known. */
export function estimatePlace({ listings }: PlacePlan): PartEstimate[] {
  return listings.flatMap(({ read, plan }) => [
    { part: read.part, calls: priced(read.calls) },
    ...(plan?.parts ?? []).map(({ name, calls }) => ({ part: `${read.part} ${name}`, calls: priced(calls) })),
  ]);
}

/** Reads the parts of a planned region that are not done, one after the other. Throws only for the signal. */
export async function* readPlace({ shared, listings }: PlacePlan, { done, signal }: ReadProgress): AsyncGenerator<PartRead> {
  let unreached = 0;
  for (const { read, plan } of listings) {
    if (!done.has(read.part)) yield read;
    for (const { name, calls, read: readPart } of plan?.parts ?? []) {
      const part = `${read.part} ${name}`;
      if (done.has(part)) continue;
      signal.throwIfAborted();
      if (unreached >= GONE_AFTER && Object.values(calls).some((count) => count > 0)) {
        yield { part, calls: {}, facts: [], error: `${shared.where} does not answer any more; this part was not tried.` };
        continue;
      }
      const ask = makeAsk(shared, signal);
      try {
        const facts = await readPart(ask);
        unreached = 0;
        yield { part, calls: ask.calls, facts };
      } catch (error) {
        signal.throwIfAborted();
        unreached = errorCode(error) === 'unreachable' ? unreached + 1 : 0;
        yield { part, calls: ask.calls, facts: [], error: errorMessage(error) };
      }
    }
    plan?.close();
  }
}
