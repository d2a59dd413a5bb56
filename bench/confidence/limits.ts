import type { ConfidenceResult } from './confidence';
import { keepsOrSays } from './decay';

/** What was not reached, a sentence each. */
export function failuresOf({ granted, outcomesUntilGranted, outcomesUntilDemoted, ...result }: ConfidenceResult): string[] {
  const limits: [boolean, string][] = [
    [granted['0.93'] <= 0.01, `A runbook of 0.93 was granted autonomy in ${String(granted['0.93'])} of runs, more than 0.01.`],
    [granted['0.949'] <= 0.05, `A runbook of 0.949 was granted autonomy in ${String(granted['0.949'])} of runs, more than 0.05.`],
    [
      outcomesUntilGranted.within400 >= 0.9,
      `A runbook of 0.99 was granted within 400 outcomes in ${String(outcomesUntilGranted.within400)} of runs, fewer than 0.9.`,
    ],
    [granted['useless0.99'] + granted['useless0.96'] === 0, 'A runbook that adds nothing to healing alone was granted autonomy.'],
    [outcomesUntilDemoted.afterHarm === 1, `A harm took ${String(outcomesUntilDemoted.afterHarm)} outcomes to demote.`],
    ...[outcomesUntilDemoted.afterFall, outcomesUntilDemoted.afterFallLate].map(({ within10 }): [boolean, string] => [
      within10 >= 0.99,
      `A fall to 0.5 demoted within 10 outcomes in ${String(within10)} of runs, fewer than 0.99.`,
    ]),
    [result.keptAuto.share >= 0.8, `A runbook of 0.99 kept auto for ${String(result.keptAuto.share)} of its outcomes, less than 0.8.`],
    [result.keptAuto.long >= 0.8, `A runbook of 0.99 kept auto for ${String(result.keptAuto.long)} of 5,000 outcomes, less than 0.8.`],
    [result.expectedCalibrationError <= 0.05, `The calibration error is ${String(result.expectedCalibrationError)}, more than 0.05.`],
    [result.decay.every(keepsOrSays), 'Decay keeps fewer than 300 outcomes, and the standing does not say that the gate is out of reach.'],
    [result.pool.filter(({ odd }) => odd <= 0.85).every(({ oddGranted }) => oddGranted <= 0.05), 'Like services hid one that is worse.'],
  ];
  return limits.filter(([reached]) => !reached).map(([, text]) => text);
}
