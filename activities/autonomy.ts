import { compareText } from '../domain/compare';
import { DiagnosisCalibration } from '../domain/confidence/calibration';
import type { AutonomyGrant } from '../domain/confidence/grant';
import { verifyGrant } from '../domain/confidence/grant-signature';
import { alikeTo, scoresOf } from '../domain/confidence/ledger';
import type { ConfidenceOutcome, StandingKey } from '../domain/confidence/outcome';
import { recordOf } from '../domain/confidence/record';
import { actsAlone } from '../domain/confidence/rungs';
import type { Danger } from '../domain/confidence/rungs';
import { modeForIncident, standing } from '../domain/confidence/standing';
import type { HeldGrant, Standing } from '../domain/confidence/standing';
import { utcTime } from '../domain/human-time';
import type { Rung } from '../domain/names';
import type { Autonomy, AutonomyQuestion, AutonomyVerdict } from '../ports/autonomy';
import { MOST_LINES, readsOf, readsOnce } from './autonomy-reads';
import type { AutonomyDeps, AutonomyReads, ToldQuestion } from './autonomy-reads';

/** What is asked of the record alone. */
export interface StandingQuestion extends Pick<AutonomyQuestion, 'key' | 'danger' | 'ceiling' | 'at'> {
  readonly danger: Danger;
}

/** Autonomy as it is recorded. */
export interface RecordedAutonomy extends Autonomy {
  /** Standings in the order of the questions; what they share is read once. */
  standingsOf(questions: readonly StandingQuestion[]): Promise<readonly Standing[]>;
}

/** Reads the outcome ledger and the grants of people each time it is asked, so that one harm, or a grant that is revoked, counts at once in every worker. */
export function createAutonomy(deps: AutonomyDeps): RecordedAutonomy {
  const reads = readsOf(deps);
  return {
    standingsOf: (questions) => standingsOf({ ...deps, reads: readsOnce(reads) }, questions),
    async verdictOf(question): Promise<AutonomyVerdict> {
      const of = await standingOf({ ...deps, reads }, question);
      const { corroborated, score, at } = question;
      return {
        ...modeForIncident(of, { corroborated, calibrated: await calibratedOf({ ...deps, reads }, of, { score, at }) }, deps.settings.leastScore),
        standing: of,
      };
    },
  };
}

interface Reading extends Pick<AutonomyDeps, 'inventory' | 'settings' | 'knownThen'> {
  readonly reads: AutonomyReads;
}

async function standingsOf(reading: Reading, questions: readonly StandingQuestion[]): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  const numbered = questions.map((question, place) => ({ question, place, kind: JSON.stringify(toldQuestion(reading, question)) }));
  // Those of one kind of incident follow each other, as its outcomes are held for them alone.
  for (const { question, place } of numbered.sort((a, b) => compareText(a.kind, b.kind))) found[place] = await standingOf(reading, question);
  return found;
}

function toldQuestion({ inventory, knownThen }: Reading, { key, at }: Pick<StandingQuestion, 'key' | 'at'>): ToldQuestion {
  const { runbook, cause, environment } = key;
  return { runbook, cause, environment, services: alikeTo(key, inventory).sort(compareText), until: knownThen === true ? at : undefined };
}

async function standingOf(reading: Reading, { key, danger, ceiling, at }: StandingQuestion): Promise<Standing> {
  const { settings, reads, knownThen } = reading;
  const { outcomes, tooMany } = await reads.told(toldQuestion(reading, { key, at }));
  const record = recordOf(key, outcomes, settings, at);
  const { grants, texts } = await grantsOf(reading, key, at);
  const judged = (most: Rung): Standing => standing(record, { danger, ceiling: most, grants, now: at });
  const found = judged(ceiling);
  const doubts = [
    ...(tooMany ? [`There are more than ${String(MOST_LINES)} outcomes of this kind, more than are looked at: a person is asked.`] : []),
    ...(found.grantedBy === undefined ? await restoreDoubts(reading, { key, outcomes, knownUntil: knownThen === true ? at : Infinity }) : []),
  ];
  const safe = doubts.length > 0 && actsAlone(found.mode) ? judged('approve') : found;
  return { ...safe, reasons: [...safe.reasons, ...doubts, ...texts] };
}

/** Outcomes of after the backup are lost where the store was put back, harms with them: the runbook shows anew that it works here before its old record counts again. */
async function restoreDoubts(
  { reads, settings }: Reading,
  { key, outcomes, knownUntil }: { readonly key: StandingKey; readonly outcomes: readonly ConfidenceOutcome[]; readonly knownUntil: number },
): Promise<string[]> {
  const restored = await reads.restored();
  if (restored === undefined || outcomes.length === 0 || restored.at > knownUntil) return [];
  const since = outcomes.filter((each) => isOwnAct(each, key) && each.at > restored.at && each.verdict === 'recovered' && each.corroborated).length;
  if (since >= settings.probation) return [];
  const gap = `The store was put back from a backup: outcomes from ${utcTime(restored.from)} to ${utcTime(restored.at)} may be missing`;
  return [`${gap}, so a person is asked until ${String(settings.probation)} recoveries are verified since; there are ${String(since)}.`];
}

function isOwnAct({ actedBy, service, runbook }: ConfidenceOutcome, key: StandingKey): boolean {
  return actedBy === 'nightshift' && service === key.service && runbook === key.runbook;
}

/** Grants with what their signature is worth, and why those do not count whose person could not give them today. */
async function grantsOf(reading: Reading, key: StandingKey, at: number): Promise<{ grants: HeldGrant[]; texts: string[] }> {
  const { reads } = reading;
  const kept = (await reads.grants({ runbook: key.runbook, environment: key.environment }, at)).filter(({ services }) => services.includes(key.service));
  if (kept.length === 0) return { grants: [], texts: [] };
  const secret = await reads.secret();
  const checked = await Promise.all(kept.map(async (grant) => ({ grant, verified: verifyGrant(secret, grant), admin: await reads.isAdmin(grant.person) })));
  const lapsed = checked.filter(({ verified, admin }) => verified && !admin);
  const held = checked.filter((each) => !lapsed.includes(each));
  return {
    grants: await Promise.all(held.map(async ({ grant, verified }) => ({ grant, verified, harms: await harmsSince(reading, grant, at) }))),
    texts: lapsed.map(
      ({ grant: { person } }) => `The grant of ${person} does not count: ${person} has no admin's key any more. Another admin may grant it anew.`,
    ),
  };
}

/** Harm for another cause, on another service of the grant, or of a version that is not the present one ends it too. */
async function harmsSince({ reads, knownThen }: Reading, { runbook, environment, services, from }: AutonomyGrant, at: number): Promise<readonly number[]> {
  const since = Date.parse(from);
  const harms = await reads.harms({ runbook, environment, services, since: Number.isNaN(since) ? 0 : since });
  return knownThen === true ? harms.filter((harm) => harm <= at) : harms;
}

/** What earlier diagnoses of such a score led to. It can only lower a bound or ask a person, so nothing is read where there is no bound and a person is asked. */
async function calibratedOf(
  { reads, knownThen }: Reading,
  of: Standing,
  { score, at }: { readonly score: number; readonly at: number },
): Promise<number | undefined> {
  if (of.bound === 0 && !actsAlone(of.mode)) return undefined;
  const lines = await reads.scored();
  const calibration = new DiagnosisCalibration();
  for (const told of scoresOf(knownThen === true ? lines.filter((line) => line.at <= at) : lines)) calibration.add(told.score, told.recovered);
  return calibration.known ? calibration.probability(score) : undefined;
}
