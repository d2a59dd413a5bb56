import { RUNGS } from '../names';
import type { Rung } from '../names';
import { grantProblems } from './grant';
import type { AutonomyGrant } from './grant';
import type { StandingKey } from './outcome';
import { reachOf } from './reach';
import type { Reach } from './reach';
import type { BoundFrom, ConfidenceRecord } from './record';
import { actsAlone, earnedRung, harmsHeld, lacksFor, moreCautious, upliftOf } from './rungs';
import type { Danger } from './rungs';
import { lackText, reachTexts, recordTexts } from './standing-wording';

/** A grant by a person; `harms` are the times at which the runbook did harm where it holds, epoch milliseconds. */
export interface HeldGrant {
  readonly grant: AutonomyGrant;
  /** The signature was checked and holds. */
  readonly verified: boolean;
  readonly harms?: readonly number[];
}

/** What a standing is judged with beside the record. */
export interface StandingContext {
  readonly danger: Danger;
  /** The mode of policy, which no record and no grant exceeds. */
  readonly ceiling: Rung;
  /** Grants by persons; `verified` says that the signature was checked and holds. */
  readonly grants?: readonly HeldGrant[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Where a runbook stands for one kind of incident on one service, and why. */
export interface Standing {
  readonly key: StandingKey;
  /** What it may do now: the record's rung or a grant's, under policy. */
  readonly mode: Rung;
  /** What the record alone has earned. */
  readonly earned: Rung;
  /** Lower bound of the probability of verified recovery, valid at every look. */
  readonly bound: number;
  readonly boundFrom: BoundFrom;
  /** Outcomes that count, after decay. */
  readonly effectiveOutcomes: number;
  readonly outcomes: number;
  readonly recovered: number;
  readonly harmsHeld: number;
  /** Lower bound of what it adds to healing alone, and the incidents that this is known from. */
  readonly uplift: { readonly bound: number; readonly healsAloneAtMost: number; readonly untouched: number; readonly healed: number };
  readonly reach: Reach;
  /** The person whose grant it acts on, where it does. */
  readonly grantedBy?: string;
  /** Sentences for people. */
  readonly reasons: readonly string[];
  /** The next rung and what is missing for it, a sentence each; absent on the highest. */
  readonly next?: { readonly mode: Rung; readonly missing: readonly string[] };
}

/** What a runbook may do by its record, a person's grant and policy, with the reasons and what is missing for more. */
export function standing(record: ConfidenceRecord, context: StandingContext): Standing {
  const { danger, ceiling, now } = context;
  const earned = earnedRung(record, danger, now);
  const grants = grantsNow(record, context);
  const mode = moreCautious(grants.best === undefined ? earned : lessCautious(earned, grants.best.mode), ceiling);
  const next = RUNGS[RUNGS.indexOf(earned) + 1];
  const gate = record.settings.needs.auto.bound;
  const reach = reachOf(record, gate, now);
  const { bound, from } = record.bound(now);
  const { own, alone } = record;
  const uplift = { bound: upliftOf(record, now), healsAloneAtMost: alone.upper(now), untouched: alone.incidents, healed: alone.healed };
  return {
    ...{ key: record.key, mode, earned, bound, boundFrom: from, effectiveOutcomes: record.effective(now) },
    ...{ outcomes: own.outcomes, recovered: own.recovered, harmsHeld: harmsHeld(record, now), uplift, reach },
    ...(grants.best !== undefined && mode !== moreCautious(earned, ceiling) ? { grantedBy: grants.best.person } : {}),
    reasons: [
      ...recordTexts(record, now),
      ...(earned === 'auto' ? [] : reachTexts(reach, gate)),
      ...grants.texts,
      ...(mode === ceiling && RUNGS.indexOf(earned) > RUNGS.indexOf(ceiling) ? [`The record would allow ${earned}; policy says ${ceiling}.`] : []),
    ],
    ...(next === undefined ? {} : { next: { mode: next, missing: lacksFor(next, record, danger, now).map((lack) => lackText(lack, next, record, now)) } }),
  };
}

function grantsNow(record: ConfidenceRecord, { danger, grants = [], now }: StandingContext): { best: AutonomyGrant | undefined; texts: string[] } {
  const checked = grants.map(({ grant, verified, harms = [] }) => ({
    grant,
    problems: grantProblems(grant, { key: record.key, danger, verified, harms: [...record.own.harms, ...harms], now }),
  }));
  const held = checked.filter(({ problems }) => problems.length === 0).map(({ grant }) => grant);
  return {
    best: held.find(({ mode }) => mode === 'auto') ?? held[0],
    texts: [...held.map((g) => `${g.person} granted ${g.mode} until ${g.until}: ${g.reason}`), ...checked.flatMap(({ problems }) => problems.slice(0, 1))],
  };
}

function lessCautious(a: Rung, b: Rung): Rung {
  return moreCautious(a, b) === a ? b : a;
}

/** What is known of the incident at hand. */
export interface IncidentAtHand {
  /** Two sources that do not depend on each other support the cause. */
  readonly corroborated: boolean;
  /** Calibrated probability of recovery at the diagnosis' score; undefined while too few outcomes are known. */
  readonly calibrated: number | undefined;
}

/** Mode and confidence for one incident: a standing that acts alone asks a person where this diagnosis is not corroborated or is weaker than its record. */
export function modeForIncident(of: Standing, incident: IncidentAtHand, leastScore: number): { mode: Rung; confidence: number; reasons: string[] } {
  const confidence = Math.min(of.bound, incident.calibrated ?? of.bound);
  const doubts = [
    ...(incident.corroborated ? [] : ['A person is asked, as no second source supports the cause.']),
    ...(incident.calibrated !== undefined && incident.calibrated < leastScore
      ? [`A person is asked, as diagnoses with such a score led to recovery in ${Math.round(100 * incident.calibrated)} % of cases only.`]
      : []),
  ];
  return actsAlone(of.mode) && doubts.length > 0 ? { mode: 'approve', confidence, reasons: doubts } : { mode: of.mode, confidence, reasons: [] };
}
