import { standingNumbers, standingTitle } from '../../domain/confidence/standing-lines';
import type { StandingView } from '../../domain/confidence/standing-view';
import { plainText } from '../../domain/plain-text';
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
  const { mode, policy, earned, grantedBy } = of;
  const from = grantedBy === undefined ? '' : `, granted by ${grantedBy}`;
  const modes = `${style.bold(mode)}${plainText(from)} (its record allows ${earned}; policy at most ${policy.mode})`;
  return [
    style.bold(plainText(standingTitle(of))),
    `  ${modes}`,
    `  ${standingNumbers(of).join(' · ')}`,
    ...bullets('why', of.reasons, width),
    ...nextLines(of, width),
    '',
  ].join('\n');
}

function nextLines({ next }: StandingView, width: number): string[] {
  return next === undefined ? [] : bullets(`for ${next.mode}`, next.missing, width);
}

function bullets(title: string, sentences: readonly string[], width: number): string[] {
  const lines = sentences.flatMap((each) => wrap(plainText(each), width - INDENT - 2).map((line, i) => `${' '.repeat(INDENT)}${i === 0 ? '- ' : '  '}${line}`));
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines];
}
