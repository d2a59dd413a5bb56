import { failedBuilds } from './diagnose-builds';
import { suspectChanges } from './diagnose-changes';
import { factsOf, turnedBad, type Facts } from './diagnose-facts';
import { withRanking } from './diagnose-ranked';
import { exhaustedResource, failingDependencies, wellParts } from './diagnose-resources';
import { isExplaining, normalTraffic, trafficSurge, unclearTraffic, type Load } from './diagnose-traffic';
import { ENOUGH, FAILED_BUILD, TRIED } from './diagnose-weights';
import type { Attempt, Diagnosis, Hypothesis, RuledOut } from './diagnosis';
import type { EvidenceBundle } from './evidence';
import { humanDuration } from './human-time';
import { rankedIn } from './ranked-causes';

/** Verdicts that speak against the hypothesis that was acted on. */
const FAILED: readonly string[] = ['unchanged', 'worse', 'relapsed'];

/**
 * Ranks possible causes by rules over frozen evidence; the same bundle and attempts always give the same answer. A hypothesis counts from a score of 0.5 on; without one the
 * verdict is `undetermined`, with what was ruled out and what could not be learned. `ranked` is the ranking of the bundle where it was made already. Never names the same runbook with the same parameters twice.
 */
export function diagnose(bundle: EvidenceBundle, attempts: readonly Attempt[], ranked = rankedIn(bundle)): Diagnosis {
  const facts = factsOf(bundle, attempts);
  const traffic = trafficSurge(facts);
  // Where more of the service did not help, the load explains nothing any more.
  const load = isExplaining(traffic) && !failedAttempt(traffic.hypothesis, attempts) ? traffic : undefined;
  const changes = suspectChanges(facts, load);
  const untriedChanges = untried(changes.hypotheses, attempts);
  const resource = exhaustedResource(facts, { changes: untriedChanges, load });
  const dependencies = failingDependencies(facts, { changes: changes.hypotheses, load });
  const byRules = [...changes.hypotheses, ...[resource, traffic?.hypothesis].filter((h) => h !== undefined), ...dependencies, ...failedBuilds(facts)];
  const all = withRanking(facts, byRules, ranked);
  const weighed = all.map((hypothesis) => withAttempts(facts, hypothesis)).sort(byStrength(facts));
  const hypotheses = weighed.filter((h) => h.score >= ENOUGH);
  return {
    verdict: hypotheses.length > 0 ? 'determined' : 'undetermined',
    cause: hypotheses[0]?.cause ?? 'undetermined',
    hypotheses,
    ruledOut: [
      ...weighed.filter((h) => h.score < ENOUGH && h.score > 0).map((h) => tooWeak(h, { facts, attempts, load })),
      ...changes.ruledOut,
      ...dismissed(facts),
    ],
    unknown: unknowns(facts, traffic),
  };
}

function untried(hypotheses: readonly Hypothesis[], attempts: readonly Attempt[]): Hypothesis[] {
  return hypotheses.filter((h) => failedAttempt(h, attempts) === undefined);
}

function failedAttempt(hypothesis: Hypothesis, attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.find((a) => FAILED.includes(a.verdict) && (a.hypothesis === hypothesis.id || isSameRemedy(hypothesis, a)));
}

function isSameRemedy(hypothesis: Hypothesis, attempt: Attempt): boolean {
  if (hypothesis.runbook !== attempt.runbook) return false;
  const mine = Object.entries(hypothesis.parameters ?? {});
  return mine.length === Object.keys(attempt.parameters).length && mine.every(([name, value]) => attempt.parameters[name] === value);
}

/** What was tried speaks against its hypothesis, citing our own change where the evidence holds it; a remedy that was given once is not given again. */
function withAttempts(facts: Facts, hypothesis: Hypothesis): Hypothesis {
  const failed = failedAttempt(hypothesis, facts.attempts);
  const repeated = facts.attempts.some((a) => isSameRemedy(hypothesis, a));
  if (!failed && !repeated) return hypothesis;
  const { runbook: _runbook, parameters: _parameters, ...withoutRemedy } = hypothesis;
  const rest = repeated || failed?.hypothesis === hypothesis.id ? withoutRemedy : hypothesis;
  if (!failed) return rest;
  // That building it again did not help is no word against its having failed.
  if (rest.cause === 'failed-build') return { ...rest, score: Math.min(rest.score, FAILED_BUILD.tried) };
  const own = facts.own.filter((c) => c.leadMs < 0).map((c) => c.id);
  return { ...rest, score: Math.round(rest.score * TRIED * 1000) / 1000, contradicting: [...new Set([...rest.contradicting, ...own])] };
}

function byStrength(facts: Facts): (a: Hypothesis, b: Hypothesis) => number {
  const at = (h: Hypothesis) => Date.parse([...facts.changes, ...facts.further].find((c) => h.id === `change:${c.change.id}`)?.change.at ?? '1970-01-01');
  const told = (h: Hypothesis) => Number(h.supporting.every((id) => id === facts.logs?.id));
  // What only lines of a log say never goes before what was measured. Of two equally strong changes the newer one is undone first, as going further back undoes both.
  return (a, b) => told(a) - told(b) || b.score - a.score || at(b) - at(a) || (a.id < b.id ? -1 : 1);
}

interface WeighedBy {
  readonly facts: Facts;
  readonly attempts: readonly Attempt[];
  readonly load: Load | undefined;
}

function tooWeak(hypothesis: Hypothesis, { facts, attempts, load }: WeighedBy): RuledOut {
  const failed = failedAttempt(hypothesis, attempts);
  const evidence = [...new Set([...hypothesis.supporting, ...hypothesis.contradicting])].sort();
  const cited = evidence.length > 0 ? ` (${evidence.join(', ')})` : '';
  const reason = failed
    ? `${failed.runbook} was tried in round ${failed.round} and the result was ${failed.verdict}${cited}`
    : load && hypothesis.cause === 'bad-release'
      ? `the load explains the trouble, and nothing besides its time speaks for it${cited}`
      : onlyTimeAndLines(facts, hypothesis)
        ? `its time and new lines in the log speak for it, which is for a person to judge: nothing that was measured does${cited}`
        : hypothesis.cause === 'bad-release' && facts.metrics && hypothesis.contradicting.includes(facts.metrics.id)
          ? `requests were served well for a while after it, and nothing that was measured speaks for it besides its time${cited}`
          : `too little speaks for it${cited}`;
  return { title: hypothesis.title, reason, evidence };
}

function onlyTimeAndLines({ logs }: Facts, { cause, supporting }: Hypothesis): boolean {
  return cause === 'bad-release' && logs !== undefined && supporting.length === 2 && supporting.includes(logs.id);
}

function dismissed(facts: Facts): RuledOut[] {
  const result = wellParts(facts);
  const { noChange, logs } = facts;
  if (noChange)
    result.push({ title: 'A change', reason: `no change in the last ${humanDuration(noChange.sinceMs)} (${noChange.id})`, evidence: [noChange.id] });
  if (logs && !logs.patterns.some((p) => p.isNew && p.since > 0)) {
    result.push({ title: 'A new kind of error', reason: `no new warning or error in ${logs.linesRead} lines of the log (${logs.id})`, evidence: [logs.id] });
  }
  return [...result, ...normalTraffic(facts)];
}

function unknowns(facts: Facts, traffic: Load | undefined): string[] {
  const unmeasured = facts.neighbours.filter((n) => n.healthy === null).map((n) => `Whether ${n.service} answered normally: it was not measured (${n.id})`);
  return [
    ...facts.missing.map((m) => `${m.what}: ${m.reason} (${m.id})`),
    ...unmeasured,
    ...unclearTraffic(facts, traffic),
    ...(facts.metrics && !turnedBad(facts) ? [`What the alert saw: the numbers here are near normal (${facts.metrics.id})`] : []),
  ];
}
