import type { Alert } from '../alert';
import type { Condition } from '../quiet/condition';
import { judgeAlerts, type GateFacts } from '../quiet/gate';
import type { GateResult } from '../quiet/gate-draft';
import { reviewConditions } from '../quiet/gate-review';
import type { QuietRules } from '../quiet/rules';
import { readySilence, type Silence } from '../quiet/silence';
import type { PlacedPage } from './places';

/** What the engine's own gate would have made of a page: on to an incident, still waiting at the end, or folded, with why. */
export type Fate = 'delivered' | 'held' | 'settled' | 'counted' | 'silenced' | 'flapping' | 'newer';

interface Message {
  readonly at: number;
  readonly page: string;
  readonly alert: Alert;
}

/** Runs the messages of the past, in their order, through the gate of the live engine under these rules and silences. Returns the fate of each page by its id. */
export function replayGate(pages: readonly PlacedPage[], rules: QuietRules, silences: readonly Silence[]): ReadonlyMap<string, Fate> {
  const ready = silences.flatMap((silence) => usable(silence));
  const messages = pages.flatMap(messagesOf).sort((a, b) => a.at - b.at);
  const fates = new Map<string, Fate>();
  const known = new Map<string, Condition>();
  let heldCount = 0;
  const firing = (position: number): string | undefined => {
    const message = messages[position - 1];
    return message?.alert.status === 'firing' ? message.page : undefined;
  };
  const take = (result: GateResult): void => {
    const tell = (position: number, fate: Fate): void => {
      const page = firing(position);
      if (page !== undefined) fates.set(page, fate);
    };
    result.deliver.forEach((position) => tell(position, 'delivered'));
    result.hold.forEach(({ position }) => tell(position, 'held'));
    result.fold.forEach(({ position, fold }) => tell(position, fold));
    result.release.forEach((position) => tell(position, 'delivered'));
    for (const [key, condition] of result.changes) {
      if (condition) known.set(key, condition);
      else known.delete(key);
    }
    heldCount = result.heldCount;
  };
  messages.forEach(({ at, alert }, index) => {
    const facts = (): GateFacts => ({ rules, silences: ready, acted: new Set(), heldCount, mostHeld: Infinity });
    take(reviewConditions(known, facts(), at));
    take(judgeAlerts(known, [{ position: index + 1, alert, receivedAt: at }], facts(), at));
  });
  return fates;
}

function messagesOf({ id, alert, begin, end }: PlacedPage): Message[] {
  const first = { at: begin, page: id, alert };
  return end === undefined ? [first] : [first, { at: end, page: id, alert: { ...alert, status: 'resolved', endsAt: new Date(end).toISOString() } }];
}

function usable(silence: Silence) {
  try {
    return [readySilence(silence)];
  } catch {
    return [];
  }
}
