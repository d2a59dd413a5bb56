const DAY_MS = 86_400_000;

/** The places of a season: its hours where it is a day or longer (at most 168), else 24 equal parts. */
export class SeasonBins {
  readonly count: number;
  private readonly binMs: number;

  constructor(private readonly seasonMs: number) {
    this.count = Math.max(24, Math.min(168, Math.round((24 * seasonMs) / DAY_MS)));
    this.binMs = seasonMs / this.count;
  }

  /** The place of a time, epoch milliseconds. */
  of(at: number): number {
    const phase = at % this.seasonMs;
    return Math.min(this.count - 1, Math.floor((phase < 0 ? phase + this.seasonMs : phase) / this.binMs));
  }
}
