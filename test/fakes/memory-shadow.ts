import type { Transition } from '../../domain/incident-view';
import { blames } from '../../domain/rejection';
import type { RoundRecord } from '../../domain/replay/round';
import type { Rejection } from '../../domain/shadow/demotion';
import type { ShadowEntry } from '../../domain/shadow/entry';
import { endEntry, foldShadow } from '../../domain/shadow/fold';
import type { RoundStore, ShadowFilter, ShadowLedger } from '../../ports/shadow';

/** The shadow ledger in memory; changes on services are not looked at. */
export class MemoryShadow implements ShadowLedger {
  readonly rows = new Map<string, ShadowEntry>();

  note(transition: Transition): void {
    const { view } = transition;
    const own = [...this.rows.values()].filter(({ incidentId }) => incidentId === view.incidentId);
    for (const entry of foldShadow(own, transition)) this.rows.set(`${entry.incidentId}/${String(entry.round)}`, entry);
    for (const [key, entry] of this.rows) if (entry.incidentId === view.incidentId) this.rows.set(key, endEntry(entry, view, { changes: [], uses: [] }));
  }

  async list({ since, runbook, environment, service, limit }: ShadowFilter): Promise<readonly ShadowEntry[]> {
    return [...this.rows.values()]
      .filter(({ at, answer }) => Date.parse(at) >= since && answer.kind !== 'acted-alone')
      .filter((entry) => (runbook ?? entry.would.runbook) === entry.would.runbook && (environment ?? entry.environment) === entry.environment)
      .filter((entry) => (service ?? entry.would.suspect) === entry.would.suspect)
      .sort((a, b) => b.at.localeCompare(a.at))
      .slice(0, limit);
  }

  async rejections({ environment, cause, since, limit }: Parameters<ShadowLedger['rejections']>[0]): Promise<readonly Rejection[]> {
    return [...this.rows.values()]
      .filter((entry) => entry.environment === environment && entry.cause === cause && entry.answer.signed === true && blames(entry.answer.code))
      .map(({ incidentId, would, answer, at }) => ({
        ...{ incidentId, runbook: would.runbook, service: would.suspect, at: Date.parse(at) },
        code: answer.code ?? ('other' as const),
      }))
      .filter(({ at }) => at >= since)
      .sort((a, b) => b.at - a.at)
      .slice(0, limit);
  }
}

/** What rounds were judged by, in memory. */
export class MemoryRounds implements RoundStore {
  readonly rows = new Map<string, RoundRecord>();

  async keep(record: RoundRecord): Promise<void> {
    this.rows.set(`${record.incidentId}/${String(record.round)}`, structuredClone(record));
  }

  async ofIncident(incidentId: string): Promise<readonly RoundRecord[]> {
    return [...this.rows.values()].filter((row) => row.incidentId === incidentId).sort((a, b) => a.round - b.round);
  }
}
