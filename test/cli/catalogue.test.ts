import type { ServiceView } from '../../domain/service-view';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';

const books: ServiceView = {
  ...{
    name: 'bookshop',
    environment: 'prod',
    origin: 'catalogue',
    owner: 'Books team',
    catchAll: false,
    tier: 'critical',
    channels: ['books'],
    pager: 'PBOOKS',
  },
  ...{
    dependsOn: ['payments'],
    usedBy: ['web'],
    links: [{ title: 'Dashboard', url: 'https://grafana.example.com/d/1' }],
    entity: 'component:default/bookshop',
  },
  ...{ metrics: false, logs: false, hands: false },
};
const cart: ServiceView = {
  ...{ name: 'cart', environment: 'prod', origin: 'discovered', owner: 'on-call', catchAll: true, channels: [], dependsOn: [], usedBy: [], links: [] },
  ...{ metrics: false, logs: false, hands: false, firstSeen: '2026-11-20T12:05:00Z', lastSeen: '2026-11-20T14:04:00Z', seenIn: ['alerts'] },
};

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.state.services = [books, cart];
});
afterEach(() => api.close());

test('lists the services with owner, tier, origin and channel', async () => {
  const { code, out } = await cli(api.url, ['catalogue', 'list', '--owner', 'Books team'], { columns: 160 });
  expect(code).toBe(0);
  expect(
    out
      .split('\n')
      .slice(1, 3)
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['bookshop', 'prod', 'Books team', 'critical', 'catalogue', 'books'],
    ['cart', 'prod', 'nobody (catch-all: on-call)', '-', 'discovered', 'all'],
  ]);
  expect(api.calls.at(-1)?.query).toEqual({ owner: 'Books team' });
});

test('shows one on a page', async () => {
  const { out } = await cli(api.url, ['catalogue', 'show', 'bookshop']);
  expect(out).toMatch(/^bookshop \(prod\)\n {2}Owner +Books team\n {2}Tier +critical\n {2}Channel +books\n {2}Pager +PBOOKS\n/);
  expect(out).toContain('Dashboard: https://grafana.example.com/d/1');
  expect((await cli(api.url, ['catalogue', 'show', 'cart'])).out).toContain('first 2 h ago, last 1 m ago, in alerts');
  expect((await cli(api.url, ['catalogue', 'show', 'cart', '--json'])).json()).toEqual({ services: [cart] });
});

test('says where there is none, and which origins there are', async () => {
  expect(await cli(api.url, ['catalogue', 'show', 'gone'])).toMatchObject({ code: 1, err: expect.stringContaining('There is no service gone') as string });
  expect((await cli(api.url, ['catalogue', 'list', '--origin', 'moon'])).code).toBe(2);
});
