import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../../adapters/postgres/open';
import { demoNames } from '../../../cli/demo/settings';
import type { IncidentView } from '../../../domain/incident-view';
import type { Shop } from '../../../examples/bookshop/launch.mjs';
import type { Doors } from '../../../workers/start';
import { loadBookshop } from '../../examples/support/bookshop';
import type { Bookshop } from '../../examples/support/bookshop';
import { rememberCalmDay } from '../../fakes/worked/history';
import { faultBeginsAt } from '../../fakes/worked/minute';
import { ACCOUNT, DOCUMENT, QUEUE, REGION, REPOSITORY, ROLE, SERIES } from '../../fakes/worked/settings';
import { titlesTold } from '../../fakes/worked/told';
import { startWorkedWorld, WORKED_ENV } from '../../fakes/worked/world';
import type { WorkedWorld } from '../../fakes/worked/world';
import { messagesIn } from '../../fakes/aws/services/sqs';
import { until } from '../until';
import { adminOf, doorsOf, finished, isOpen, MAIN, makePlace } from './support';
import type { Place, Program } from './support';

// The worked case from end to end, in the order of its story: real bookshop, real Temporal, Nightshift as a process; AWS, GitHub, Slack and Jira are servers on loopback.
let place: Place;
let world: WorkedWorld;
let bookshop: Bookshop;
let shop: Shop;
let nightshift: Program;
let doors: Doors;
const home = (): string => join(place.dir, 'home');
const environment = 'demo';

beforeAll(async () => {
  place = makePlace();
  mkdirSync(home(), { mode: 0o700 });
  [world, bookshop] = await Promise.all([startWorkedWorld(), loadBookshop(), rememberCalmDay(home(), { environment, service: 'bookshop' })]);
  shop = await bookshop.launching.launch({ dir: join(place.dir, 'shop') });
  world.join({ log: join(shop.dir, 'bookshop.log'), supervisorUrl: shop.supervisor.url });
  const urls = { shopUrl: shop.url, supervisorUrl: shop.supervisor.url, paymentsUrl: shop.payments.url };
  const file = join(place.dir, 'nightshift.yaml');
  writeFileSync(file, world.config({ names: demoNames(), home: home(), shopDir: shop.dir, ...urls }));
  nightshift = place.run(MAIN, ['start', '--json', '--config', file], WORKED_ENV);
  doors = await doorsOf(nightshift);
}, 60_000);
afterAll(async () => {
  await shop.stop();
  await world.close();
  place.remove();
}, 30_000);

async function incident(ready: (view: IncidentView) => boolean, what: string): Promise<IncidentView> {
  const api = adminOf(doors, home());
  // Lines are counted by the minute; on a machine with much to do the errors may begin in the next one.
  return until(async () => (await api.incidents({ service: 'bookshop', limit: 1 })).incidents.find(ready), what, 100_000);
}

const about = (title: string): string => `[SEV3] bookshop (demo): ${title}`;
const proposalOf = ({ proposal }: IncidentView): NonNullable<IncidentView['proposal']>['proposal'] => {
  if (!proposal) throw new Error('nothing is proposed');
  return proposal.proposal;
};

test('errors in the log come by the stream, a runbook from GitHub restarts the service through Systems Manager, Slack and Jira are told, and it resolves', async () => {
  // Normal times first, to compare with.
  const calm = Date.now() + 10_000;
  await until(async () => (Date.now() >= faultBeginsAt(calm) ? true : undefined), 'the fault to begin', 80_000);
  await bookshop.faults.inject('memory-leak', { dir: shop.dir });

  const asked = await incident((view) => view.status === 'awaiting-approval', 'a proposal');
  expect(asked.alerts.map(({ name, source, summary }) => ({ name, source, summary }))).toEqual([
    { name: 'SeriesUnusual', source: 'detector', summary: expect.stringContaining(`${SERIES}:`) as string },
  ]);
  expect(asked).toMatchObject({ cause: 'resource-exhaustion' });
  const evidence = Object.values(asked.diagnosis?.evidence ?? {});
  expect(evidence).toContainEqual(expect.stringMatching(/search cache is 100 % full/));
  expect(evidence).toContainEqual(expect.stringMatching(/^New error line “memory guard: the search cache holds <n> of <n> bytes/));
  const proposal = proposalOf(asked);
  expect(proposal.runbook).toMatchObject({ id: 'restart-bookshop', origin: `${REPOSITORY}@${world.commit}:runbooks/restart-bookshop.yaml` });
  expect(proposal.preview).toContainEqual(expect.stringMatching(new RegExp(`the automation ${DOCUMENT} .* in ${ACCOUNT}/${REGION} with Service=bookshop`)));
  expect(world.aws.effects.entries).toEqual([]);
  await adminOf(doors, home()).decide(asked.incidentId, { verdict: 'approve', proposal: proposal.digest });

  const done = await incident((view) => view.status === 'resolved', 'its end');
  expect(done).toMatchObject({ incidentId: asked.incidentId, outcome: { kind: 'fixed' }, remediation: { verdict: 'recovered' } });
  const caller = expect.stringMatching(new RegExp(`:assumed-role/${ROLE}/nightshift-[0-9a-f-]{36}$`)) as string;
  expect(world.aws.effects.entries).toMatchObject([
    { kind: 'ssm.automation', target: DOCUMENT, account: ACCOUNT, region: REGION, principal: caller },
    { kind: 'service.restart', target: 'bookshop', account: ACCOUNT, region: REGION, principal: caller },
  ]);
  const [{ token = '', principal } = { principal: '' }] = world.aws.effects.entries;
  expect(principal.endsWith(`/nightshift-${token}`)).toBe(true);

  await until(async () => (world.jira.received.length >= 2 ? true : undefined), 'Jira to be told of the end');
  expect({ slack: titlesTold(world.slack), jira: titlesTold(world.jira) }).toEqual({
    slack: ['your approval is needed', 'approved, the remedy begins', 'resolved'].map(about),
    jira: ['your approval is needed', 'resolved'].map(about),
  });
  expect(world.slack.received[0]?.body).toContain(`starts the automation ${DOCUMENT}`);

  // EventBridge tells of our own automation as of any other.
  await until(async () => (messagesIn(world.aws.place(REGION, ACCOUNT), QUEUE).length === 0 ? true : undefined), 'the event of the automation to be read');
  nightshift.signal('SIGTERM');
  await nightshift.ended;
  const verified = await finished(place.run(MAIN, ['audit', 'verify', '--file', join(home(), 'audit', `${done.incidentId}.jsonl`)]));
  expect(verified).toMatchObject({ code: 0 });
  const store = await openEmbedded({ home: home(), channels: [] });
  try {
    const changes = await store.changes.find({ service: 'bookshop', from: 0, to: Date.now(), limit: 10 });
    expect(changes).toMatchObject([{ kind: 'restart', author: 'nightshift', summary: `Automation ${DOCUMENT} succeeded` }]);
    const lines = await store.archive.logs.templates({ service: 'bookshop', level: 'error', from: 0, to: Date.now(), limit: 10 });
    expect(lines.map(({ source, template }) => ({ source, template }))).toContainEqual({
      source: 'cloudwatch-logs',
      template: expect.stringContaining('memory guard: the search cache holds <n> of <n> bytes') as string,
    });
  } finally {
    await store.close();
  }
}, 200_000);

test('npm run demo -- --target aws says first that this AWS is a fake; Ctrl-C leaves nothing', async () => {
  const other = makePlace();
  try {
    const demo = other.run('dist/scripts/demo-aws.js', ['--target', 'aws', '--yes'], { AWS_PROFILE: 'nobodys' });
    await until(async () => (/ s {2}customers /.test(demo.stderr()) ? true : undefined), 'the demo to be set up', 60_000);
    const [first = ''] = demo.stderr().split('\n');
    expect(first).toContain('This is a fake AWS on this machine');
    demo.signal('SIGINT', 'group');
    expect(await demo.ended).toEqual({ code: 130, signal: null });
    await other.empty();
    const named = [...new Set(demo.stderr().match(/http:\/\/127\.0\.0\.1:\d+/g))];
    expect(named.length).toBeGreaterThan(2);
    expect((await Promise.all(named.map(isOpen))).filter(Boolean)).toEqual([]);
  } finally {
    other.remove();
  }
}, 90_000);
