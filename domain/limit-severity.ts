import { SEVERITIES, type Severity, type Tier } from './names';

/** From this share of failing requests on, a service counts as down for its users. */
export const AS_GOOD_AS_DOWN = 0.5;

const WORST: Readonly<Record<Tier, number>> = { critical: 0, standard: 1, low: 2 };

/** Severity of a broken limit: the tier's worst when the service is as good as down, else one step milder. `value` is the share of errors where the signal is `errorShare`. */
export function limitSeverity(tier: Tier, signal: string, value?: number): Severity {
  const down = signal === 'silence' || (signal === 'errorShare' && (value ?? 0) >= AS_GOOD_AS_DOWN);
  return SEVERITIES[WORST[tier] + (down ? 0 : 1)] ?? 'sev4';
}
