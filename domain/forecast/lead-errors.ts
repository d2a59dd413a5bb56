/** A local name, as this is called for every value. */
const { abs } = Math;

/** Neighbouring leads whose errors are pooled, on either side, as a share of all leads. */
const NEIGHBOURS = 1 / 16;
/** Forecasts that must be known before intervals are tried on the next one. */
const LEAST_KNOWN = 20;
/** How far intervals that were wider than needed are narrowed: a quiet past promises less than a loud one warns. */
const QUIET = 0.5;
/** Leads that intervals are tried on, spread over all. */
const TRIED_LEADS = 8;

/** The errors of one forecast, first lead first, NaN where nothing was measured; `origin` is the number of the step that it was made after. */
export interface ErrorRow {
  readonly origin: number;
  readonly errors: Float64Array;
}

/** Intervals of one nominal probability: half their width at each lead (NaN for one without errors), and what share of past values they held. */
export interface LeadIntervals {
  readonly nominal: number;
  readonly coverage: number | null;
  readonly halfWidths: Float64Array;
}

/**
 * The errors of past forecasts for each lead, the newest ones only (memory is `leads` times `most` numbers), and intervals from them by split conformal prediction (Lei et al., J. Am.
 * Stat. Assoc. 113, 2018): as wide as the quantile of the absolute errors, with its rank raised for the value to come. Errors of neighbouring leads count together, each by the mean
 * error of its lead.
 */
export class LeadErrors {
  private readonly rows: ErrorRow[] = [];

  constructor(
    readonly leads: number,
    readonly most: number,
  ) {}

  /** Adds a forecast; later ones last. */
  add(row: ErrorRow): void {
    this.rows.push(row);
    if (this.rows.length > this.most) this.rows.shift();
  }

  /**
   * Intervals by nominal probability (0 to 1). They are first made at each past forecast from what was known by then and held against what came: `coverage` is the share of values inside,
   * null with too few forecasts. Where a series changes in its ways past errors alone promise too much, so today's are wider by as much as those would have had to be.
   */
  intervals(nominals: readonly number[]): readonly LeadIntervals[] {
    const trials = this.trials(nominals);
    const leads = Array.from({ length: this.leads }, (_, lead) => lead);
    const widths = widthsOf(this.rows, leads, this.leads, nominals);
    return nominals.map((nominal, k) => {
      const ratios = Float64Array.from(trials[k] ?? []).sort();
      const known = ratios.length >= LEAST_KNOWN;
      const needed = known ? quantile(ratios, nominal) : 1;
      const factor = needed > 1 ? needed : 1 - QUIET * (1 - needed);
      const coverage = known ? ratios.filter((ratio) => ratio <= 1).length / ratios.length : null;
      return { nominal, coverage, halfWidths: (widths[k] ?? new Float64Array(this.leads)).map((width) => width * factor) };
    });
  }

  /** Errors over the half widths of intervals that were made before, for each nominal probability. */
  private trials(nominals: readonly number[]): readonly (readonly number[])[] {
    const count = Math.min(TRIED_LEADS, this.leads);
    const leads = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * this.leads) / count));
    const ratios = nominals.map((): number[] => []);
    for (const { origin, errors } of this.rows) {
      const known = this.rows.filter((row) => row.origin + this.leads <= origin);
      if (known.length < LEAST_KNOWN) continue;
      widthsOf(known, leads, this.leads, nominals).forEach((widths, k) =>
        leads.forEach((lead, i) => {
          const ratio = abs(errors[lead] ?? NaN) / (widths[i] ?? NaN);
          if (ratio >= 0) ratios[k]?.push(ratio);
        }),
      );
    }
    return ratios;
  }
}

/** Half widths at some leads, from some forecasts, for each nominal probability. */
function widthsOf(rows: readonly ErrorRow[], wanted: readonly number[], leads: number, nominals: readonly number[]): readonly Float64Array[] {
  const reach = Math.floor(leads * NEIGHBOURS);
  const offsets = [...new Set([-reach, -(reach >> 1), 0, reach >> 1, reach])];
  const apart = ((rows.at(-1)?.origin ?? 0) - (rows[0]?.origin ?? 0)) / leads + 1;
  const scales = new Map<number, number>();
  const scaleAt = (lead: number): number => {
    const scale = scales.get(lead) ?? meanError(rows, lead);
    scales.set(lead, scale);
    return scale;
  };
  const widths = nominals.map(() => new Float64Array(wanted.length).fill(NaN));
  wanted.forEach((lead, i) => {
    const around = offsets.map((offset) => lead + offset).filter((at) => at >= 0 && at < leads && scaleAt(at) >= 0);
    if (around.length === 0) return;
    const scale = around.reduce((sum, at) => sum + scaleAt(at) / around.length, 0);
    const sorted = scaledErrors(rows, around, scaleAt);
    // Errors of one forecast at neighbouring leads resemble each other: they count as one. Those of forecasts for the same time resemble each other in part.
    const count = sorted.length / around.length;
    const independent = Math.sqrt(count * Math.min(count, apart));
    nominals.forEach((nominal, k) => {
      const width = widths[k];
      if (width) width[i] = scale * quantile(sorted, Math.min(1, ((independent + 1) * nominal) / independent));
    });
  });
  return widths;
}

function scaledErrors(rows: readonly ErrorRow[], around: readonly number[], scaleAt: (lead: number) => number): Float64Array {
  const ratios = new Float64Array(rows.length * around.length);
  let count = 0;
  for (const at of around) {
    const scale = scaleAt(at);
    for (const { errors } of rows) {
      const error = abs(errors[at] ?? NaN);
      if (!(error >= 0)) continue;
      ratios[count] = scale > 0 ? error / scale : 0;
      count += 1;
    }
  }
  return ratios.subarray(0, count).sort();
}

function meanError(rows: readonly ErrorRow[], lead: number): number {
  let sum = 0;
  let count = 0;
  for (const { errors } of rows) {
    const error = abs(errors[lead] ?? NaN);
    if (!(error >= 0)) continue;
    sum += error;
    count += 1;
  }
  return count === 0 ? NaN : sum / count;
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const from = sorted[low] ?? NaN;
  return from + (place - low) * ((sorted[low + 1] ?? from) - from);
}
