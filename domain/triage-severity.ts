import { SEVERITIES, type Severity, type Tier } from './names';
import { DEFAULT_TRIAGE, LEVELS, ruledLevel, severityOf } from './triage-rules';
import type { Level, TriageFacts, TriageRules } from './triage-rules';

/** A severity, how it came about, and why in sentences. */
export interface JudgedSeverity {
  readonly severity: Severity;
  readonly impact: Level;
  readonly urgency: Level;
  readonly reasons: readonly string[];
}

/** What the alerts or the measurement say before any rule, and who says it. */
export interface FirstSeverity {
  readonly severity: Severity;
  /** Such as `the alert ErrorShareHigh says sev2`. */
  readonly says: string;
}

const BY_TIER: Readonly<Record<Tier, Level>> = { critical: 'high', standard: 'medium', low: 'low' };

/**
 * The severity by impact and urgency. Both come first from the tier of the service and from what was said at first, so that without rules that severity comes out again; then
 * declared rules say otherwise, and the matrix makes the severity.
 */
export function judgeSeverity(rules: TriageRules, first: FirstSeverity, facts: TriageFacts): JudgedSeverity {
  const plain = split(first.severity, facts.tier);
  const ruled = { impact: ruledLevel(rules, 'impact', facts), urgency: ruledLevel(rules, 'urgency', facts) };
  const impact = ruled.impact?.level ?? plain.impact;
  const urgency = ruled.urgency?.level ?? plain.urgency;
  const severity = severityOf(rules.matrix, impact, urgency);
  return {
    ...{ severity, impact, urgency },
    reasons: [
      ruled.impact?.reason ?? `impact ${impact}: ${impactReason(facts, impact, first)}`,
      ruled.urgency?.reason ?? `urgency ${urgency}: ${first.says}`,
      `impact ${impact} and urgency ${urgency} make ${severity}`,
    ],
  };
}

/** The impact nearest to the tier's, and the urgency, that make a severity in the matrix of the defaults. */
function split(severity: Severity, tier: Tier | undefined): { readonly impact: Level; readonly urgency: Level } {
  const home = LEVELS.indexOf(BY_TIER[tier ?? 'standard']);
  const cells = LEVELS.flatMap((impact, i) => LEVELS.map((urgency) => ({ impact, urgency, far: Math.abs(i - home) })));
  const fitting = cells.filter(({ impact, urgency }) => severityOf(DEFAULT_TRIAGE.matrix, impact, urgency) === severity).sort((a, b) => a.far - b.far);
  return fitting[0] ?? { impact: 'low', urgency: 'low' };
}

function impactReason({ service, tier }: TriageFacts, impact: Level, { severity, says }: FirstSeverity): string {
  const known = tier === undefined ? `${service} is not known` : `${service} is of tier ${tier}`;
  if (BY_TIER[tier ?? 'standard'] === impact) return known;
  const rank = SEVERITIES.indexOf(severity) < 2 ? 'so bad' : 'so mild';
  return `${known}, but ${says}, and nothing else is ${rank}`;
}
