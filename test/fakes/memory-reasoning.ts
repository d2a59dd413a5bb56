import { overBudget } from '../../domain/reasoning/budget';
import type { ReasoningLimits, Spent } from '../../domain/reasoning/budget';
import type { Opinion } from '../../domain/reasoning/opinion';
import type { OpinionStore, ReasoningBudget, SpendingKey } from '../../ports/reasoner';

/** Opinions in memory. */
export class MemoryOpinions implements OpinionStore {
  readonly rows = new Map<string, Opinion>();

  async save(opinion: Opinion): Promise<Opinion> {
    const key = `${opinion.incidentId}/${String(opinion.round)}`;
    const kept = this.rows.get(key) ?? opinion;
    this.rows.set(key, kept);
    return kept;
  }

  async ofRound(incidentId: string, round: number): Promise<Opinion | undefined> {
    return this.rows.get(`${incidentId}/${String(round)}`);
  }
}

/** What models cost, in memory. */
export class MemoryBudget implements ReasoningBudget {
  readonly rows = new Map<string, SpendingKey & Spent & { readonly day: string; readonly settled: boolean }>();

  async reserve(key: SpendingKey, most: Spent, limits: ReasoningLimits, at: number): Promise<{ readonly refused?: string }> {
    if (this.rows.has(nameOf(key))) return {};
    const day = new Date(at).toISOString().slice(0, 10);
    const refused = overBudget(
      limits,
      most,
      this.sum((row) => row.incidentId === key.incidentId),
      this.sum((row) => row.day === day),
    );
    if (refused !== undefined) return { refused };
    this.rows.set(nameOf(key), { ...key, ...most, day, settled: false });
    return {};
  }

  async settle(key: SpendingKey, spent: Spent): Promise<void> {
    const row = this.rows.get(nameOf(key));
    if (row && !row.settled) this.rows.set(nameOf(key), { ...row, ...spent, settled: true });
  }

  private sum(of: (row: SpendingKey & { readonly day: string }) => boolean): Spent {
    const rows = [...this.rows.values()].filter(of);
    return { tokens: rows.reduce((sum, each) => sum + each.tokens, 0), microUsd: rows.reduce((sum, each) => sum + each.microUsd, 0) };
  }
}

function nameOf({ incidentId, round, attempt }: SpendingKey): string {
  return `${incidentId}/${String(round)}/${String(attempt)}`;
}
