import { MODES } from './model';
import type { CausesResult, Shares } from './score';

/** The result as a table for people. */
export function causesTable({ byMode, byFault, peers, heard, misses, runs, disturbed, repeated }: CausesResult): string {
  const row = (name: string, { causeRight, runbookRight, undeterminedRight }: Shares, more = ''): string =>
    `  ${name.padEnd(20)}${number(causeRight)}${number(runbookRight)}${number(undeterminedRight)}${more}\n`;
  return [
    `\n  ${''.padEnd(20)}${'cause'.padStart(10)}${'runbook'.padStart(10)}${'unknown'.padStart(10)}\n`,
    ...MODES.map((mode) => row(`model ${mode}`, byMode[mode], `  ${String(heard[mode])} of ${String(runs)} answers used`)),
    ...Object.entries(byFault).map(([fault, each]) => row(fault, each, `  ${String(each.runs)} runs`)),
    `  ${'newest change'.padEnd(20)}${number(peers.newestChange)}\n`,
    `  ${'loudest signal'.padEnd(20)}${number(peers.loudestSignal)}\n`,
    ...(repeated > 0 ? [`  ${String(repeated)} runs were played again, as the machine was too busy.\n`] : []),
    ...(disturbed > 0 ? [`  The machine was too busy in ${String(disturbed)} of ${String(runs)} runs, whose services were slow by themselves.\n`] : []),
    ...misses.map(
      ({ fault, seed, modes, said, disturbed: busy }) =>
        `  missed${busy ? ' on a busy machine' : ''}: ${fault}, seed ${String(seed)}, model ${modes.join(', ')}: ${said}\n`,
    ),
  ].join('');
}

function number(value: number | null): string {
  return (value === null ? '-' : value.toFixed(3)).padStart(10);
}
