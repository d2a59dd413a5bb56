import type { Alert } from '../alert';
import { formatDuration } from '../duration';
import { HEARTBEAT_SOURCE } from '../heartbeat';
import { conditionKey } from './condition';
import type { Condition, Fold, HoldKind } from './condition';
import { flaps, recentChanges } from './flapping';
import { GateDraft, type GateResult } from './gate-draft';
import { ruleFor, type ConditionRule, type QuietRules } from './rules';
import { matchedOf, silenceText, silencing, type ReadySilence } from './silence';

/** An alert at the gate. */
export interface GateItem {
  readonly position: number;
  readonly alert: Alert;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What the gate decides by. */
export interface GateFacts {
  readonly rules: QuietRules;
  readonly silences: readonly ReadySilence[];
  /** Keys of conditions that followed an action of ours, so that their changes are no flapping. */
  readonly acted: ReadonlySet<string>;
  /** Alerts that are held now, and at most: more go through. */
  readonly heldCount: number;
  readonly mostHeld: number;
}

/**
 * The gate between inbox and workflows: says of each alert whether it goes on now, waits, or is folded. Pure: the same alerts over the same memory give the same answer, and one
 * that was judged before goes on. `items` are in the order of the inbox.
 */
export function judgeAlerts(before: ReadonlyMap<string, Condition>, items: readonly GateItem[], facts: GateFacts, now: number): GateResult {
  const draft = new GateDraft(before, facts.heldCount);
  for (const item of items) judge(draft, item, facts, now);
  return draft.result();
}

/** Keys of conditions that this batch may show to flap. Whether actions of ours were the cause is asked for these only, as it costs a query. */
export function mayFlap(before: ReadonlyMap<string, Condition>, items: readonly GateItem[], { flapping }: QuietRules): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { alert, position } of items) {
    const key = conditionKey(alert);
    // What was judged before is read again while it is delivered.
    if (position <= (before.get(key)?.seen ?? 0)) continue;
    // A begin alone makes nothing flap, and a storm of them must cost nothing.
    if (alert.status === 'resolved' || before.has(key) || counts.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts].filter(([key, more]) => {
    const known = before.get(key);
    return !known?.flapping && (known?.changes.length ?? 1) + more >= flapping.changes;
  });
  return new Set(flapping.enabled ? keys.map(([key]) => key) : []);
}

function judge(draft: GateDraft, item: GateItem, facts: GateFacts, now: number): void {
  const { alert, position } = item;
  const key = conditionKey(alert);
  const known = alert.source === HEARTBEAT_SOURCE ? undefined : draft.get(key);
  if (alert.source === HEARTBEAT_SOURCE || (known && position <= known.seen)) return draft.deliverNow(position);
  if (!known && alert.status === 'firing' && !holdOf(item, undefined, facts, now)) return draft.deliverNow(position);
  const next = advanced(known ?? newCondition(key, item), item, facts);
  if (next.flapping) return foldFlapping(draft, next, item);
  if (alert.status === 'resolved') return end(draft, next, item, facts);
  begin(draft, next, item, facts, now);
}

/** One of which nothing was known: its begin was delivered, or is just what came. */
function newCondition(key: string, { alert, receivedAt }: GateItem): Condition {
  const { environment, service, fingerprint, name, source } = alert;
  const plain = { key, environment, service, fingerprint, name, source, seen: 0, lastAt: receivedAt, begun: [] };
  if (alert.status === 'firing') return { ...plain, status: 'resolved', changes: [] };
  return { ...plain, status: 'firing', told: 'firing', changes: [Math.min(receivedAt, Date.parse(alert.startsAt))] };
}

function advanced(known: Condition, { alert, position, receivedAt }: GateItem, { rules }: GateFacts): Condition {
  const changed = known.status !== alert.status;
  const changes = changed ? recentChanges([...known.changes, receivedAt], rules.flapping, receivedAt) : known.changes;
  return { ...known, seen: position, status: alert.status, lastAt: receivedAt, changes };
}

function foldFlapping(draft: GateDraft, next: Condition, { position, receivedAt }: GateItem): void {
  const { flapping } = next;
  if (!flapping) return;
  const changed = draft.get(next.key)?.status !== next.status;
  draft.foldIn(position, 'flapping');
  draft.set({ ...next, flapping: { ...flapping, folded: flapping.folded + 1, last: position, changedAt: changed ? receivedAt : flapping.changedAt } });
}

/** Why one that waits is folded when it ends. */
const FOLD_OF: Readonly<Record<HoldKind, Fold>> = { count: 'counted', settle: 'settled', silence: 'silenced' };

function end(draft: GateDraft, next: Condition, { position, receivedAt }: GateItem, { rules, acted }: GateFacts): void {
  const { held, ...rest } = next;
  if (held) {
    draft.foldIn(held.position, FOLD_OF[held.kind]);
    draft.foldIn(position, FOLD_OF[held.kind]);
    return draft.set(rest);
  }
  if (next.told === 'firing' && flaps(next.changes, rules.flapping)) {
    if (!acted.has(next.key)) {
      draft.foldIn(position, 'flapping');
      const since = next.changes[0] ?? receivedAt;
      return draft.set({
        ...next,
        flapping: { since, changes: next.changes.length, folded: 1, last: position, changedAt: receivedAt, announced: false },
      });
    }
    draft.set({ ...next, told: 'resolved', changes: [receivedAt] });
  } else draft.set({ ...next, told: 'resolved' });
  draft.deliverNow(position);
}

function begin(draft: GateDraft, next: Condition, item: GateItem, facts: GateFacts, now: number): void {
  const { position } = item;
  const { held: before, ...rest } = next;
  if (before) draft.foldIn(before.position, 'newer');
  const hold = draft.heldCount - (before ? 1 : 0) < facts.mostHeld ? holdOf(item, next, facts, now) : undefined;
  const begun = hold?.begun ?? [];
  if (!hold || hold.kind === undefined) {
    draft.set({ ...rest, begun, told: 'firing' });
    return draft.deliverNow(position);
  }
  const held = {
    position,
    at: item.receivedAt,
    until: hold.until,
    kind: hold.kind,
    why: hold.why,
    of: { ...matchedOf(item.alert), labels: { ...item.alert.labels } },
  };
  draft.holdBack(held);
  draft.set({ ...rest, begun, held });
}

interface Hold {
  /** Undefined where nothing holds it, and only its begin is counted. */
  readonly kind?: HoldKind;
  readonly until: number;
  readonly why: string;
  readonly begun: readonly number[];
}

/** What holds a begin back; undefined where nothing does and nothing is counted. */
function holdOf(item: GateItem, known: Condition | undefined, { rules, silences }: GateFacts, now: number): Hold | undefined {
  const of = matchedOf(item.alert);
  const silence = silencing(silences, of, now);
  if (silence) return { kind: 'silence', until: silence.endsAt, why: silenceText(silence), begun: known?.begun ?? [] };
  // What its workflow knows to fire is no news.
  const rule = known?.told === 'firing' ? undefined : ruleFor(rules.conditions, of);
  return rule && byRule(rule, item, known, now);
}

function byRule({ require, settleMs = 0 }: ConditionRule, { receivedAt }: GateItem, known: Condition | undefined, now: number): Hold | undefined {
  const begun = require ? [...(known?.begun ?? []).filter((at) => receivedAt - at < require.withinMs), receivedAt].slice(-require.count) : [];
  if (require && begun.length < require.count) {
    const until = receivedAt + require.withinMs;
    const why = `It began ${String(begun.length)} of ${String(require.count)} times within ${formatDuration(require.withinMs)}.`;
    return { kind: 'count', until, why, begun };
  }
  const until = receivedAt + settleMs;
  if (until > now) return { kind: 'settle', until, why: `It has to last ${formatDuration(settleMs)}.`, begun };
  return begun.length > 0 ? { until, why: '', begun } : undefined;
}
