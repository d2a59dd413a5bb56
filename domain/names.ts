/** Lists of the words that the whole house uses; types are derived from them so that a schema and a type never differ. */

/** States of an incident, in the order of the usual path. */
export const STATUSES = [
  'open',
  'triaged',
  'diagnosed',
  'awaiting-approval',
  'remediating',
  'verifying',
  'watching',
  'resolved',
  'escalated',
  'handed-over',
] as const;
/** State of an incident. */
export type IncidentStatus = (typeof STATUSES)[number];

/** Severities, worst first. */
export const SEVERITIES = ['sev1', 'sev2', 'sev3', 'sev4'] as const;
/** Severity of an alert or an incident; sev1 is the worst. */
export type Severity = (typeof SEVERITIES)[number];

/** Kinds of cause that a diagnosis can name. */
export const CAUSES = ['bad-release', 'resource-exhaustion', 'dependency-failure', 'traffic-surge', 'failed-build', 'undetermined'] as const;
/** Kind of cause; `undetermined` is a valid answer. */
export type CauseKind = (typeof CAUSES)[number];

/** Roles of a person, least powerful first; each includes the ones before it. */
export const ROLES = ['viewer', 'responder', 'approver', 'admin'] as const;
/** Role of a person at the doors. */
export type Role = (typeof ROLES)[number];

/** Rungs of autonomy, most cautious first: only look, record what it would have done, tell, ask, act after a time in which a person may object, act. */
export const RUNGS = ['observe', 'shadow', 'suggest', 'approve', 'veto', 'auto'] as const;
/** What may be done with a runbook: policy says the most, its record and the grants of people say how much of that. */
export type Rung = (typeof RUNGS)[number];

/** Modes of policy, most cautious first. */
export const MODES = [...RUNGS] as const;
/** What policy allows for a runbook at most. */
export type PolicyMode = Rung;

/** Verdicts of a verification. */
export const VERDICTS = ['recovered', 'unchanged', 'worse', 'partial', 'unknown'] as const;
/** Result of measuring again after a remedy; no data is `unknown`, never `recovered`. */
export type Verdict = (typeof VERDICTS)[number];

/** Who carried a runbook out: Nightshift, a person by hand (as in `shadow` and `suggest`), or nobody. */
export type ActedBy = 'nightshift' | 'person' | 'nobody';

/** Criticality tiers of a service, most critical first. */
export const TIERS = ['critical', 'standard', 'low'] as const;
/** Criticality tier of a service. */
export type Tier = (typeof TIERS)[number];
