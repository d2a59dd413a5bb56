import { errorMessage } from '../domain/errors';
import type { Shard } from '../ports/streams';
import { repeat } from './repeat';
import type { Repeated } from './repeat';
import { progressOf, shardReader } from './stream-shard';
import type { ShardReader, StreamDeps } from './stream-shard';

/** Shards come and go when a stream is split or merged; it is looked for them so often, milliseconds. */
const LOOK_MS = 10_000;

/** Knows which shards of a stream are to be read. */
export interface ShardBook {
  /** Readers of those that may be read and have none yet: whose parents are drained, so that what is older comes first. Throws what the stream and the store throw. */
  fresh(): Promise<readonly { readonly shard: string; readonly reader: ShardReader }[]>;
}

/** The shards of a stream. What it holds is read from the first look on, or from its oldest record; the time of that look is kept, so that nothing is missed by a start that is killed. */
export function shardBook(deps: StreamDeps): ShardBook {
  const started = new Set<string>();
  const drained = new Set<string>();
  let since: number | null | undefined;
  const isDrained = async (shard: string): Promise<boolean> => {
    if (!drained.has(shard) && (await progressOf(deps, shard)).ended) drained.add(shard);
    return drained.has(shard);
  };
  return {
    async fresh() {
      const from = (since ??= await firstLook(deps));
      const shards = await deps.stream.shards();
      const known = new Set(shards.map(({ id }) => id));
      const waits = async ({ parents }: Shard): Promise<boolean> => {
        for (const parent of parents) if (known.has(parent) && !(await isDrained(parent))) return true;
        return false;
      };
      const readable: { shard: string; reader: ShardReader }[] = [];
      for (const shard of shards) {
        if (started.has(shard.id) || (await isDrained(shard.id)) || (await waits(shard))) continue;
        readable.push({ shard: shard.id, reader: shardReader(deps, shard.id, from) });
      }
      // Only what is handed out: one that fails above leaves none of the others out.
      for (const { shard } of readable) started.add(shard);
      return readable;
    },
  };
}

/** Reads a stream until it is stopped, each shard by itself: one that fails or hangs holds up no other. A page under way is left after the record that is being kept. Only one process at a time should. */
export function createStreamReader(deps: StreamDeps): Repeated {
  const book = shardBook(deps);
  const readers: Repeated[] = [];
  const stopping = new AbortController();
  let failing = false;
  const looking = repeat(async () => {
    try {
      for (const { reader } of await book.fresh()) readers.push(untilDrained(reader, stopping.signal));
      failing = false;
    } catch (error) {
      if (!failing) deps.log.warn({ stream: deps.stream.name, error: errorMessage(error) }, 'the shards of a stream could not be read; it is tried again');
      failing = true;
    }
    return LOOK_MS;
  });
  return {
    async stop() {
      stopping.abort();
      await looking.stop();
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
}

function untilDrained(reader: ShardReader, signal: AbortSignal): Repeated {
  let drained = false;
  const loop = repeat(async () => {
    const pauseMs = drained ? undefined : await reader.turn(signal);
    drained = pauseMs === undefined;
    return pauseMs ?? LOOK_MS;
  });
  return loop;
}

async function firstLook({ state, stream, settings, clock }: StreamDeps): Promise<number | null> {
  const name = `stream:${stream.name}`;
  await state.create(name, { since: settings.from === 'oldest' ? null : clock.now() });
  const { since } = (await state.load(name)) as { readonly since: number | null };
  return since;
}
