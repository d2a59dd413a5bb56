import type { Verdict } from './names';

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

const VERDICTS: Readonly<Record<Verdict, string>> = {
  recovered: 'recovered',
  unchanged: 'unchanged (it did not help)',
  worse: 'worse (it made things worse)',
  partial: 'partial (it helped in part only)',
  unknown: 'unknown (nobody can tell whether it helped)',
};

/** What a measurement found, in words, before its figures: only `recovered` says that all is well. */
export function verdictText(verdict: Verdict, reason: string): string {
  return `${VERDICTS[verdict]}: ${reason}`;
}

/** A number for people, four digits: `0.25`, `1234`, `1.2e+9`. */
export function plainNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
