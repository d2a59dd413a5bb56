import { randomUUID } from 'node:crypto';
import { targetId } from '../../domain/inventory';
import type { Target } from '../../domain/inventory';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, rawUpdate, records, seen, signed, someone, statement } from './people';
import type { Someone } from './people';
import type { IncidentView } from '../../domain/incident-view';

describe('policy', () => {
  const [plain, watched, told, quick] = [serviceName('plain'), serviceName('watched'), serviceName('told'), serviceName('quick')];
  let h: Harness;
  let ben: Someone;
  let views: readonly IncidentView[];
  beforeAll(async () => {
    h = await startHarness({
      services: [plain, watched, told, quick],
      policy: {
        rules: [
          { service: watched, mode: 'observe', reason: 'we only look here' },
          { service: told, mode: 'suggest', reason: 'the night team acts by hand' },
          { service: quick, mode: 'auto' },
        ],
        limits: { actionsPerHour: 0 },
        freezes: [{ name: 'Year-end accounts', zone: 'Europe/Berlin', from: '2020-01-01T00:00', to: '2099-01-01T00:00' }],
      },
    });
    ben = await someone(h, 'ben', 'approver');
    views = await breakServices(h, [plain, watched, told, quick]);
  }, 60_000);
  afterAll(() => h.close());

  test('observe: the cause is told and nothing is proposed', () => {
    expect(views[1]).toMatchObject({ status: 'diagnosed', cause: 'bad-release', reason: expect.stringContaining('we only look here') });
    expect(views[1]?.proposal).toBeUndefined();
  });

  test('suggest: the remedy is told, and nobody can set it off', async () => {
    const view = views[2] as IncidentView;
    expect(view).toMatchObject({ status: 'escalated', proposal: { state: 'suggested' }, reason: expect.stringContaining('the night team acts by hand') });
    expect(await ben.decide(view)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await rawUpdate(h, view, 'decide', await signed(h, statement(view)))).toBe('conflict');
    expect(h.practice(told).ledger).toEqual([]);
  });

  test('auto: it asks all the same and says why', () => {
    expect(views[3]).toMatchObject({
      status: 'awaiting-approval',
      proposal: { policy: { reason: expect.stringMatching(/says auto\. Its record allows approve only/) } },
    });
    expect(h.practice(quick).ledger).toEqual([]);
  });

  test('no rule: it asks and says that no rule speaks of it', () => {
    expect(views[0]).toMatchObject({ status: 'awaiting-approval', proposal: { policy: { reason: expect.stringContaining('No rule speaks of this') } } });
  });

  test('a freeze and a limit of no action at all refuse what was approved, each by its name', async () => {
    const view = views[0] as IncidentView;
    expect(view.proposal?.policy.reason).toContain('Year-end accounts');
    expect((await ben.decide(view)).body).toMatchObject({ result: 'approved' });
    const refused = await seen(h, plain, (v) => v.status === 'escalated');
    expect(refused.reason).toContain('A freeze is in force: Year-end accounts.');
    expect(refused.reason).toContain('0 actions in the last hour; the limit is 0.');
    expect(refused.proposal?.state).toBe('refused');
    expect(h.practice(plain).ledger).toEqual([]);
    await records(h, view, (r) => r.kind === 'refused' && JSON.stringify(r.data) === JSON.stringify({ kinds: ['freeze', 'limit'] }));
  });
});

test('limits count over incidents: attempts a day on one target, and actions an hour on all', async () => {
  const [one, two, three] = [serviceName('one'), serviceName('two'), serviceName('three')];
  const h = await startHarness({ services: [one, two, three], policy: { limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1 } } });
  try {
    const ben = await someone(h, 'ben', 'approver');
    const [first, second, third] = (await breakServices(h, [one, two, three])) as [IncidentView, IncidentView, IncidentView];
    const target = targetId(first.proposal?.proposal.target as Target);
    const before = { token: randomUUID(), incidentId: 'inc-bbbbbbbbbbbbbbbb', round: 1, step: 's', target, runbook: 'r', intendedAt: Date.now() - 7_200_000 };
    await h.store.intents.prepare([before], () => []);
    await ben.decide(first);
    expect((await seen(h, one, (v) => v.status === 'escalated')).reason).toBe('Not done: 1 attempts on this target in a day; the limit is 1.');
    await ben.decide(second);
    await seen(h, two, (v) => v.status === 'resolved');
    await ben.decide(third);
    expect((await seen(h, three, (v) => v.status === 'escalated')).reason).toBe('Not done: 1 actions in the last hour; the limit is 1.');
    expect([one, two, three].map((service) => h.practice(service).ledger.length)).toEqual([0, 1, 0]);
  } finally {
    await h.close();
  }
}, 90_000);
