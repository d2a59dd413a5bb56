import type { IncidentView } from '../../domain/incident-view';
import type { Store } from '../../ports/store';
import { cli } from '../fakes/cli-harness';
import { startWebhook } from '../fakes/webhook';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, seen, someone } from './people';
import { PATIENCE } from './story';
import { until } from './until';

const FIFTY = 50;
const fleet = (): string[] => Array.from({ length: FIFTY }, () => serviceName('fleet'));

describe('fifty services that fail together', () => {
  const MOST = { targetsAtOnce: 4, shareOfFleet: 0.06, actionsPerHour: 30, attemptsPerTargetPerDay: 4 };
  const AT_ONCE = 3;
  const services = fleet();
  let h: Harness;
  let views: readonly IncidentView[];
  beforeAll(async () => {
    h = await startHarness({
      services,
      policy: { limits: MOST },
      // Read less often than one service is, so that a machine that does other things keeps up with fifty.
      scrape: '1s',
      detector: { every: '1s', window: '4s' },
      incidents: {
        // Fifty read at once: what is slow then must not be missing from the evidence.
        activity: { gather: { timeout: '60s' } },
        verification: { settle: '300ms', window: '4s', minRequests: 20, timeout: '60s' },
        watch: '90s',
      },
    });
    views = await breakServices(h, services, 'ana', 4 * PATIENCE);
  }, 5 * PATIENCE);
  afterAll(() => h.close());

  /** Targets that the hands are busy with or whose effect is not measured yet, by what the services themselves and the incidents say. */
  async function inHand(): Promise<number> {
    const now = await h.store.incidents.list({ status: ['remediating', 'verifying'], limit: 100 });
    return now.incidents.filter((view) => h.practice(view.service).ledger.length > 0).length;
  }

  test(
    'all approved at once, never more of them are changed than the limits allow, and the others go to a person',
    async () => {
      const ben = await someone(h, 'ben', 'approver');
      expect(views.map((view) => `${view.status} ${view.status === 'escalated' ? (view.reason ?? '') : ''}`.trim())).toEqual(
        views.map(() => 'awaiting-approval'),
      );
      let most = 0;
      let looking = true;
      const watch = (async () => {
        while (looking) {
          most = Math.max(most, await inHand());
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      await Promise.all(views.map((view) => ben.decide(view)));
      const ended = await Promise.all(services.map((service) => seen(h, service, (v) => v.status === 'watching' || v.status === 'escalated', 4 * PATIENCE)));
      looking = false;
      await watch;
      const acted = services.filter((service) => h.practice(service).ledger.length > 0);
      expect(acted.length).toBeGreaterThanOrEqual(1);
      expect(acted.length).toBeLessThanOrEqual(MOST.actionsPerHour);
      expect(most).toBeLessThanOrEqual(AT_ONCE);
      expect(services.every((service) => h.practice(service).ledger.length <= 1)).toBe(true);
      // Whether those that were acted on could be measured while fifty fail is not asked here.
      const refused = ended.filter((view) => !acted.includes(view.service));
      for (const view of refused) expect(view.status).toBe('escalated');
      for (const view of refused) expect(view.reason).toMatch(/^Not done: .*the limit is 6 % of its 50, that is 3|^Not done: \d+ actions in the last hour/);
    },
    5 * PATIENCE,
  );

  test(
    'a refused one that is handed back when the others are measured gets its turn',
    async () => {
      const free = async (): Promise<true | undefined> => ((await inHand()) === 0 ? true : undefined);
      await until(free, 'nothing is in hand', PATIENCE);
      const { incidents } = await h.store.incidents.list({ status: ['escalated'], limit: 100 });
      const held = incidents.find(({ service }) => h.practice(service).ledger.length === 0) as IncidentView;
      await h.api.tell(held.incidentId, 'hand-back');
      const again = await seen(h, held.service, (v) => v.status === 'awaiting-approval' && v.round === held.round + 1, PATIENCE);
      const ben = await someone(h, 'ben', 'approver');
      await ben.decide(again);
      // What is measured after it, and whether a further round follows, is not asked here either.
      await seen(h, held.service, (v) => v.round > again.round || ['watching', 'escalated'].includes(v.status), 2 * PATIENCE);
      expect(h.practice(held.service).ledger).toHaveLength(1);
    },
    3 * PATIENCE,
  );
});

describe('the brake on many incidents at once', () => {
  const services = Array.from({ length: 5 }, () => serviceName('storm'));
  const halts = async (store: Store): Promise<string[]> =>
    (await store.audit.read('system')).filter((r) => r.kind === 'halt').map((r) => `${r.actor} ${String(r.data?.['on'])}`);

  test(
    'stops all acting, is told once, survives a restart, and only an admin releases it',
    async () => {
      const sink = await startWebhook();
      const h = await startHarness({
        services,
        policy: { brake: { incidents: 3, within: '10m' } },
        notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url }],
      });
      const told = (): string[] =>
        sink.received.map((hook) => JSON.parse(hook.body) as { reason: string; text: string }).flatMap((n) => (n.reason === 'brake' ? [n.text] : []));
      try {
        const views = await breakServices(h, services, 'ana', PATIENCE);
        expect(await h.api.halt()).toMatchObject({
          on: true,
          by: 'nightshift',
          reason: expect.stringMatching(/^Brake: [45] incidents opened within 10m, more than 3/) as string,
        });
        const ben = await someone(h, 'ben', 'approver');
        await ben.decide(views[0] as IncidentView);
        expect((await seen(h, services[0] ?? '', (v) => v.status === 'escalated')).reason).toContain('The kill switch is on.');

        await h.restart();
        const api = await h.as('rita', 'admin');
        expect(await api.halt()).toMatchObject({ on: true, by: 'nightshift' });
        const again = await someone(h, 'ben', 'approver');
        expect((await again.decide(views[1] as IncidentView)).status).toBe(200);
        expect((await seen(h, services[1] ?? '', (v) => v.status === 'escalated')).reason).toContain('The kill switch is on.');
        expect(services.flatMap((service) => h.practice(service).ledger)).toEqual([]);
        await until(() => Promise.resolve(told().length > 0 ? true : undefined), 'the notification');

        expect(await again.send('PUT', '/v1/halt', { on: false, reason: 'over' })).toMatchObject({ status: 403 });
        const { key } = await h.store.keys.create({ name: 'rita', role: 'admin' }, new Date().toISOString());
        const settings = { apiUrl: h.system.apiUrl, apiKey: key, keyFile: '', home: '' };
        const released = await cli(h.system.apiUrl, ['halt', 'off', '--reason', 'one bad switch'], { deps: { clientSettings: () => settings } });
        expect(released.out).toMatch(/The kill switch is off by rita .*: one bad switch/);
        expect(await halts(h.store)).toEqual(['nightshift true', 'person:rita false']);

        await h.alert(services[2] ?? '', { name: 'Another', fingerprint: 'another' });
        await api.tell((views[0] as IncidentView).incidentId, 'hand-back');
        const asked = await seen(h, services[0] ?? '', (v) => v.status === 'awaiting-approval', PATIENCE);
        await (await someone(h, 'ben', 'approver')).decide(asked);
        await seen(h, services[0] ?? '', (v) => v.status === 'watching' || v.status === 'resolved', PATIENCE);
        expect((await api.halt()).on).toBe(false);
        expect(told()).toEqual([expect.stringMatching(/NOTHING IS CHANGED until a person releases[^]*Brake: /)]);
      } finally {
        await h.close();
        await sink.close();
      }
    },
    4 * PATIENCE,
  );
});
