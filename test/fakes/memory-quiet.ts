import type { Alert } from '../../domain/alert';
import type { Notification } from '../../domain/notification';
import type { Condition, Fold } from '../../domain/quiet/condition';
import type { Silence } from '../../domain/quiet/silence';
import type { GateRecord, HeldItem, QuietStore, SilenceStore } from '../../ports/quiet';
import type { InboxItem, SystemAudit } from '../../ports/store';

/** What the gate needs of an inbox in memory. */
interface Waiting {
  readonly waiting: InboxItem[];
}

/** What is held back, in memory, over an inbox in memory. */
export class MemoryQuiet implements QuietStore {
  readonly rows = new Map<string, Condition>();
  readonly heldRows = new Map<number, HeldItem>();
  readonly foldedRows: { readonly item: InboxItem; readonly fold: Fold }[] = [];

  constructor(
    private readonly inbox: Waiting,
    private readonly put: (notification: Notification) => Promise<void>,
  ) {}

  async conditions(): Promise<readonly Condition[]> {
    return [...this.rows.values()];
  }

  async conditionsOf(environment: string, service?: string): Promise<readonly Condition[]> {
    return [...this.rows.values()].filter((one) => one.environment === environment && (service === undefined || one.service === service));
  }

  async record({ hold, fold, release, save, forget, notifications }: GateRecord): Promise<void> {
    for (const { position, until, why } of hold) {
      const item = this.take(position);
      if (item) this.heldRows.set(position, { ...item, until, why });
    }
    for (const { position, fold: why } of fold) {
      const item = this.take(position);
      if (item) this.foldedRows.push({ item, fold: why });
    }
    for (const position of release) {
      const item = this.take(position);
      if (item) this.inbox.waiting.push(item);
    }
    this.inbox.waiting.sort((a, b) => a.position - b.position);
    for (const each of save) this.rows.set(each.key, each);
    for (const key of forget) this.rows.delete(key);
    for (const notification of notifications) await this.put(notification);
  }

  async held(limit: number): Promise<{ held: readonly HeldItem[]; count: number }> {
    const held = [...this.heldRows.values()].sort((a, b) => a.until - b.until);
    return { held: held.slice(0, limit), count: held.length };
  }

  async folded(): Promise<Partial<Record<Fold, number>>> {
    const counts: Partial<Record<Fold, number>> = {};
    for (const { fold } of this.foldedRows) counts[fold] = (counts[fold] ?? 0) + 1;
    return counts;
  }

  /** Takes an alert out of wherever it is. */
  private take(position: number): { readonly position: number; readonly alert: Alert; readonly receivedAt: number } | undefined {
    const held = this.heldRows.get(position);
    this.heldRows.delete(position);
    const [waiting] = splice(this.inbox.waiting, (item) => item.position === position);
    const [folded] = splice(this.foldedRows, ({ item }) => item.position === position);
    const found = held ?? waiting ?? folded?.item;
    return found && { position, alert: found.alert, receivedAt: found.receivedAt };
  }
}

function splice<T>(list: T[], fits: (one: T) => boolean): readonly T[] {
  const at = list.findIndex(fits);
  return at < 0 ? [] : list.splice(at, 1);
}

/** Silences in memory. */
export class MemorySilences implements SilenceStore {
  readonly rows = new Map<string, Silence>();

  constructor(private readonly audit: SystemAudit) {}

  async current(now: number): Promise<readonly Silence[]> {
    return [...this.rows.values()].filter(({ endsAt }) => endsAt > now).sort((a, b) => a.endsAt - b.endsAt);
  }

  async add(silence: Silence, by: string, at: string): Promise<void> {
    this.rows.set(silence.id, silence);
    await this.audit.append({ at, actor: `person:${by}`, kind: 'silence', summary: `silenced ${silence.id}` });
  }

  async end(id: string, by: string, at: string): Promise<Silence | 'unknown' | 'imported'> {
    const silence = this.rows.get(id);
    if (!silence || silence.endsAt <= Date.parse(at)) return 'unknown';
    if (silence.origin !== 'person') return 'imported';
    const ended = { ...silence, endsAt: Date.parse(at) };
    this.rows.set(id, ended);
    await this.audit.append({ at, actor: `person:${by}`, kind: 'silence', summary: `ended ${id}` });
    return ended;
  }

  async replace(from: string, silences: readonly Silence[], now: number): Promise<{ added: number; changed: number; ended: number }> {
    for (const each of this.rows.values()) if (each.from === from) this.rows.set(each.id, { ...each, endsAt: now });
    for (const each of silences) this.rows.set(each.id, each);
    return { added: silences.length, changed: 0, ended: 0 };
  }
}
