import { streamMessage, STREAM_SOURCES } from '../domain/aws/stream-message';
import type { AwsStream } from '../domain/aws/pulled';
import { errorCode, errorMessage } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { MessageIntake, PulledMessage } from '../ports/intake';
import type { StateStore } from '../ports/store';
import type { RecordStream, StreamRecord } from '../ports/streams';
import { isHopeless } from './queue-messages';
import { portions, PortionSize } from './stream-portions';
import type { OpenedRecord } from './stream-portions';

/** What became of a record; `empty` held nothing to keep, `lost` could neither be read nor set aside. */
export type RecordFate = 'kept' | 'empty' | 'aside' | 'lost';

/** What reading a stream works with. */
export interface StreamDeps {
  readonly stream: RecordStream;
  readonly settings: Pick<AwsStream, 'holds' | 'from' | 'excludeLogGroups'>;
  readonly intake: MessageIntake;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly note: StreamNotes;
}

/** Counts. */
export interface StreamNotes {
  record(fate: RecordFate): void;
  /** How far a shard is behind, milliseconds; undefined where it is not read any more. */
  behind(shard: string, ms: number | undefined): void;
}

/** How far a shard was read: after which record, or that it is drained. */
export interface ShardProgress {
  readonly after?: string;
  readonly ended?: true;
}

/** Reads one shard, page by page. */
export interface ShardReader {
  /** Keeps the records of a page, until the signal is aborted; the time until the next page in milliseconds, or undefined once the shard is drained. Handles its own errors. */
  turn(signal?: AbortSignal): Promise<number | undefined>;
}

/** A shard gives five reads a second to all who read it. */
const PAUSE = { behindMs: 250, idleMs: 1000 } as const;
const RETRY = { firstMs: 1000, mostMs: 30_000 } as const;
/** A record that the store did not take so often in a row, while it can be set aside, is the reason itself. */
const MOST_TRIES = 10;
/** Where the progress of a shard stands in the store. */
export function progressName(stream: string, shard: string): string {
  return `stream:${stream}/${shard}`;
}

/** The progress of a shard as it stands in the store. */
export async function progressOf({ state, stream }: Pick<StreamDeps, 'state' | 'stream'>, shard: string): Promise<ShardProgress> {
  return (await state.load(progressName(stream.name, shard))) ?? {};
}

/**
 * A reader of one shard that begins after what is kept, or else at `since` (epoch milliseconds; the oldest record when null). Progress is saved after what it stands for is committed,
 * and what comes a second time is known by its identity: whatever is killed when, each record is kept once.
 */
export function shardReader(deps: StreamDeps, shard: string, since: number | null): ShardReader {
  return new Reader(deps, shard, since);
}

class Reader implements ShardReader {
  private progress: ShardProgress | undefined;
  private position: string | undefined;
  private failures = 0;
  private readonly size = new PortionSize();
  /** The record that was not taken last, and how often in a row. */
  private stuck: { readonly sequence: string; readonly times: number } | undefined;

  constructor(
    private readonly deps: StreamDeps,
    private readonly shard: string,
    private readonly since: number | null,
  ) {}

  async turn(signal?: AbortSignal): Promise<number | undefined> {
    try {
      const pauseMs = await this.page(signal);
      if (this.failures > 0) this.deps.log.info(this.told(), 'the shard is read again');
      this.failures = 0;
      return pauseMs;
    } catch (error) {
      // A position that has expired, or that leads beyond a record that was not kept, is made anew.
      if (errorCode(error) !== 'rate_limited') this.position = undefined;
      this.failures += 1;
      if (this.failures === 1) this.deps.log.warn({ ...this.told(), error: errorMessage(error) }, 'a shard could not be read; it is tried again');
      return Math.min(RETRY.mostMs, RETRY.firstMs * 2 ** Math.min(this.failures - 1, 10));
    }
  }

  private async page(signal: AbortSignal | undefined): Promise<number | undefined> {
    const { stream, note } = this.deps;
    const progress = (this.progress ??= await progressOf(this.deps, this.shard));
    if (progress.ended) return undefined;
    this.position ??= await this.open(progress);
    const { records, next, behindMs } = await stream.read(this.position);
    if (!(await this.keepAll(records, signal))) {
      // The page is read again from where it was left.
      this.position = undefined;
      return PAUSE.idleMs;
    }
    if (next === undefined) {
      await this.save({ ...this.progress, ended: true });
      note.behind(this.shard, undefined);
      return undefined;
    }
    this.position = next;
    note.behind(this.shard, behindMs);
    return behindMs > 0 ? PAUSE.behindMs : PAUSE.idleMs;
  }

  private async open({ after }: ShardProgress): Promise<string> {
    const { stream, log } = this.deps;
    const first = this.since === null ? 'oldest' : { since: this.since };
    if (after === undefined) return stream.open(this.shard, first);
    try {
      return await stream.open(this.shard, { after });
    } catch (error) {
      if (errorCode(error) !== 'invalid_input') throw error;
      log.warn({ ...this.told(), error: errorMessage(error) }, 'the stream does not know where it was read to; it is read from its oldest record');
      return stream.open(this.shard, 'oldest');
    }
  }

  /** What was kept before a record that was not counts. False where it was left before the end. */
  private async keepAll(records: readonly StreamRecord[], signal: AbortSignal | undefined): Promise<boolean> {
    const { settings } = this.deps;
    for (const some of portions(records, ({ sequence, data }) => streamMessage(data, this.placeOf(sequence), settings), this.size)) {
      if (signal?.aborted || !(await this.keepSome(some, signal))) return false;
    }
    return true;
  }

  /** All at once; where that fails one by one, so that the one that is the reason holds up no other that came before it. */
  private async keepSome(records: readonly OpenedRecord[], signal: AbortSignal | undefined): Promise<boolean> {
    const fates = records.length > 1 && this.stuck === undefined ? await this.takeAll(records) : undefined;
    if (!fates) return this.keepEach(records, signal);
    fates.forEach((fate) => this.deps.note.record(fate));
    await this.save({ after: records.at(-1)?.record.sequence ?? '' });
    return true;
  }

  /** Undefined where they could not be kept together: any of them may be the reason, and each is kept once however often it is tried. */
  private async takeAll(records: readonly OpenedRecord[]): Promise<readonly RecordFate[] | undefined> {
    const { intake, clock } = this.deps;
    const receivedAt = clock.now();
    try {
      const messages = records.map(({ message }) => message());
      const full = messages.flatMap((message) => (message ? [{ ...message, receivedAt }] : []));
      if (full.length > 0) await intake.takeAll(full);
      this.size.succeeded();
      return messages.map((message) => (message ? 'kept' : 'empty'));
    } catch (error) {
      // One that cannot be read is told of when it is set aside; fewer at once would not help it.
      if (!isHopeless(error) && this.size.failed()) this.tellTogether(error, records.length);
      return undefined;
    }
  }

  private tellTogether(error: unknown, records: number): void {
    const told = { ...this.told(), records, error: errorMessage(error) };
    this.deps.log.warn(told, 'records of a shard could not be kept together; they are kept one by one, and fewer together for a while');
  }

  private async keepEach(records: readonly OpenedRecord[], signal: AbortSignal | undefined): Promise<boolean> {
    let reached: string | undefined;
    try {
      for (const opened of records) {
        if (signal?.aborted) return false;
        this.deps.note.record(await this.keep(opened));
        reached = opened.record.sequence;
        if (this.stuck?.sequence === reached) this.stuck = undefined;
      }
      return true;
    } finally {
      if (reached !== undefined) await this.save({ after: reached });
    }
  }

  private placeOf(sequence: string): string {
    return `${this.deps.stream.name}/${this.shard}/${sequence}`;
  }

  private async keep({ record: { sequence, data }, message: opened }: OpenedRecord): Promise<RecordFate> {
    const { intake, settings, clock } = this.deps;
    const receivedAt = clock.now();
    try {
      const message = opened();
      if (!message) return 'empty';
      await intake.take({ ...message, receivedAt });
      return 'kept';
    } catch (error) {
      const times = this.stuck?.sequence === sequence ? this.stuck.times + 1 : 1;
      this.stuck = { sequence, times };
      if (!isHopeless(error) && times < MOST_TRIES) throw error;
      return this.aside({ source: STREAM_SOURCES[settings.holds], bytes: data, receivedAt }, error);
    }
  }

  /** Throws where the store does not answer, and the error itself where no more can be set aside and it may pass: the record waits in the stream. */
  private async aside(message: PulledMessage, error: unknown): Promise<RecordFate> {
    const aside = await this.deps.intake.setAside(message, error);
    if (!aside && !isHopeless(error)) throw error;
    const told = { ...this.told(), error: errorMessage(error) };
    this.deps.log.warn(told, aside ? 'a record that cannot be read was set aside' : 'a record that cannot be read is lost, as no more can be set aside');
    return aside ? 'aside' : 'lost';
  }

  private async save(progress: ShardProgress): Promise<void> {
    await this.deps.state.save(progressName(this.deps.stream.name, this.shard), progress);
    this.progress = progress;
  }

  private told(): { readonly stream: string; readonly shard: string } {
    return { stream: this.deps.stream.name, shard: this.shard };
  }
}
