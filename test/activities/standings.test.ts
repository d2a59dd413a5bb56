import { createAutonomy } from '../../activities/autonomy';
import type { StandingQuestion } from '../../activities/autonomy';
import { createStandings } from '../../activities/standings';
import type { AutonomyGrant } from '../../domain/confidence/grant';
import { signGrant } from '../../domain/confidence/grant-signature';
import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';
import type { LedgerOutcome } from '../../domain/incident-view';
import type { Service } from '../../domain/inventory';
import type { CauseKind } from '../../domain/names';
import type { Runbook, RunbookSnapshot } from '../../domain/runbook';
import type { RunbookStanding } from '../../domain/confidence/standing-view';
import type { Policy } from '../../domain/policy-types';
import { MemoryStore } from '../fakes/memory-store';

const NOW = Date.UTC(2026, 0, 5, 12);
const POLICY: Policy = {
  rules: [],
  approvals: {
    approvers: [{ role: 'approver', services: ['*'], environments: ['*'] }],
    quorum: 1,
    notAuthor: true,
    remindAfterMs: 1,
    expireAfterMs: 1,
    escalateTo: 'on-call',
    validForMs: 1,
    allowUnverified: false,
    breakGlass: { enabled: true, role: 'responder' },
  },
  limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1, targetsAtOnce: 1, shareOfFleet: 1 },
  brake: { incidents: 10, withinMs: 60_000 },
  freezes: [],
};
const DAY = 86_400_000;
const iso = (at: number): string => new Date(at).toISOString();
const CAUSES: CauseKind[] = ['bad-release', 'resource-exhaustion'];
const runbook: Runbook = {
  ...{ id: 'restart', version: 1, title: 'Restart', description: '', causes: CAUSES, risk: 'low', reversible: true },
  ...{ parameters: {}, preconditions: [], steps: [], probe: {} },
};
const CATALOGUE: RunbookSnapshot[] = ['restart', 'scale'].map((id) => ({ hash: `h-${id}`, runbook: { ...runbook, id } }));
const hands: Service['hands'] = {
  ...{ kind: 'supervisor', url: '' },
  target: { provider: 'local', partition: '', account: '', region: '', kind: 'process', id: 'x' },
};
/** Six of one tier and six of another, in an order in which they alternate. */
const SERVICES = Array.from({ length: 12 }, (_, i): Service => ({
  ...{ name: `s${String(i).padStart(2, '0')}`, environment: 'prod', tier: i % 2 === 0 ? 'standard' : 'critical', dependsOn: [] },
  ...{ limits: { minRequests: 1 }, hands },
}));
const GRANT: AutonomyGrant = {
  ...{
    id: 'g1',
    runbook: 'restart',
    hash: 'h-restart',
    environment: 'prod',
    services: ['s00', 's01', 's02'],
    mode: 'veto',
    person: 'ana',
    reason: 'rehearsed',
  },
  ...{ from: iso(NOW - DAY), until: iso(NOW + DAY) },
};

let store: MemoryStore;
let reads: Record<string, number>;
beforeEach(async () => {
  store = new MemoryStore();
  reads = {};
  await store.keys.create({ name: 'ana', role: 'admin' }, iso(NOW));
  await store.grants.add(signGrant(await store.doorKey.secret(), GRANT));
  for (const [i, { name }] of SERVICES.entries())
    for (const cause of CAUSES)
      for (const { hash, runbook: of } of CATALOGUE) {
        const line: LedgerOutcome = { round: 1, runbook: of.id, runbookHash: hash, environment: 'prod', service: name, cause, verdict: 'recovered' };
        store.outcomes.put(`inc-${name}-${cause}-${of.id}`, { ...line, corroborated: true, score: 0.9 }, NOW - (i + 2) * DAY);
      }
});

/** The part with each of its calls counted. */
function counted<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...args: unknown[]): unknown => {
        reads[String(name)] = (reads[String(name)] ?? 0) + 1;
        return Reflect.apply(found, target, args) as unknown;
      };
    },
  });
}

function autonomy() {
  const parts = { outcomes: counted(store.outcomes), grants: counted(store.grants), doorKey: counted(store.doorKey), keys: counted(store.keys) };
  return createAutonomy({ ...parts, inventory: { services: SERVICES }, settings: CONFIDENCE_DEFAULTS, verificationMs: 60_000 });
}

async function page(over = autonomy()): Promise<readonly RunbookStanding[]> {
  const runbooks = { current: () => Promise.resolve(CATALOGUE) };
  const inventory = { services: SERVICES };
  const standings = createStandings({
    ...{ outcomes: store.outcomes, autonomy: over, runbooks, inventory, policy: POLICY, settings: CONFIDENCE_DEFAULTS },
    clock: { now: () => NOW },
  });
  return (await standings.page({}, 200)).standings;
}

test('what the rows of a page share is read once: outcomes for each kind of incident and of service, grants for each runbook', async () => {
  expect(await page()).toHaveLength(SERVICES.length * CAUSES.length * CATALOGUE.length);
  const tiers = 2;
  expect(reads).toEqual({ linesOf: CATALOGUE.length * CAUSES.length * tiers, inForce: CATALOGUE.length, restored: 1, secret: 1, roleOf: 1, harms: 1 });
});

test('nothing is remembered for the next page: a harm, and a grant that is revoked, count at once', async () => {
  const over = autonomy();
  const granted = async (): Promise<readonly string[]> => {
    const rows = await page(over);
    return rows.filter(({ standing }) => standing.reasons.some((reason) => reason.startsWith('ana granted veto'))).map(({ service }) => service);
  };
  expect(new Set(await granted())).toEqual(new Set(GRANT.services));
  const line: LedgerOutcome = {
    round: 1,
    runbook: 'restart',
    runbookHash: 'h-restart',
    environment: 'prod',
    service: 's07',
    cause: 'bad-release',
    verdict: 'worse',
  };
  store.outcomes.put('inc-bad', line, NOW - 1);
  const harmed = (await page(over)).filter(({ standing }) => standing.harmsHeld > 0);
  expect(harmed.map(({ runbook: { id }, service, cause }) => [id, service, cause])).toEqual([['restart', 's07', 'bad-release']]);
  await store.grants.revoke('g1', 'ana', 'over', iso(NOW));
  expect(await granted()).toEqual([]);
});

test('rows stand in order, each with the standing that it has when it is asked for alone', async () => {
  const rows = await page();
  const names = rows.map(({ runbook: { id }, service, cause }) => `${id} ${service} ${cause}`);
  expect(names).toEqual([...names].sort());
  const alone = autonomy();
  for (const { standing, policy, tier } of rows) {
    const question: StandingQuestion = { key: { ...standing.key, tier }, danger: { risk: 'low', reversible: true }, ceiling: policy.mode, at: NOW };
    expect(await alone.standingsOf([question])).toEqual([standing]);
  }
});

test('scores are not read where no diagnosis could lower what is asked, and are where one could', async () => {
  const key = { runbook: 'restart', hash: 'h-restart', cause: 'bad-release', environment: 'prod', service: 's00', tier: 'standard' } as const;
  const question = { key, danger: { risk: 'low', reversible: true }, score: 0.5, corroborated: true, at: NOW } as const;
  await store.grants.revoke('g1', 'ana', 'over', iso(NOW));
  const elsewhere = { ...question, key: { ...key, runbook: 'unheard-of' }, ceiling: 'approve' } as const;
  expect(await autonomy().verdictOf(elsewhere)).toMatchObject({ mode: 'approve', confidence: 0 });
  expect(reads['scored']).toBeUndefined();
  await store.grants.add(signGrant(await store.doorKey.secret(), GRANT));
  expect(await autonomy().verdictOf({ ...question, ceiling: 'auto' })).toMatchObject({ mode: 'veto' });
  expect(reads['scored']).toBe(1);
});
