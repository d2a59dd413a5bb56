import { percent } from '../../domain/wording';
import type { ConfidenceResult, LossSummary } from './confidence';

/** The result for people. */
export function confidenceTable(result: ConfidenceResult): string {
  const { granted, peer, outcomesUntilGranted: until, outcomesUntilDemoted: demoted, outcomesUntilGrantedAgain: again } = result;
  const row = (name: string, ...values: readonly string[]): string => `  ${name.padEnd(44)}${values.map((value) => value.padStart(14)).join('')}\n`;
  const names = Object.keys(granted) as (keyof typeof granted)[];
  const fell = ({ p50, p95, most, asksP50, asksP95 }: LossSummary): string[] => [
    `${String(p50)} / ${String(p95)} / ${String(most)}`,
    `${String(asksP50)} / ${String(asksP95)}`,
  ];
  return [
    `\n  Gate ${percent(result.gate)}, ${String(result.seeds)} runs of ${String(result.outcomes)} outcomes\n\n`,
    row('granted, by true success', 'Nightshift', 'plain Beta'),
    ...names.map((name) => row(`  ${name}`, percent(granted[name]), percent(peer.granted[name]))),
    row('  0.99, within 400 outcomes', percent(until.within400), percent(peer.within400)),
    '\n',
    row('outcomes until granted (p50 / p90)', `${String(until.p50)} / ${String(until.p90)}`),
    row('  again after a harm', `${String(again.p50)} / ${String(again.p90)}`),
    row('outcomes until demoted', 'from auto', 'until it asks'),
    row('  after a harm', String(demoted.afterHarm), String(demoted.afterHarm)),
    row('  after a fall to 0.5 (p50 / p95 / most)', ...fell(demoted.afterFall)),
    row('  the same, 200 outcomes after the grant', ...fell(demoted.afterFallLate)),
    row('auto kept by 0.99, of 500 and of 5,000', percent(result.keptAuto.share), percent(result.keptAuto.long)),
    '\n',
    row('expected calibration error', 'calibrated', 'own score'),
    ...Object.entries(result.calibration).map(([name, { calibrated, own }]) => row(`  ${name}`, calibrated.toFixed(3), own.toFixed(3))),
    '\n',
    row('one of ten like services differs', 'like ones, p50', 'odd granted'),
    ...result.pool.map(({ odd, likeP50, oddGranted }) => row(`  ${String(odd)}`, likeP50 > 100 ? 'over 100' : String(likeP50), percent(oddGranted))),
    '\n  Outcomes that count after six years, by outcomes a day:\n',
    ...result.decay.map(
      ({ perDay, versionLasts, effectiveOutcomes, says }) =>
        `  ${String(perDay).padStart(6)}  ${versionLasts === undefined ? '' : `versions of ${String(versionLasts)}: `}${String(effectiveOutcomes).padStart(7)}  ${says}\n`,
    ),
  ].join('');
}
