import { setImmediate as breathe } from 'node:timers/promises';
import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import type { IncidentView } from '../domain/incident-view';
import { findService } from '../domain/inventory';
import { clip } from '../domain/plain-text';
import { changesBetween } from '../domain/replay/compare';
import { resultOf } from '../domain/replay/round';
import type { RoundFacts, RoundRecord } from '../domain/replay/round';
import type { Assessment } from '../domain/steps';
import type { RoundStore } from '../ports/shadow';
import type { IncidentReader, ProposalStore } from '../ports/store';
import type { ChangedRound, LeftRound, OtherRules, Replayed, WhatIf, WhatIfReport } from '../ports/what-if';
import { createDiagnosisActivities } from './diagnosis';
import type { DiagnosisDeps } from './diagnosis';
import { stepKey } from './judged-rounds';

/** What judging again works with: the diagnosis' deps as they are now, but for what was recorded. */
export interface WhatIfDeps {
  readonly diagnosis: Omit<DiagnosisDeps, 'proposals' | 'clock' | 'hands' | 'quiet' | 'lessons'>;
  readonly rounds: Pick<RoundStore, 'ofIncident'>;
  readonly incidents: Pick<IncidentReader, 'get' | 'list'>;
  /** Longest that one question may take, milliseconds; what is left then is told as `more`. */
  readonly mostMs?: number;
}

/** Incidents of one question; of a longer time the newest are judged. */
const MOST_INCIDENTS = 500;
const MOST_MS = 60_000;
const PAGE = 100;
/** Rounds that are named of those that are left out. */
const MOST_LEFT = 50;
const LONGEST_WHY = 300;

/** Judges recorded rounds again: frozen evidence, alerts and attempts as they were, catalogue and inventory as they are now. */
export function whatIf(deps: WhatIfDeps): WhatIf {
  let busy = false;
  return {
    async replay(which, rules) {
      if (busy) throw new NightshiftError('overloaded', 'Another replay is under way, and one is run at a time. Ask again in a moment.');
      busy = true;
      try {
        return await replayAll(deps, which, rules);
      } finally {
        busy = false;
      }
    },
  };
}

async function replayAll(deps: WhatIfDeps, which: Replayed, rules: OtherRules): Promise<WhatIfReport> {
  const until = performance.now() + (deps.mostMs ?? MOST_MS);
  const { views, more } = await incidentsOf(deps, which);
  const changed: ChangedRound[] = [];
  const left: LeftRound[] = [];
  let [incidents, rounds] = [0, 0];
  for (const view of views) {
    if (performance.now() > until) break;
    incidents += 1;
    for (const { round, record } of await roundsOf(deps, view)) {
      // Others use the process and the store too.
      await breathe();
      const judged = typeof record === 'string' ? record : await judgeAgain(deps, record, rules);
      if (typeof judged === 'string') left.push({ incidentId: view.incidentId, round, why: judged });
      else rounds += 1;
      if (typeof judged === 'object' && judged.changes.length > 0) changed.push(judged);
    }
  }
  return { incidents, rounds, changed, leftOut: left.length, left: left.slice(0, MOST_LEFT), more: more || incidents < views.length };
}

async function incidentsOf({ incidents }: WhatIfDeps, which: Replayed): Promise<{ readonly views: readonly IncidentView[]; readonly more: boolean }> {
  if ('incidentId' in which) {
    const view = await incidents.get(which.incidentId);
    if (!view) throw new NightshiftError('not_found', `There is no incident ${which.incidentId}.`);
    return { views: [view], more: false };
  }
  const views: IncidentView[] = [];
  let cursor: string | undefined;
  do {
    const page = await incidents.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const young = page.incidents.filter(({ openedAt }) => Date.parse(openedAt) >= which.since);
    views.push(...young);
    cursor = young.length < page.incidents.length ? undefined : page.next;
  } while (cursor !== undefined && views.length <= MOST_INCIDENTS);
  return { views: views.slice(0, MOST_INCIDENTS), more: views.length > MOST_INCIDENTS };
}

/** Each round that was begun, with its record or why there is none. */
async function roundsOf(
  { rounds }: WhatIfDeps,
  { incidentId, round, status }: IncidentView,
): Promise<readonly { round: number; record: RoundRecord | string }[]> {
  const records = new Map((await rounds.ofIncident(incidentId)).map((record) => [record.round, record]));
  const underway = status === 'open' || status === 'triaged' ? round : undefined;
  return Array.from({ length: Math.max(round, ...records.keys()) }, (_, i) => i + 1)
    .filter((each) => each !== underway || records.has(each))
    .map((each) => ({
      round: each,
      record: records.get(each) ?? 'it is not recorded by what it was judged: by a version before this one, or its investigation failed',
    }));
}

/** The round as it comes out by other rules, or why it cannot be judged. */
async function judgeAgain(deps: WhatIfDeps, record: RoundRecord, rules: OtherRules): Promise<ChangedRound | string> {
  const { incidentId, round, environment, service, result, facts } = record;
  if (result.runbook !== undefined && !findService(deps.diagnosis.inventory, environment, service))
    return `the configuration has no service ${service} in ${environment} any more`;
  const bundle = await deps.diagnosis.evidence.read(record.evidence).catch((error: unknown) => readProblem(error));
  if (bundle === undefined) return 'its frozen evidence is gone';
  if (typeof bundle === 'string') return bundle;
  const evidence = { read: async () => bundle };
  const after = await assess({ ...deps.diagnosis, evidence, ...rules }, record);
  const changes = changesBetween(result, resultOf(after));
  const now = changes.length > 0 && (await assess({ ...deps.diagnosis, evidence }, record));
  const already = now !== false && changesBetween(resultOf(now), resultOf(after)).length === 0;
  return { incidentId, round, environment, service, at: new Date(facts.at).toISOString(), changes, why: whyOf(after), already };
}

function readProblem(error: unknown): string {
  if (errorCode(error) !== 'internal') throw error;
  return errorMessage(error);
}

function assess(base: WhatIfDeps['diagnosis'], record: RoundRecord): Promise<Assessment> {
  return createDiagnosisActivities({ ...base, proposals: NOWHERE, ...recorded(record.facts) }).assess(record.input);
}

/** The world as it was: nobody is asked. What was not asked then keeps nothing back now. */
function recorded(facts: RoundFacts): Pick<DiagnosisDeps, 'clock' | 'hands' | 'quiet' | 'lessons'> {
  return {
    clock: { now: () => facts.at },
    hands: { unmet: async (_service, step) => facts.unmet[stepKey(step)] ?? undefined },
    quiet: { flapping: async () => facts.flapping },
    lessons: async () => new Map(Object.entries(facts.demotions)),
  };
}

/** Keeps nothing. */
const NOWHERE: ProposalStore = {
  saveRunbook: async () => undefined,
  runbook: async () => undefined,
  saveProposal: async () => undefined,
  proposal: async () => undefined,
  ofRound: async () => [],
};

function whyOf({ plan, diagnosis }: Assessment): string {
  if ('policy' in plan) return clip(plan.policy.reason, LONGEST_WHY);
  return clip(plan.kind === 'observe' ? (diagnosis.would?.reason ?? plan.reason) : plan.reason, LONGEST_WHY);
}
