import { DiagnosisCalibration } from '../domain/confidence/calibration';
import type { AutonomyGrant } from '../domain/confidence/grant';
import { verifyGrant } from '../domain/confidence/grant-signature';
import { alikeTo, outcomesOf, scoresOf } from '../domain/confidence/ledger';
import type { LedgerFacts } from '../domain/confidence/ledger';
import type { ConfidenceOutcome, StandingKey } from '../domain/confidence/outcome';
import { recordOf } from '../domain/confidence/record';
import { actsAlone } from '../domain/confidence/rungs';
import type { Danger } from '../domain/confidence/rungs';
import type { ConfidenceSettings } from '../domain/confidence/settings';
import { modeForIncident, standing } from '../domain/confidence/standing';
import type { HeldGrant, Standing } from '../domain/confidence/standing';
import { utcTime } from '../domain/human-time';
import type { Inventory } from '../domain/inventory';
import type { Rung } from '../domain/names';
import type { Autonomy, AutonomyQuestion, AutonomyVerdict } from '../ports/autonomy';
import type { GrantStore, OutcomeLedger } from '../ports/outcomes';
import type { DoorKey, KeyStore } from '../ports/store';

/** What the record is read with. */
export interface AutonomyDeps {
  readonly outcomes: OutcomeLedger;
  readonly grants: Pick<GrantStore, 'inForce'>;
  readonly doorKey: DoorKey;
  readonly keys: Pick<KeyStore, 'roleOf'>;
  readonly inventory: Inventory;
  readonly settings: ConfidenceSettings;
  /** As long as a verification takes, milliseconds. */
  readonly verificationMs: number;
  /** Outcomes of after the time that is asked for are passed over: for judging again by what was known then. Else all count, as clocks of machines differ. */
  readonly knownThen?: boolean;
}

/** What is asked of the record alone. */
export interface StandingQuestion extends Pick<AutonomyQuestion, 'key' | 'danger' | 'ceiling' | 'at'> {
  readonly danger: Danger;
}

/** Lines of one runbook and one kind of incident that are read at most. With more of them nothing acts alone, as leaving out the oldest would forget failures. */
const MOST_LINES = 20_000;
/** Newest outcomes that scores are calibrated on: of older ones less than a seventh counts. */
const CALIBRATED_ON = 2_000;

/** Reads the outcome ledger and the grants of people each time it is asked, so that one harm, or a grant that is revoked, counts at once in every worker. */
export function createAutonomy(deps: AutonomyDeps): Autonomy & { standingOf(question: StandingQuestion): Promise<Standing> } {
  return {
    standingOf: (question) => standingOf(deps, question),
    async verdictOf(question): Promise<AutonomyVerdict> {
      const of = await standingOf(deps, question);
      const calibration = await calibrationOf(deps, question.at);
      const calibrated = calibration.known ? calibration.probability(question.score) : undefined;
      const found = modeForIncident(of, { corroborated: question.corroborated, calibrated }, deps.settings.leastScore);
      return { ...found, standing: of };
    },
  };
}

async function standingOf(deps: AutonomyDeps, { key, danger, ceiling, at }: StandingQuestion): Promise<Standing> {
  const { runbook, cause, environment } = key;
  const all = await deps.outcomes.linesOf({ runbook, cause, environment, services: alikeTo(key, deps.inventory), limit: MOST_LINES + 1 });
  const lines = knownOf(deps, all, at);
  const outcomes = outcomesOf(lines, factsOf(deps));
  const record = recordOf(key, outcomes, deps.settings, at);
  const { grants, texts } = await grantsOf(deps, key, at);
  const judged = (most: Rung): Standing => standing(record, { danger, ceiling: most, grants, now: at });
  const found = judged(ceiling);
  const doubts = [
    ...(all.length > MOST_LINES ? [`There are more than ${String(MOST_LINES)} outcomes of this kind, more than are looked at: a person is asked.`] : []),
    ...(found.grantedBy === undefined ? await restoreDoubts(deps, { key, outcomes, knownUntil: deps.knownThen === true ? at : Infinity }) : []),
  ];
  const safe = doubts.length > 0 && actsAlone(found.mode) ? judged('approve') : found;
  return { ...safe, reasons: [...safe.reasons, ...doubts, ...texts] };
}

/** Outcomes of after the backup are lost where the store was put back, harms with them: the runbook shows anew that it works here before its old record counts again. */
async function restoreDoubts(
  { outcomes: ledger, settings }: AutonomyDeps,
  { key, outcomes, knownUntil }: { readonly key: StandingKey; readonly outcomes: readonly ConfidenceOutcome[]; readonly knownUntil: number },
): Promise<string[]> {
  const restored = await ledger.restored();
  if (restored === undefined || outcomes.length === 0 || restored.at > knownUntil) return [];
  const since = outcomes.filter((each) => isOwn(each, key) && each.at > restored.at && each.verdict === 'recovered' && each.corroborated).length;
  if (since >= settings.probation) return [];
  const gap = `The store was put back from a backup: outcomes from ${utcTime(restored.from)} to ${utcTime(restored.at)} may be missing`;
  return [`${gap}, so a person is asked until ${String(settings.probation)} recoveries are verified since; there are ${String(since)}.`];
}

function isOwn({ actedBy, service, runbook }: ConfidenceOutcome, key: StandingKey): boolean {
  return actedBy !== 'nobody' && service === key.service && runbook === key.runbook;
}

/** Grants with what their signature is worth, and why those do not count whose person could not give them today. */
async function grantsOf(deps: AutonomyDeps, key: StandingKey, at: number): Promise<{ grants: HeldGrant[]; texts: string[] }> {
  const kept = (await deps.grants.inForce(key, at)).filter(({ services }) => services.includes(key.service));
  if (kept.length === 0) return { grants: [], texts: [] };
  const secret = await deps.doorKey.secret();
  const checked = await Promise.all(
    kept.map(async (grant) => ({ grant, verified: verifyGrant(secret, grant), admin: (await deps.keys.roleOf(grant.person)) === 'admin' })),
  );
  const lapsed = checked.filter(({ verified, admin }) => verified && !admin);
  const held = checked.filter((each) => !lapsed.includes(each));
  return {
    grants: await Promise.all(held.map(async ({ grant, verified }) => ({ grant, verified, harms: await harmsSince(deps, grant, at) }))),
    texts: lapsed.map(
      ({ grant: { person } }) => `The grant of ${person} does not count: ${person} has no admin's key any more. Another admin may grant it anew.`,
    ),
  };
}

/** Harm for another cause, on another service of the grant, or of a version that is not the present one ends it too. */
async function harmsSince(deps: AutonomyDeps, { runbook, environment, services, from }: AutonomyGrant, at: number): Promise<readonly number[]> {
  const since = Date.parse(from);
  const harms = await deps.outcomes.harms({ runbook, environment, services, since: Number.isNaN(since) ? 0 : since });
  return deps.knownThen === true ? harms.filter((harm) => harm <= at) : harms;
}

async function calibrationOf(deps: AutonomyDeps, at: number): Promise<DiagnosisCalibration> {
  const calibration = new DiagnosisCalibration();
  for (const { score, recovered } of scoresOf(knownOf(deps, await deps.outcomes.scored(CALIBRATED_ON), at))) calibration.add(score, recovered);
  return calibration;
}

function knownOf<Line extends { readonly at: number }>({ knownThen }: AutonomyDeps, lines: readonly Line[], at: number): readonly Line[] {
  return knownThen === true ? lines.filter((line) => line.at <= at) : lines;
}

function factsOf({ inventory, verificationMs }: AutonomyDeps): LedgerFacts {
  return { inventory, leastWaitMs: verificationMs };
}
