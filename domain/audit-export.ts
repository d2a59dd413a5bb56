import { z } from 'zod';
import { samePerson } from './approval-rules';
import { AUDIT_KINDS } from './audit';
import type { AuditRecord } from './audit';
import { LEDGER_START } from './ledger-walk';
import type { LedgerStart } from './ledger-walk';

/** What an export holds. */
export interface ExportChoice {
  /** ISO 8601, inclusive. */
  readonly from: string;
  /** ISO 8601, exclusive. */
  readonly to: string;
  /** Only incidents in which this person answered in that time, but each of them whole. */
  readonly approver?: string | undefined;
}

/** The first line of an export. */
export interface ExportHeader extends ExportChoice {
  readonly nightshift: 'audit-export';
  readonly format: 1;
  /** Behind which the records begin. */
  readonly start: LedgerStart;
  /** Records that are given whole; of every other one up to the signed head there is the hash. */
  readonly records: number;
}

/** Schema of a record as it stands in an export; what its members mean is told by their hash. */
export const exportedRecord: z.ZodType<AuditRecord> = z.looseObject({
  ...{ stream: z.string(), seq: z.int(), position: z.int(), at: z.string(), actor: z.string(), kind: z.enum(AUDIT_KINDS), summary: z.string() },
  ...{ prev: z.string(), hash: z.string(), ledger: z.string() },
});

/** Schema of the first line. */
export const exportHeader = z.looseObject({
  nightshift: z.literal('audit-export'),
  format: z.literal(1),
  from: z.string(),
  to: z.string(),
  approver: z.string().optional(),
  start: z.object({ position: z.int().min(0), ledger: z.string() }),
  records: z.int().min(0),
});

const ANSWERS: readonly string[] = ['decision', 'decision-refused', 'break-glass'];

/** Whether the record is an answer of this person, signed or not. */
export function isAnswerOf({ kind, actor }: Pick<AuditRecord, 'kind' | 'actor'>, person: string): boolean {
  const [, name] = /^(?:person|unverified):(.*)$/s.exec(actor) ?? [];
  return name !== undefined && ANSWERS.includes(kind) && samePerson(name, person);
}

/** Whether the record is of the chosen time. */
export function isWithin({ at }: Pick<AuditRecord, 'at'>, { from, to }: Pick<ExportChoice, 'from' | 'to'>): boolean {
  return at >= from && at < to;
}

interface Run {
  readonly start: LedgerStart;
  readonly last: number;
}

/** What is exported: the header, and which records are given whole. */
export interface ExportPlan {
  readonly header: ExportHeader;
  readonly whole: (record: Pick<AuditRecord, 'stream' | 'position'>) => boolean;
}

/** Decides what is exported, by a look at all records in the order of the ledger. */
export class ExportPlanner {
  private readonly streams = new Map<string, { readonly start: LedgerStart; records: number; chosen: boolean }>();
  private run: Run | undefined;
  /** The last record before the time. */
  private eve: Run | undefined;
  /** Where the record before the next one begins. */
  private previous: LedgerStart;
  private before: LedgerStart;

  constructor(private readonly choice: ExportChoice) {
    this.previous = this.before = LEDGER_START;
  }

  /** Takes the next record. */
  see(record: AuditRecord): void {
    const { approver, from, to } = this.choice;
    const within = isWithin(record, { from, to });
    const stream = this.streams.get(record.stream) ?? { start: this.before, records: 0, chosen: false };
    stream.records += 1;
    stream.chosen ||= within && approver !== undefined && isAnswerOf(record, approver);
    this.streams.set(record.stream, stream);
    if (within) this.run = { start: this.run?.start ?? this.previous, last: record.position };
    else if (record.at < from) this.eve = { start: this.before, last: record.position };
    this.previous = this.before;
    this.before = { position: record.position, ledger: record.ledger };
  }

  /** The plan, once all records were seen. A time is one run of the ledger with the records on either side of it, so that nothing can be left out of it unseen. */
  plan(): ExportPlan {
    return this.choice.approver === undefined ? this.planOfTime() : this.planOfStreams();
  }

  private planOfTime(): ExportPlan {
    const { start, last } = this.run ?? this.eve ?? { start: LEDGER_START, last: 0 };
    const whole: ExportPlan['whole'] = ({ position }) => position > start.position && position <= last + 1;
    return { header: this.header(start, Math.min(last + 1, this.before.position) - start.position), whole };
  }

  private planOfStreams(): ExportPlan {
    const chosen = new Map([...this.streams].filter(([, each]) => each.chosen));
    const all = [...chosen.values()].sort((a, b) => a.start.position - b.start.position);
    const records = all.reduce((sum, each) => sum + each.records, 0);
    return { header: this.header(all[0]?.start ?? this.before, records), whole: ({ stream }) => chosen.has(stream) };
  }

  private header(start: LedgerStart, records: number): ExportHeader {
    return { nightshift: 'audit-export', format: 1, ...this.choice, start, records };
  }
}
