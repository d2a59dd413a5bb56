import type { CliIo } from './deps';
import { joined, NOTHING_CARRIED } from '../domain/redact/lines';
import type { Carried } from '../domain/redact/lines';
import { RedactedStream } from '../domain/redact/stream';
import type { Mask } from '../domain/redact/rule';

/** Whole lines, redacted as if nothing came before them. */
export interface RedactedLines {
  readonly bytes: Uint8Array;
  readonly after: Carried;
}

/** Redacts lines beside this thread; so many at once. What is given is gone, as it moves. */
export interface RedactThreads {
  readonly size: number;
  redact(lines: Uint8Array): Promise<RedactedLines>;
  close(): Promise<void>;
}

/** What is moved, and with what. */
export interface Pump {
  readonly from: CliIo['stdin'];
  readonly to: CliIo['stdout'];
  readonly mask: Mask;
  /** Absent, everything is done in this thread. */
  readonly threads?: RedactThreads | undefined;
}

/** Lines that come in smaller parts than this, as in a log that is followed, are not worth a thread. */
const WORTH_A_THREAD = 16_384;
/** A line that is longer is cut, for which all that came before it must be known. */
const LONGEST_LINE = 1_048_576;
const NEWLINE = 10;

/**
 * Moves redacted lines from one stream to another, in their order, and tells what is known at the end. A thread redacts its lines as if nothing were open before them; where something is, they are
 * redacted again.
 */
export async function pumpRedacted({ from, to, mask, threads }: Pump): Promise<Carried> {
  const writing = new Writing(to, mask);
  let rest: Buffer = Buffer.alloc(0);
  let alone = threads === undefined;
  for await (const given of from) {
    rest = Buffer.concat([rest, Buffer.from(given)]);
    const end = rest.lastIndexOf(NEWLINE) + 1;
    alone ||= end === 0 && rest.length > LONGEST_LINE;
    if (alone) {
      await writing.alone(rest);
      rest = Buffer.alloc(0);
      continue;
    }
    if (end === 0) continue;
    const lines = rest.subarray(0, end);
    rest = rest.subarray(end);
    await (threads === undefined || (writing.idle && end < WORTH_A_THREAD) ? writing.here(lines) : writing.there(lines, threads));
  }
  return writing.end(rest);
}

/** Writes what is redacted in the order in which it was asked for. */
class Writing {
  #known = NOTHING_CARRIED;
  #stream: RedactedStream | undefined;
  readonly #steps: Promise<void>[] = [];

  constructor(
    private readonly to: Pump['to'],
    private readonly mask: Mask,
  ) {}

  get idle(): boolean {
    return this.#steps.length === 0;
  }

  /** Whole lines, in this thread. */
  here(lines: Buffer): Promise<void> {
    return this.#step(() => this.#here(lines));
  }

  /** Whole lines, beside it. Waits where much is under way. */
  async there(lines: Buffer, threads: RedactThreads): Promise<void> {
    // What moves to a thread is gone here, and these may be needed again.
    const redacted = threads.redact(Uint8Array.from(lines));
    redacted.catch(() => undefined);
    void this.#step(async () => {
      const { bytes, after } = await redacted;
      const next = joined(this.#known, after);
      if (next === undefined) return this.#here(lines);
      await this.#write(bytes);
      this.#known = next;
    });
    while (this.#steps.length >= 2 * threads.size) await this.#steps[0];
  }

  /** Parts of lines, one after the other; from then on nothing else. */
  alone(part: Buffer): Promise<void> {
    return this.#step(async () => {
      this.#stream ??= new RedactedStream(this.mask, this.#known);
      await this.#write(latin1(this.#stream.push(part.toString('latin1'))));
    });
  }

  /** What is left, without the end of its line. */
  async end(rest: Buffer): Promise<Carried> {
    await this.alone(rest);
    const stream = this.#stream ?? new RedactedStream(this.mask);
    await this.#write(latin1(stream.end()));
    return stream.carried;
  }

  async #here(lines: Buffer): Promise<void> {
    const stream = new RedactedStream(this.mask, this.#known);
    await this.#write(latin1(stream.push(lines.toString('latin1'))));
    this.#known = stream.carried;
  }

  #step(take: () => Promise<void>): Promise<void> {
    const step = (this.#steps.at(-1) ?? Promise.resolve()).then(take);
    this.#steps.push(step);
    // One that failed stays, so that all that follow fail too.
    step.then(
      () => void this.#steps.shift(),
      () => undefined,
    );
    return step;
  }

  #write(bytes: Uint8Array): Promise<void> {
    return bytes.length === 0 ? Promise.resolve() : new Promise((resolve) => void this.to.write(bytes, () => resolve()));
  }
}

// As Latin-1 each byte is a character and comes back as it was.
function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
