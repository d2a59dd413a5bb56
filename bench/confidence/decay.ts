import { ENOUGH_OUTCOMES, reachOf } from '../../domain/confidence/reach';
import type { ConfidenceRecord } from '../../domain/confidence/record';
import type { ConfidenceSettings } from '../../domain/confidence/settings';
import { reachTexts } from '../../domain/confidence/standing-wording';
import { KEY, play } from './simulate';

/** What decay leaves of a record at one pace, after six years. */
export interface DecayResult {
  readonly perDay: number;
  /** Outcomes that a version of the runbook lasts; absent where it never changes. */
  readonly versionLasts?: number;
  readonly effectiveOutcomes: number;
  /** What the standing says of the gate: nothing, that it cannot be counted on, or that it cannot be reached. */
  readonly says: string;
}

const CASES: readonly { readonly perDay: number; readonly versionLasts?: number }[] = [
  ...[2, 1, 0.6, 0.4, 0.2, 0.1, 0.03].map((perDay) => ({ perDay })),
  { perDay: 1, versionLasts: 60 },
];
const DAYS = 6 * 365;

/** A runbook that truly recovers 95 %, so that it is not granted meanwhile, at several paces. */
export function benchDecay(settings: ConfidenceSettings): DecayResult[] {
  return CASES.map(({ perDay, versionLasts }) => {
    let last: { readonly record: ConfidenceRecord; readonly at: number } | undefined;
    const hash = (n: number): string => (versionLasts === undefined ? KEY.hash : `h${String(Math.floor(n / versionLasts))}`);
    // A failure each twentieth outcome, and none of them in a row: the record holds but never proves the gate.
    play({ seed: 1, success: (n) => (n % 20 === 10 ? 0 : 1), healsAlone: 0.1, perDay, hash }, settings, Math.floor(DAYS * perDay), ({ record, at }) => {
      last = { record, at };
      return false;
    });
    const world = versionLasts === undefined ? { perDay } : { perDay, versionLasts };
    if (!last) return { ...world, effectiveOutcomes: 0, says: '' };
    const { bound } = settings.needs.auto;
    const effectiveOutcomes = Math.round(last.record.effective(last.at) * 10) / 10;
    return { ...world, effectiveOutcomes, says: reachTexts(reachOf(last.record, bound, last.at), bound).join(' ') };
  });
}

/** True where a record keeps enough outcomes, or says that the gate is out of reach. */
export function keepsOrSays({ effectiveOutcomes, says, perDay }: DecayResult): boolean {
  return effectiveOutcomes >= Math.min(ENOUGH_OUTCOMES, Math.floor(DAYS * perDay)) || says !== '';
}
