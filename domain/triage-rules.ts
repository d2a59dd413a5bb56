import { zoneClock } from './local-time';
import type { Severity, Tier } from './names';
import { globFits } from './quiet/match';

/** How much is hurt, and how soon it must be mended; worst first. */
export const LEVELS = ['high', 'medium', 'low'] as const;
/** How bad an impact or an urgency is. */
export type Level = (typeof LEVELS)[number];

/** Days of the week, as the wall shows them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When people work: days, and times such as `08:00` in an IANA zone; the start is part of it and the end not. */
export interface BusinessHours {
  readonly zone: string;
  readonly days: readonly (typeof WEEKDAYS)[number][];
  readonly from: string;
  readonly to: string;
}

/** What must hold for a rule; what is absent holds. */
export interface TriageCondition {
  readonly environment?: string;
  readonly service?: string;
  readonly tier?: Tier;
  /** Of any alert that counts, such as `errorShare`. */
  readonly signal?: string;
  /** Name of any alert that counts; `*` stands for any characters. */
  readonly alert?: string;
  /** Share of requests that fail now, at least. */
  readonly errorShare?: number;
  /** Requests that failed in the window that is looked at, at least. */
  readonly failedRequests?: number;
  /** Whether it is as good as down. */
  readonly down?: boolean;
  /** Whether all is prediction, and nothing is broken yet. */
  readonly foretold?: boolean;
  readonly hours?: 'business' | 'other';
}

/** A rule that says how large an impact or an urgency is. */
export interface TriageRule {
  readonly when: TriageCondition;
  readonly impact?: Level;
  readonly urgency?: Level;
  readonly reason?: string;
}

/** Severity by impact; the three of each are those of high, medium and low urgency. */
export type SeverityMatrix = Readonly<Record<Level, readonly [Severity, Severity, Severity]>>;

/** Declared rules of triage. */
export interface TriageRules {
  readonly rules: readonly TriageRule[];
  readonly matrix: SeverityMatrix;
  readonly hours?: BusinessHours;
}

/** Without any rule: what the tier of a service and its being down or not make of it (`limitSeverity`). */
export const DEFAULT_TRIAGE: TriageRules = {
  rules: [],
  matrix: { high: ['sev1', 'sev2', 'sev3'], medium: ['sev2', 'sev3', 'sev4'], low: ['sev3', 'sev4', 'sev4'] },
};

/** What rules are asked about; `at` is the time now, epoch milliseconds. */
export interface TriageFacts {
  readonly environment: string;
  readonly service: string;
  readonly tier?: Tier | undefined;
  readonly alerts: readonly { readonly name: string; readonly signal?: string }[];
  /** Null where it is not measured. */
  readonly errorShare: number | null;
  readonly failedRequests: number | null;
  readonly down: boolean;
  readonly foretold: boolean;
  readonly at: number;
}

/** What the rules say of one of the two, the worst of those that fit, and why. */
export interface RuledLevel {
  readonly level: Level;
  readonly reason: string;
}

/** The impact or the urgency that the rules declare; undefined where none that fits speaks of it. */
export function ruledLevel(rules: TriageRules, what: 'impact' | 'urgency', facts: TriageFacts): RuledLevel | undefined {
  return rules.rules
    .flatMap((rule, i) => {
      const level = rule[what];
      if (level === undefined || !holds(rule.when, facts, rules.hours)) return [];
      const scope = conditionText(rule.when);
      return [{ level, reason: `${what} ${level}: rule ${String(i + 1)} (${scope})${rule.reason === undefined ? '' : `, ${rule.reason}`}` }];
    })
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))[0];
}

/** What a matrix makes of an impact and an urgency. */
export function severityOf(matrix: SeverityMatrix, impact: Level, urgency: Level): Severity {
  return matrix[impact][LEVELS.indexOf(urgency)] ?? 'sev4';
}

/** True while people work. */
export function inHours({ zone, days, from, to }: BusinessHours, at: number): boolean {
  const wall = new Date(zoneClock(zone).wall(at));
  const day = WEEKDAYS[(wall.getUTCDay() + 6) % 7];
  const time = wall.toISOString().slice(11, 16);
  return day !== undefined && days.includes(day) && from <= time && time < to;
}

function holds(when: TriageCondition, facts: TriageFacts, hours: BusinessHours | undefined): boolean {
  const named = (wanted: string | undefined, actual: string): boolean => wanted === undefined || wanted === '*' || wanted === actual;
  const least = (wanted: number | undefined, actual: number | null): boolean => wanted === undefined || (actual !== null && actual >= wanted);
  const same = (wanted: boolean | undefined, actual: boolean): boolean => wanted === undefined || wanted === actual;
  return (
    named(when.environment, facts.environment) &&
    named(when.service, facts.service) &&
    (when.tier === undefined || when.tier === facts.tier) &&
    (when.signal === undefined || facts.alerts.some(({ signal }) => signal === when.signal)) &&
    (when.alert === undefined || facts.alerts.some(({ name }) => globFits(when.alert, name))) &&
    least(when.errorShare, facts.errorShare) &&
    least(when.failedRequests, facts.failedRequests) &&
    same(when.down, facts.down) &&
    same(when.foretold, facts.foretold) &&
    (when.hours === undefined || (hours !== undefined && inHours(hours, facts.at) === (when.hours === 'business')))
  );
}

function conditionText(when: TriageCondition): string {
  const parts = Object.entries(when).map(([name, value]) => `${name} ${String(value)}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
