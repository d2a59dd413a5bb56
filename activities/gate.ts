import { parseWorkflowId } from '../domain/identity';
import { routeAlert } from '../domain/routing';
import type { IncidentView } from '../domain/incident-view';
import type { Inventory } from '../domain/inventory';
import type { IncidentNotification } from '../domain/notification';
import type { Condition } from '../domain/quiet/condition';
import { judgeAlerts, mayFlap, type GateFacts } from '../domain/quiet/gate';
import type { GateResult } from '../domain/quiet/gate-draft';
import { reviewConditions } from '../domain/quiet/gate-review';
import type { QuietRules } from '../domain/quiet/rules';
import { calmText, flappingMessage, flappingText } from '../domain/quiet/wording';
import type { Clock } from '../ports/clock';
import type { QuietStore } from '../ports/quiet';
import type { IncidentReader, InboxItem } from '../ports/store';
import type { NoteTaker } from './notes';
import type { SilenceBook } from './silence-book';

/** What the gate works with. */
export interface GateDeps {
  readonly quiet: Pick<QuietStore, 'conditions' | 'record'>;
  readonly incidents: Pick<IncidentReader, 'list'>;
  readonly inventory: Inventory;
  readonly rules: QuietRules;
  readonly book: Pick<SilenceBook, 'ready'>;
  readonly clock: Clock;
  /** Writes into the timeline of an incident. */
  readonly notes: NoteTaker;
  /** Notifications were written. */
  readonly onWritten: () => void;
  readonly mostHeld?: number;
  /** Workflow that has a condition, where that is not the one of its service; none when absent. */
  readonly holder?: (condition: Condition) => Promise<string | undefined>;
}

/** The gate between inbox and workflows. */
export interface Gate {
  /** Of the oldest undelivered alerts, those that go on now. `again`: some were let go, and the inbox should be read once more. Throws when the store does not answer; then nothing has changed. */
  pass(items: readonly InboxItem[]): Promise<{ readonly items: readonly InboxItem[]; readonly again: boolean }>;
}

const MOST_HELD = 100_000;
/** How often it is looked whose time is over. */
const REVIEW_MS = 500;

/** Makes the gate of the one dispatcher on an inbox. It remembers in this process, and keeps in the store what must outlive it before anything depends on it. */
export function createGate(deps: GateDeps): Gate {
  const gate = new RememberingGate(deps);
  return { pass: (items) => gate.pass(items) };
}

/** What goes into the store, and the notes to write once it is there. */
interface News {
  readonly notifications: readonly IncidentNotification[];
  readonly drop: readonly string[];
  readonly announced: ReadonlyMap<string, Condition>;
  readonly notes: readonly { readonly workflowId: string; readonly text: string; readonly key: string }[];
}

class RememberingGate {
  private conditions: Map<string, Condition> | undefined;
  private heldCount = 0;
  private reviewedAt = -Infinity;

  constructor(private readonly deps: GateDeps) {}

  async pass(items: readonly InboxItem[]): Promise<{ items: readonly InboxItem[]; again: boolean }> {
    const known = await this.remembered();
    const now = this.deps.clock.now();
    const plain = { rules: this.deps.rules, silences: await this.deps.book.ready(), mostHeld: this.deps.mostHeld ?? MOST_HELD };
    const again = await this.review(known, { ...plain, acted: new Set(), heldCount: this.heldCount }, now);
    const acted = await this.actedOn(known, items);
    const result = judgeAlerts(known, items, { ...plain, acted, heldCount: this.heldCount }, now);
    await this.keep(result, now);
    return { items: items.filter(({ position }) => result.deliver.has(position)), again };
  }

  private async review(known: ReadonlyMap<string, Condition>, facts: GateFacts, now: number): Promise<boolean> {
    if (now >= this.reviewedAt && now - this.reviewedAt < REVIEW_MS) return false;
    const result = reviewConditions(known, facts, now);
    await this.keep(result, now);
    this.reviewedAt = now;
    return result.release.length > 0;
  }

  private async remembered(): Promise<Map<string, Condition>> {
    if (!this.conditions) {
      this.conditions = new Map((await this.deps.quiet.conditions()).map((each) => [each.key, each]));
      this.heldCount = [...this.conditions.values()].filter(({ held }) => held).length;
    }
    return this.conditions;
  }

  /** What followed an action of ours is no flapping: the incident looks after that itself. */
  private async actedOn(known: ReadonlyMap<string, Condition>, items: readonly InboxItem[]): Promise<ReadonlySet<string>> {
    const keys = mayFlap(known, items, this.deps.rules);
    const acted = new Set<string>();
    const views = new Map<string, IncidentView | undefined>();
    for (const key of keys) {
      const condition = known.get(key);
      if (!condition) continue;
      const place = JSON.stringify([condition.environment, condition.service, condition.source]);
      if (!views.has(place)) views.set(place, await this.incidentOf(condition));
      if (views.get(place)?.remediation) acted.add(key);
    }
    return acted;
  }

  private async incidentOf(condition: Condition): Promise<IncidentView | undefined> {
    const { environment } = condition;
    const home = routeAlert(this.deps.inventory, condition);
    const workflowId = (await this.deps.holder?.(condition)) ?? home.workflowId;
    const name = parseWorkflowId(workflowId);
    const service = name?.kind === 'incident' ? name.service : home.service;
    const { incidents } = await this.deps.incidents.list({ environment, service, open: true, limit: 20 });
    return incidents.find((view) => view.workflowId === workflowId);
  }

  private async keep(result: GateResult, now: number): Promise<void> {
    const { hold, fold, release, save, forget, changes } = result;
    if (changes.size === 0 && hold.length + fold.length + release.length === 0) return;
    const news = await this.newsOf(result, now);
    const { notifications, drop, announced } = news;
    const kept = save.map((each) => announced.get(each.key) ?? each);
    if (hold.length + fold.length + release.length + save.length + forget.length + notifications.length > 0) {
      await this.deps.quiet.record({ hold, fold, release, save: kept, forget, notifications, drop }, now);
    }
    this.adopt(result, announced);
    if (notifications.length > 0) this.deps.onWritten();
    // Before anything is delivered: an end that was let go may close the incident, and nothing can be noted after that.
    await Promise.all(news.notes.map(({ workflowId, text, key }) => this.deps.notes.note(workflowId, text, key)));
  }

  private adopt({ changes, heldCount }: GateResult, announced: ReadonlyMap<string, Condition>): void {
    for (const [key, condition] of changes) {
      if (condition) this.conditions?.set(key, announced.get(key) ?? condition);
      else this.conditions?.delete(key);
    }
    this.heldCount = heldCount;
  }

  /** Flapping is told of an incident, which may not be written yet: then it is told at a later look. */
  private async newsOf({ flapping, calmed }: GateResult, now: number): Promise<News> {
    const { rules } = this.deps;
    const news = {
      notifications: [] as IncidentNotification[],
      drop: [] as string[],
      announced: new Map<string, Condition>(),
      notes: [] as News['notes'][number][],
    };
    for (const condition of flapping) {
      const view = await this.incidentOf(condition);
      if (!view || !condition.flapping) continue;
      const text = flappingText(condition, rules.flapping);
      const message = flappingMessage(view, 'flapping', condition.flapping.since, text, now);
      news.notifications.push(message);
      news.drop.push(view.incidentId);
      news.announced.set(condition.key, { ...condition, flapping: { ...condition.flapping, announced: true } });
      news.notes.push({ workflowId: view.workflowId, text, key: message.id });
    }
    for (const { condition, still } of calmed) {
      const view = await this.incidentOf(condition);
      if (!view) continue;
      const text = calmText(condition, still);
      const message = flappingMessage(view, 'calm', condition.flapping?.since ?? now, text, now);
      // An incident that ends by this says so itself.
      if (still || view.status === 'handed-over' || view.remediation) news.notifications.push(message);
      news.notes.push({ workflowId: view.workflowId, text, key: message.id });
    }
    return news;
  }
}
