import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '../../cli/client';
import type { IncidentView } from '../../domain/incident-view';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, PATIENCE, settled } from './story';
import { until } from './until';

const healed = ['one', 'two', 'three', 'four', 'five'].map(serviceName);
const [asking, acting] = ['asking', 'acting'].map(serviceName) as [string, string];
let h: Harness;
let folder: string;
let api: ApiClient;
let asked: IncidentView;

const awaiting = (v: IncidentView): boolean => v.status === 'awaiting-approval';
const effects = (): Record<string, number> => Object.fromEntries([...healed, asking, acting].map((name) => [name, h.practice(name).ledger.length]));
const ONE_EACH = Object.fromEntries([...healed.map((name) => [name, 1]), [asking, 0], [acting, 1]]) as Record<string, number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-restore-'));
  h = await startHarness({
    services: [...healed, asking, acting],
    policy: { limits: { actionsPerHour: 50, attemptsPerTargetPerDay: 20 } },
  });
  for (const name of [...healed, asking, acting]) await settled(h, name);
  const ben = await h.as('ben', 'approver');
  h.practice(asking).deploy('1.5.0', 'ana');
  asked = await h.incident(asking, awaiting, PATIENCE);
  await h.api.backup(join(folder, 'backup.gz'));
  await h.api.tell(asked.incidentId, 'note', 'this came after the backup');
  for (const name of healed) h.practice(name).deploy('1.5.0', 'ana');
  await Promise.all(healed.map(async (name) => approved(h, ben, await h.incident(name, awaiting, PATIENCE))));
  h.practice(acting).deployMs = 3_000;
  h.practice(acting).deploy('1.5.0', 'ana');
  await approved(h, ben, await h.incident(acting, awaiting, PATIENCE), (v) => v.status === 'remediating');
  await until(() => Promise.resolve(h.practice(acting).ledger[0]), 'a remediation is in the middle of its effect', PATIENCE);
  await h.restore(join(folder, 'backup.gz'));
  api = await h.as('restorer', 'admin');
}, 5 * PATIENCE);
afterAll(async () => {
  await h.close();
  await rm(folder, { recursive: true, force: true });
});

test('a store from before five remediations starts with the kill switch on, and says why', async () => {
  expect(await api.halt()).toMatchObject({ on: true, by: 'restore', reason: expect.stringContaining('restored from a backup of') as string });
  const records = await h.store.audit.read('system');
  expect(records.map((record) => record.summary)).toContainEqual(expect.stringMatching(/^The store was behind [23] open workflow/));
});

test('what the store lost and open workflows still know is put back, and the audit is whole', async () => {
  const notes = (await api.timeline(asked.incidentId)).filter((entry) => entry.kind === 'note');
  expect(notes.map((note) => note.summary)).toEqual([expect.stringContaining('this came after the backup')]);
  const lost = (await api.incidents({ service: acting, limit: 1 })).incidents[0];
  expect(lost?.alertCount).toBeGreaterThan(0);
  expect(await api.verifyAudit()).toMatchObject({ faults: [] });
});

test(
  'nothing is done twice: not while the switch is on, and not after a person has turned it off',
  async () => {
    const ended = await until(
      async () => (await api.incidents({ service: acting, limit: 1 })).incidents.find((v) => ['resolved', 'escalated'].includes(v.status)),
      'the remediation that was interrupted ends',
      PATIENCE,
    );
    expect((await api.timeline(ended.incidentId)).filter((e) => e.kind === 'effect')).toHaveLength(1);
    expect(effects()).toEqual(ONE_EACH);
    await api.setHalt(false, 'looked through');
    // A whole round of detection, and an action that is wanted: the switch is off indeed.
    await (await h.as('ben', 'approver')).decide(asked.incidentId, { verdict: 'approve', proposal: asked.proposal?.proposal.digest ?? '' });
    await until(async () => ((await api.incident(asked.incidentId)).status === 'resolved' ? true : undefined), 'the incident that waited ends', PATIENCE);
    expect(effects()).toEqual({ ...ONE_EACH, [asking]: 1 });
  },
  3 * PATIENCE,
);
