/** A share of 0 to 1 as a percentage for people: `0 %`, `0.4 %`, `23 %`; `unknown` for null. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return 'unknown';
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} %`;
}

/** Milliseconds of latency for people: `85 ms`, `1.2 s`; `unknown` for null. */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return 'unknown';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
