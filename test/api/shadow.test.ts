import { Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJudgedRounds } from '../../activities/judged-rounds';
import { lessonsOf } from '../../activities/rejections';
import { openEmbedded } from '../../adapters/postgres/open';
import { readCatalogue } from '../../config/catalogue';
import { loadConfig } from '../../config/load';
import { packageRoot } from '../../config/package-root';
import type { RecordedDecision } from '../../domain/approval';
import { buildEvidence } from '../../domain/evidence-build';
import { takeDecision } from '../../domain/incident-answers';
import * as moves from '../../domain/incident-moves';
import { confirm, enter, transitionOf } from '../../domain/incident-record';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import type { Service } from '../../domain/inventory';
import type { PolicyMode } from '../../domain/names';
import type { RejectionCode } from '../../domain/rejection';
import type { Store } from '../../ports/store';
import type { WhatIfReport } from '../../ports/what-if';
import { replayOf } from '../../workers/what-if';
import type { ShadowPage } from '../../cli/client-shadow';
import type { MemoryStore } from '../fakes/memory-store';
import { badRelease } from '../fakes/practice-faults';
import { T0 } from '../fakes/bookshop-series';
import type { Harness } from './harness';
import { harness } from './harness';

const { runbooks } = readCatalogue({ root: packageRoot() });
const library = { current: async () => runbooks, repository: async () => undefined };
const gathered = buildEvidence(badRelease());
const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'demo/bookshop' };
const bookshop: Service = {
  ...{ name: gathered.service, environment: gathered.environment, tier: 'standard', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:1', target },
};

const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
const config = { ...loadConfig({ env: { NIGHTSHIFT_HOME: join(folder, 'home') }, cwd: folder }), services: [bookshop] };
let store: Store;
let api: Harness;
let incidents = 0;
const MINUTE = 60_000;

beforeAll(async () => {
  store = await openEmbedded({ home: config.home, channels: [] });
  // The tests' door is made for a store in memory; here it has the real one.
  const replay = replayOf({ config, store, runbooks: library });
  const clock = { now: () => T0 + 86_400_000 };
  api = await harness({ store: store as unknown as MemoryStore, deps: { replay, clock, inventory: config, runbooks: library } });
}, 120_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** An incident of the bad release as its workflow would carry it, written to the real store at each flush. */
class Episode {
  readonly state: IncidentState;
  private now: number;

  constructor() {
    incidents += 1;
    // What happens to one must not be seen by another.
    this.now = T0 + incidents * MINUTE;
    const incidentId = `inc-${'a'.repeat(14)}${String.fromCharCode(97 + Math.floor(incidents / 6))}${String(2 + (incidents % 6))}`;
    const { environment, service } = gathered;
    this.state = newIncidentState({ incidentId, workflowId: `w-${incidentId}`, runId: 'r', environment, service, now: this.now });
    enter(this.state, this.now, 'detector', 'opened', 'opened');
  }

  /** One round with a policy of this mode. */
  async judged(mode: PolicyMode): Promise<this> {
    const { incidentId, environment, service, alerts, attempts } = this.state;
    this.state.round += 1;
    delete this.state.asked;
    const bundle = { ...gathered, incidentId, round: this.state.round };
    const digest = await store.evidence.freeze(bundle);
    const { assess } = createJudgedRounds({
      ...{ evidence: store.evidence, proposals: store.proposals, rounds: store.rounds, inventory: config, triage: config.triage, runbooks: library },
      policy: { ...config.policy, rules: [{ mode }] },
      lessons: lessonsOf({ ledger: store.shadow, inventory: config }),
      ...{ hands: {}, allowed: config.actions, clock: { now: () => (this.now += 1000) } },
    });
    const evidence = { digest, ids: [], onset: bundle.onset };
    const found = await assess({ incidentId, round: this.state.round, environment, service, evidence, alerts, attempts, maxHypotheses: 3 });
    moves.applyAssessment(this.state, this.now, found, 60_000);
    await this.flush();
    return this;
  }

  async answered(verdict: 'approve' | 'reject', over: { code?: RejectionCode; parameters?: Record<string, string>; signature?: string } = {}): Promise<this> {
    const { asked, incidentId } = this.state;
    if (!asked) throw new Error('nothing is asked');
    const at = new Date((this.now += 1000)).toISOString();
    const decision: RecordedDecision = {
      ...{ incidentId, proposal: asked.proposal.digest, verdict, person: 'ana', at, acceptBy: at, acceptedAt: at, via: 'update', signature: 's' },
      ...over,
    };
    takeDecision(this.state, this.now, decision);
    if (verdict === 'approve') moves.beginRemediation(this.state, this.now);
    else {
      asked.state = 'rejected';
      moves.attempted(this.state, 'rejected');
      moves.escalate(this.state, this.now, 'ana rejected the proposal.');
    }
    await this.flush();
    return this;
  }

  /** As a policy that asks nobody lets it. */
  async begun(): Promise<this> {
    moves.beginRemediation(this.state, (this.now += 1000));
    await this.flush();
    return this;
  }

  async resolved(byHand?: { what: string; runbook?: string }): Promise<this> {
    moves.carryOutWish(this.state, (this.now += 1000), { kind: 'resolve', person: 'ana', note: 'over', ...(byHand && { byHand }) });
    moves.resolve(this.state, this.now);
    await this.flush();
    return this;
  }

  async healed(): Promise<this> {
    moves.recoverUnaided(this.state, (this.now += 1000), 0);
    moves.resolve(this.state, this.now);
    await this.flush();
    return this;
  }

  /** Written twice, as an activity that is tried again does. */
  private async flush(): Promise<void> {
    const transition = transitionOf(this.state, this.now);
    await store.transitions.apply(transition);
    confirm(this.state, transition, await store.transitions.apply(transition));
  }
}

async function ledger(episode: Episode): Promise<ShadowPage['entries']> {
  const page = (await api.call('viewer', 'GET', '/v1/shadow?since=30d&limit=500')).json<ShadowPage>();
  return page.entries.filter(({ incidentId }) => incidentId === episode.state.incidentId);
}

async function replay(body: object): Promise<WhatIfReport> {
  const res = await api.call('viewer', 'POST', '/v1/replay', body);
  expect(res.statusCode).toBe(200);
  return res.json();
}

describe('the shadow ledger', () => {
  test.each([
    ['healed', 'nothing-done'],
    ['a rollback by hand', 'same'],
    ['a restart by hand', 'different'],
    ['words alone', 'unknown'],
    ['a deployment of the release that would have been', 'same'],
    ['a restart that was told as a change', 'different'],
  ])('of what was only suggested, after %s it says %s', async (what, agreement) => {
    const episode = await new Episode().judged('suggest');
    const parameters: Readonly<Record<string, string>> = (await ledger(episode))[0]?.would.parameters ?? {};
    const changed = { id: `c-${episode.state.incidentId}`, environment: bookshop.environment, service: bookshop.name, author: 'ana', summary: 's' };
    const at = new Date(episode.state.openedAt + 1500).toISOString();
    if (what === 'healed') await episode.healed();
    else if (what === 'a rollback by hand') await episode.resolved({ what: 'rolled back', runbook: 'rollback-release' });
    else if (what === 'a restart by hand') await episode.resolved({ what: 'restarted it', runbook: 'restart-service' });
    else if (what === 'words alone') await episode.resolved({ what: 'asked the vendor' });
    else {
      const kind = what.startsWith('a restart') ? ('restart' as const) : ('deployment' as const);
      await store.changes.record([{ ...changed, kind, at, ...(kind === 'deployment' ? { to: parameters['to'] ?? '' } : {}) }]);
      await episode.resolved();
    }
    expect(await ledger(episode)).toMatchObject([{ round: 1, mode: 'suggest', would: { runbook: 'rollback-release' }, agreement }]);
  });

  test('what is only observed stands there too, exactly, though no proposal was made', async () => {
    const episode = await (await new Episode().judged('observe')).healed();
    expect(await ledger(episode)).toMatchObject([
      { mode: 'observe', would: { runbook: 'rollback-release', parameters: { to: '1.4.0' } }, answer: { kind: 'none' }, ended: { kind: 'recovered-unaided' } },
    ]);
  });

  test('an approval is agreement, and a rejection with a code that blames is none', async () => {
    const [approved, rejected] = [await new Episode().judged('approve'), await new Episode().judged('approve')];
    await approved.answered('approve');
    await (await rejected.answered('reject', { code: 'wrong-cause' })).resolved();
    expect(await ledger(approved)).toMatchObject([{ agreement: 'same', answer: { kind: 'approved', persons: ['ana'] } }]);
    expect(await ledger(rejected)).toMatchObject([{ agreement: 'different', answer: { kind: 'rejected', code: 'wrong-cause', signed: true } }]);
  });

  test('one that acted with nobody asked is no shadow', async () => {
    const episode = await (await new Episode().judged('approve')).begun();
    moves.escalate(episode.state, episode.state.openedAt + 5000, 'The remediation failed.');
    await episode.resolved();
    expect(await ledger(episode)).toEqual([]);
  });

  test('a rejection that blames lowers the runbook in the next incident, and tells why; one for the time does not', async () => {
    const reasons = async (): Promise<readonly string[]> => (await new Episode().judged('approve')).state.diagnosis?.choice?.reasons ?? [];
    const told = (some: readonly string[]): string => some.find((reason) => reason.startsWith('people rejected it')) ?? '';
    const before = told(await reasons());
    await (await new Episode().judged('approve')).answered('reject', { code: 'bad-time' });
    expect(told(await reasons())).toBe(before);
    await (await new Episode().judged('approve')).answered('reject', { code: 'wrong-runbook' });
    expect(told(await reasons())).toContain('wrong-runbook');
  });

  test('agreement is counted by runbook, and unknown answers are left out of the rate', async () => {
    const page = (await api.call('viewer', 'GET', '/v1/shadow?runbook=rollback-release')).json<ShadowPage>();
    const [found] = page.runbooks;
    const { same = 0, unknown = 0 } = found?.agreements ?? {};
    expect(found).toMatchObject({ runbook: 'rollback-release', rounds: page.entries.length });
    expect(found?.rate).toBeCloseTo(same / (page.entries.length - unknown));
    expect((await api.call('viewer', 'GET', '/v1/shadow?runbook=no-such')).json()).toEqual({ entries: [], runbooks: [], more: false });
  });
});

describe('replay', () => {
  const rules = (mode: string): object => ({ rules: [{ mode, reason: 'tried' }] });

  test('by the same mode nothing changes, and by another it says what and why', async () => {
    const { state } = await new Episode().judged('approve');
    const { incidentId } = state;
    expect(await replay({ incident: incidentId, policy: rules('approve') })).toMatchObject({ incidents: 1, rounds: 1, changed: [], leftOut: 0 });
    const { changed } = await replay({ incident: incidentId, policy: rules('observe') });
    expect(changed).toMatchObject([{ incidentId, round: 1, already: false, why: expect.stringContaining('tried') as string }]);
    expect(changed[0]?.changes).toEqual(
      expect.arrayContaining([
        { what: 'mode', before: 'approve', after: 'observe' },
        { what: 'plan', before: 'propose', after: 'observe' },
      ]),
    );
    expect(changed[0]?.changes.map(({ what }) => what)).not.toContain('runbook');
  });

  test('a whole configuration is taken for its policy and its triage', async () => {
    const { incidentId, severity } = (await new Episode().judged('approve')).state;
    const triage = { matrix: { high: ['sev1', 'sev1', 'sev1'], medium: ['sev1', 'sev1', 'sev1'], low: ['sev1', 'sev1', 'sev1'] }, rules: [] };
    const { changed } = await replay({
      incident: incidentId,
      policy: { policy: rules('approve'), triage: { ...triage, rules: [{ impact: 'high', urgency: 'high' }] } },
    });
    expect(changed[0]?.changes).toEqual([{ what: 'severity', before: severity, after: 'sev1' }]);
  });

  test('what runs now is told where it would say the same', async () => {
    const { incidentId } = (await new Episode().judged('suggest')).state;
    const { changed } = await replay({ incident: incidentId, policy: rules('approve') });
    expect(changed).toMatchObject([{ already: true }]);
  });

  test('nothing is connected to and nothing is written', async () => {
    const dump = async (): Promise<string[]> => {
      const lines: string[] = [];
      await store.backups.dump('2026-01-01T00:00:00Z', async (line) => void lines.push(line));
      return lines;
    };
    const before = await dump();
    const connect = jest.spyOn(Socket.prototype, 'connect');
    const { rounds, changed } = await replay({ since: new Date(T0 - 1).toISOString(), policy: rules('observe') });
    expect([rounds > 5, changed.length > 5, connect.mock.calls.length]).toEqual([true, true, 0]);
    connect.mockRestore();
    expect(await dump()).toEqual(before);
  });

  test('a round whose evidence is gone, or that was not recorded, is counted and told', async () => {
    const episode = await new Episode().judged('approve');
    const { incidentId } = episode.state;
    const [record] = await store.rounds.ofIncident(incidentId);
    await store.rounds.keep({ ...record, evidence: 'gone' } as NonNullable<typeof record>);
    expect(await replay({ incident: incidentId, policy: rules('observe') })).toMatchObject({
      ...{ rounds: 0, changed: [], leftOut: 1 },
      left: [{ incidentId, round: 1, why: 'its frozen evidence is gone' }],
    });
    const unrecorded = new Episode();
    unrecorded.state.round = 1;
    await unrecorded.resolved();
    const found = await replay({ incident: unrecorded.state.incidentId, policy: rules('observe') });
    expect(found).toMatchObject({ rounds: 0, leftOut: 1, left: [{ why: expect.stringContaining('not recorded') as string }] });
  });

  test.each([
    [{ rules: [{ mode: 'sometimes' }] }, 'policy.rules.0.mode'],
    [{ rules: [{ mode: 'approve', runbook: 'rolback-release' }] }, 'policy.rules.0.runbook'],
    [{ policy: { rules: [{ mode: 'approve', service: 'bookshp' }] } }, 'policy.rules.0.service'],
    [{ servces: [] }, 'servces'],
    [{}, 'policy'],
  ])('a file with a mistake is refused with its place: %j', async (policy, path) => {
    const res = await api.call('viewer', 'POST', '/v1/replay', { since: '30d', policy });
    expect([res.statusCode, res.json().problems.map((each: { path: string }) => each.path)]).toEqual([400, [path]]);
  });

  test('it takes one incident or a time, and an incident that is there', async () => {
    const status = async (body: object): Promise<number> => (await api.call('viewer', 'POST', '/v1/replay', { policy: rules('approve'), ...body })).statusCode;
    expect([await status({}), await status({ incident: 'inc-z', since: '1d' }), await status({ incident: 'inc-z' })]).toEqual([400, 400, 404]);
  });
});

test('an approval takes no code, and a code that is none is refused', async () => {
  const { incidentId, asked } = (await new Episode().judged('approve')).state;
  const status = async (body: object): Promise<number> =>
    (await api.call('approver', 'POST', `/v1/incidents/${incidentId}/decide`, { proposal: asked?.proposal.digest, ...body })).statusCode;
  expect([await status({ verdict: 'approve', code: 'bad-time' }), await status({ verdict: 'reject', code: 'because' })]).toEqual([400, 400]);
  expect(await status({ verdict: 'reject', code: 'bad-time' })).toBe(200);
  expect(api.incidents.decisions.at(-1)?.decision).toMatchObject({ verdict: 'reject', code: 'bad-time' });
});

test('what was done by hand goes to the incident, and a runbook that there is not is refused', async () => {
  const { incidentId } = (await new Episode().judged('approve')).state;
  const resolve = (body: object) => api.call('responder', 'POST', `/v1/incidents/${incidentId}/resolve`, body);
  const statuses = [];
  for (const body of [{}, { runbook: 'restart-service' }, { did: 'x', runbook: 'no-such' }]) statuses.push((await resolve(body)).statusCode);
  expect(statuses).toEqual([400, 400, 400]);
  expect((await resolve({ did: 'restarted it', runbook: 'restart-service' })).statusCode).toBe(200);
  expect(api.incidents.commands.at(-1)?.command).toMatchObject({
    kind: 'resolve',
    note: 'restarted it',
    byHand: { what: 'restarted it', runbook: 'restart-service' },
  });
});
