import type { StreamMessage } from '../domain/aws/stream-message';
import type { StreamRecord } from '../ports/streams';

/**
 * Records that are kept in one transaction, and so many bytes as they were before gzip at most: one by one a full shard is not kept up with, but a transaction has to end before the store is
 * taken for silent, and nothing else is written meanwhile on an embedded database.
 */
const AT_ONCE = { records: 100, bytes: 4 * 1024 * 1024 } as const;
/** Portions kept in a row after which they may be twice as large again. */
const GROWS_AFTER = 20;

/** A record and what it holds, which is opened once. */
export interface OpenedRecord {
  readonly record: StreamRecord;
  /** Undefined where it holds nothing; throws as `streamMessage` does. */
  readonly message: () => StreamMessage | undefined;
}

/** How much is kept at once: half of it after each failure, and twice as much again when it went well for a while. */
export class PortionSize {
  private share = 1;
  private kept = 0;

  /** Most records, and most bytes before gzip; one record at least is always taken. */
  get most(): { readonly records: number; readonly bytes: number } {
    return { records: Math.max(1, Math.floor(AT_ONCE.records * this.share)), bytes: AT_ONCE.bytes * this.share };
  }

  /** A portion could not be kept at once. True for the first time since all was well. */
  failed(): boolean {
    const first = this.share === 1;
    this.kept = 0;
    this.share = Math.max(1 / AT_ONCE.records, this.share / 2);
    return first;
  }

  /** A portion was kept at once. */
  succeeded(): void {
    this.kept += 1;
    if (this.kept < GROWS_AFTER) return;
    this.kept = 0;
    this.share = Math.min(1, this.share * 2);
  }
}

/** Records in portions that are kept at once, as large as may be when each begins. One that cannot be opened is a portion of its own, so that it holds up no other. */
export function* portions(
  records: readonly StreamRecord[],
  open: (record: StreamRecord) => StreamMessage | undefined,
  size: Pick<PortionSize, 'most'>,
): Generator<readonly OpenedRecord[]> {
  let some: OpenedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const { held, opened } = openedRecord(record, open);
    if (some.length > 0 && (some.length >= size.most.records || bytes + held > size.most.bytes)) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(opened);
    bytes += held;
  }
  if (some.length > 0) yield some;
}

function openedRecord(
  record: StreamRecord,
  open: (record: StreamRecord) => StreamMessage | undefined,
): { readonly held: number; readonly opened: OpenedRecord } {
  try {
    const message = open(record);
    return { held: message?.bytes.length ?? 0, opened: { record, message: () => message } };
  } catch (error) {
    const thrown = (): never => {
      throw error;
    };
    return { held: Infinity, opened: { record, message: thrown } };
  }
}
