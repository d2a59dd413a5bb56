import type { ConfidenceOutcome } from './outcome';
import { leftAfter } from './settings';
import type { ConfidenceSettings } from './settings';
import { levelsWith, Wagers } from './wagers';

/** How often incidents heal when nobody acts: what a runbook must add to. */
export class HealingAlone {
  /** Bets on incidents that do not heal. */
  private readonly wagers = new Wagers(levelsWith([]));
  private lastAt = 0;
  incidents = 0;
  healed = 0;

  constructor(private readonly settings: ConfidenceSettings) {}

  /** Takes in an incident that nobody acted on, as so much of one (0 to 1), in order of time; one of which nobody can tell is left out. */
  add({ verdict, at }: Pick<ConfidenceOutcome, 'verdict' | 'at'>, weight = 1): void {
    if (verdict === 'unknown') return;
    const healed = verdict === 'recovered';
    this.wagers.add(!healed, weight, this.left(at));
    this.lastAt = Math.max(this.lastAt, at);
    this.incidents += 1;
    if (healed) this.healed += 1;
  }

  /** Upper bound of the share that heals alone, valid at every look; 1 where nothing is known. */
  upper(now: number): number {
    return 1 - this.wagers.bound(this.risk, this.left(now));
  }

  /** How many more incidents that nobody acts on and that do not heal would bring the upper bound to a share; undefined beyond 1,000. */
  missing(share: number, now: number): number | undefined {
    const level = this.wagers.levels.find((l) => l >= 1 - share - 1e-9);
    if (level === undefined) return undefined;
    const trial = this.wagers.only(level, this.left(now));
    for (let n = 0; n <= 1000; n += 1) {
      if (trial.proves(level, this.risk)) return n;
      trial.add(true);
    }
    return undefined;
  }

  private get risk(): number {
    return this.settings.risk / 2;
  }

  private left(now: number): number {
    return leftAfter(now - this.lastAt, this.settings.halfLifeMs);
  }
}
