import type { ConfidenceSettings } from '../../domain/confidence/settings';
import { plainBeta } from './peer';
import { play } from './simulate';
import type { World } from './simulate';

/** What became of one simulated runbook over its outcomes. */
export interface Life {
  /** Outcomes until it first acted alone; undefined where it never did. */
  readonly grantedAt: number | undefined;
  /** Outcomes after that, and at how many of them it was still or again on `auto`. */
  readonly after: number;
  readonly kept: number;
  /** Outcomes until the naive peer believed it to be above the gate. */
  readonly peerAt: number | undefined;
}

/** Follows a runbook of one true success. */
export function life(world: World, settings: ConfidenceSettings, outcomes: number): Life {
  let grantedAt: number | undefined;
  let peerAt: number | undefined;
  let kept = 0;
  const peer = plainBeta(settings.needs.auto.bound);
  play(world, settings, outcomes, ({ n, rung, verdict }) => {
    if (peer(verdict === 'recovered')) peerAt ??= n;
    if (grantedAt !== undefined && rung === 'auto') kept += 1;
    if (rung === 'auto') grantedAt ??= n;
    return false;
  });
  return { grantedAt, after: grantedAt === undefined ? 0 : outcomes - grantedAt, kept, peerAt };
}

/** How soon autonomy is lost, in outcomes from the change on. */
export interface Loss {
  /** Until it does not act alone without a veto any more; undefined where that never came. */
  readonly auto: number | undefined;
  /** Until it does not act alone in any way. */
  readonly alone: number | undefined;
  /** Outcomes of the hundred after the change, but for the first ten, at which it was on `auto`. */
  readonly autoLater: number;
}

/** Most outcomes until a runbook of 0.99 is granted; nearly all are long before. */
const PATIENCE = 3000;

/** A runbook of 0.99 that has been on `auto` for `held` outcomes or longer falls to another success; undefined where it was never granted. */
export function fall(seed: number, to: number, held: number, settings: ConfidenceSettings): Loss | undefined {
  let since: number | undefined;
  let granted = 0;
  const loss: { auto?: number; alone?: number } = {};
  let autoLater = 0;
  const success = (n: number): number => (since !== undefined && n > since ? to : 0.99);
  play({ seed, success, healsAlone: 0.1 }, settings, PATIENCE, ({ n, rung }) => {
    if (since === undefined) {
      if (rung === 'auto') granted ||= n;
      if (granted > 0 && n >= granted + held && rung === 'auto') since = n;
      return false;
    }
    const later = n - since;
    if (rung !== 'auto') loss.auto ??= later;
    if (rung !== 'auto' && rung !== 'veto') loss.alone ??= later;
    if (rung === 'auto' && later > 10) autoLater += 1;
    return later >= 100;
  });
  return since === undefined ? undefined : { auto: loss.auto, alone: loss.alone, autoLater };
}

/** A runbook of 0.99 on `auto` does one harm: outcomes until it does not act alone (1: with the harm itself), and until it is on `auto` again. */
export function harmOnce(seed: number, settings: ConfidenceSettings): { readonly until: number; readonly again: number | undefined } | undefined {
  let harmAt: number | undefined;
  let until: number | undefined;
  let again: number | undefined;
  const harm = (n: number): boolean => n === harmAt;
  play({ seed, success: () => 0.99, healsAlone: 0.1, harm }, settings, PATIENCE, ({ n, rung }) => {
    if (harmAt === undefined) {
      if (rung === 'auto') harmAt = n + 1;
    } else if (until === undefined) {
      if (rung !== 'auto' && rung !== 'veto') until = n - harmAt + 1;
    } else if (rung === 'auto') again ??= n - harmAt;
    return again !== undefined;
  });
  return until === undefined ? undefined : { until, again };
}
