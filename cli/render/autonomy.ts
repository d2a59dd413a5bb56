import type { StandingView } from '../../domain/confidence/standing-view';
import { plainText } from '../../domain/plain-text';
import { percent } from '../../domain/wording';
import type { Style } from './style';
import { wrap } from './wrap';

const INDENT = 4;
const MOST_WIDTH = 160;

/** Where each runbook stands: its mode, its numbers, why, and what is missing for the next rung. */
export function standingsText(standings: readonly StandingView[], { width, style }: { readonly width: number; readonly style: Style }): string {
  if (standings.length === 0)
    return 'No runbook can act on a service that fits: a service needs "hands", and a runbook a cause that it is for. See "nightshift runbook list".';
  return standings.map((each) => standingText(each, Math.min(width, MOST_WIDTH), style)).join('\n');
}

function standingText(of: StandingView, width: number, style: Style): string {
  const { runbook, service, environment, cause, mode, policy, earned, grantedBy } = of;
  const head = `${runbook.id} v${String(runbook.version)} for ${cause} on ${service} in ${environment}`;
  const from = grantedBy === undefined ? '' : `, granted by ${grantedBy}`;
  const modes = `${style.bold(mode)}${plainText(from)} (its record allows ${earned}; policy at most ${policy.mode})`;
  return [style.bold(plainText(head)), `  ${modes}`, `  ${numbersText(of)}`, ...bullets('why', of.reasons, width), ...nextLines(of, width), ''].join('\n');
}

function numbersText({ bound, boundFrom, effectiveOutcomes, outcomes, harmsHeld, uplift, gate }: StandingView): string {
  const way = gate.recoveries === 0 ? 'proven' : gate.recoveries === undefined ? 'cannot be reached' : `${String(gate.recoveries)} recoveries away`;
  return [
    `bound ${percent(bound)}${boundFrom === 'own' ? '' : ' with like services'}`,
    `outcomes ${String(Math.round(effectiveOutcomes))} of ${String(outcomes)} count`,
    `harms ${String(harmsHeld)}`,
    `uplift ${uplift.untouched === 0 ? 'unknown' : percent(uplift.bound)}`,
    `gate ${percent(gate.bound)} ${way}`,
  ].join(' · ');
}

function nextLines({ next }: StandingView, width: number): string[] {
  return next === undefined ? [] : bullets(`for ${next.mode}`, next.missing, width);
}

function bullets(title: string, sentences: readonly string[], width: number): string[] {
  const lines = sentences.flatMap((each) => wrap(plainText(each), width - INDENT - 2).map((line, i) => `${' '.repeat(INDENT)}${i === 0 ? '- ' : '  '}${line}`));
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines];
}
