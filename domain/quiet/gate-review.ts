import type { Condition } from './condition';
import { calmAt } from './flapping';
import type { GateFacts } from './gate';
import { GateDraft, type GateResult } from './gate-draft';
import type { QuietRules } from './rules';
import { silenceText, silencing } from './silence';

/** What time has changed: what waited long enough goes on, what never came often enough is folded, what is calm flaps no more, and what is over is forgotten. */
export function reviewConditions(before: ReadonlyMap<string, Condition>, facts: GateFacts, now: number): GateResult {
  const draft = new GateDraft(before, facts.heldCount);
  const keepMs = longestMemory(facts.rules);
  for (const condition of before.values()) {
    if (condition.held) reviewHeld(draft, condition, facts, now);
    else if (condition.flapping) reviewFlapping(draft, condition, facts, now);
    else if (now - condition.lastAt >= keepMs) draft.forget(condition.key);
  }
  return draft.result();
}

function longestMemory({ conditions, flapping }: QuietRules): number {
  return Math.max(flapping.withinMs, ...conditions.map(({ require }) => require?.withinMs ?? 0));
}

function reviewHeld(draft: GateDraft, condition: Condition, { silences }: GateFacts, now: number): void {
  const { held, ...rest } = condition;
  if (!held || (held.kind !== 'silence' && now < held.until)) return;
  const silence = silencing(silences, held.of, now);
  if (held.kind === 'count' && !silence) {
    draft.foldIn(held.position, 'counted');
    return draft.set(rest);
  }
  if (silence) {
    const why = silenceText(silence);
    if (held.kind === 'silence' && held.until === silence.endsAt && held.why === why) return;
    const longer = { ...held, kind: 'silence' as const, until: silence.endsAt, why };
    draft.holdBack(longer);
    return draft.set({ ...rest, held: longer });
  }
  draft.release(held.position);
  draft.set({ ...rest, told: 'firing' });
}

function reviewFlapping(draft: GateDraft, condition: Condition, { rules }: GateFacts, now: number): void {
  const { flapping, ...rest } = condition;
  if (!flapping) return;
  if (now < calmAt(flapping.changedAt, rules.flapping)) {
    // Somebody has to be told; the incident may not be written yet.
    if (!flapping.announced) draft.set(condition);
    return;
  }
  const ended = condition.status === 'resolved';
  if (ended && condition.told === 'firing') draft.release(flapping.last);
  draft.set({ ...rest, changes: [], told: condition.status });
  draft.calmed.push({ condition, still: !ended });
}
