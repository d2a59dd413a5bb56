import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../../adapters/postgres/open';
import { createClient } from '../../../cli/client';
import type { ApiClient } from '../../../cli/client';
import type { IncidentView } from '../../../domain/incident-view';
import type { Doors } from '../../../workers/start';
import { BUILDS } from '../../fakes/aws/services/codebuild-store';
import { BUILT, COMMIT } from '../../fakes/worked/built-services';
import type { BuiltServices } from '../../fakes/worked/built-services';
import { BAD, deployByHand, DEPLOYED, GOOD, GROUP, revisionOf } from '../../fakes/worked/deployed-service';
import { RERUN } from '../../fakes/worked/remedies-settings';
import { startRemediesWorld } from '../../fakes/worked/remedies-world';
import type { RemediesWorld } from '../../fakes/worked/remedies-world';
import { ACCOUNT, REGION, ROLE } from '../../fakes/worked/settings';
import { messagesTold } from '../../fakes/worked/told';
import type { ToldMessage } from '../../fakes/worked/told';
import { WORKED_ENV } from '../../fakes/worked/world';
import { until } from '../until';
import { adminOf, doorsOf, MAIN, makePlace } from './support';
import type { Place, Program } from './support';

// Two remedies from end to end over one running system: real Temporal, Nightshift as a process. AWS, Slack and Jira are servers on loopback; builds and deployments are told by a queue, as EventBridge does.
let place: Place;
let world: RemediesWorld;
let builds: BuiltServices;
let configFile: string;
let nightshift: Program;
let apiKey: string;
let approver: ApiClient;
const home = (): string => join(place.dir, 'home');
/** Readings of calm times that a spike is compared with. */
const CALM = 12;
const MS = 60_000;

beforeAll(async () => {
  place = makePlace();
  mkdirSync(home(), { mode: 0o700 });
  world = await startRemediesWorld(place.dir);
  configFile = world.writeConfig(home());
  const doors = await start();
  apiKey = (await adminOf(doors, home()).createKey('lena', 'approver')).key;
  approver = approverAt(doors);
  // What failed before Nightshift began to watch is history.
  await until(async () => (world.practice.scrapes >= CALM ? true : undefined), 'numbers of calm times', MS);
  builds = world.build();
}, 90_000);
afterAll(async () => {
  await world.close();
  place.remove();
}, 30_000);

function start(): Promise<Doors> {
  nightshift = place.run(MAIN, ['start', '--json', '--config', configFile], WORKED_ENV);
  return doorsOf(nightshift);
}

async function stop(): Promise<void> {
  nightshift.signal('SIGTERM');
  await nightshift.ended;
}

function approverAt({ api }: Doors): ApiClient {
  return createClient({ apiUrl: api, apiKey, keyFile: '', home: home() });
}

async function incident(service: string, ready: IncidentView['status'], ms = MS): Promise<IncidentView> {
  let last: IncidentView | undefined;
  const look = async (): Promise<IncidentView | undefined> => {
    [last] = (await approver.incidents({ service, limit: 1 })).incidents;
    return last?.status === ready ? last : undefined;
  };
  return until(look, `${service} is ${ready}`, ms).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${last?.status ?? 'no incident'} ${last?.reason ?? ''}`);
  });
}

/** Waits for a proposal and approves it. */
async function approve(service: string): Promise<IncidentView> {
  const asked = await incident(service, 'awaiting-approval');
  await approver.decide(asked.incidentId, { verdict: 'approve', proposal: asked.proposal?.proposal.digest ?? '' });
  return asked;
}

/** What Slack and Jira were told of a service, once Jira knows the end of it. */
async function told(service: string): Promise<{ readonly slack: readonly string[]; readonly jira: readonly string[]; readonly end: string }> {
  const about = (messages: readonly ToldMessage[]): readonly ToldMessage[] => messages.filter(({ title }) => title.includes(` ${service} (`));
  const both = (): readonly (readonly ToldMessage[])[] => [about(messagesTold(world.slack)), about(messagesTold(world.jira))];
  const [slack = [], jira = []] = await until(
    async () => (both()[1]?.length === 2 && both()[0]?.length === 3 ? both() : undefined),
    `what is told of ${service}`,
  );
  const what = (messages: readonly ToldMessage[]): readonly string[] => messages.map(({ title }) => title.replace(/^.*: /, ''));
  return { slack: what(slack), jira: what(jira), end: slack.at(-1)?.whole ?? '' };
}

const caller = (token: string): string => `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE}/nightshift-${token}`;
const TOKEN = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

test('errors that begin with a deployment are blamed on it, its group is rolled back once a person approved, and the service is well again', async () => {
  const brought = await deployByHand(world.aws, world.place, BAD);
  const asked = await approve(DEPLOYED);
  const [best] = asked.diagnosis?.hypotheses ?? [];
  expect(best).toMatchObject({ cause: 'bad-release', id: `change:codedeploy:${ACCOUNT}:${REGION}:${brought}`, suspect: DEPLOYED });
  expect(best?.supporting.map((id) => asked.diagnosis?.evidence[id])).toEqual([
    expect.stringMatching(/^deployment on checkout, .*the onset$/),
    'checkout logs 1 new warning or error pattern',
    expect.stringMatching(/^checkout: \d+ % of requests fail, 0 % before$/),
  ]);
  expect(asked.proposal).toMatchObject({ policy: { mode: 'approve', approvers: ['anyone with the role approver'] } });
  expect(asked.proposal?.proposal).toMatchObject({ runbook: { id: 'rollback-deployment', origin: 'built-in' } });
  expect(asked.proposal?.proposal.preview).toContainEqual(
    expect.stringMatching(/brings checkout\/live .* from checkout\/1\.5\.0\.zip.* back to checkout\/1\.4\.0\.zip/),
  );

  const done = await incident(DEPLOYED, 'resolved');
  expect(done).toMatchObject({ incidentId: asked.incidentId, proposal: { approvals: ['lena'] }, remediation: { verdict: 'recovered' } });
  expect(done.outcome).toEqual({
    kind: 'fixed',
    runbook: 'rollback-deployment@1',
    summary: expect.stringMatching(/^\d % of \d+ requests fail \(\d\d % before the remedy\)/) as string,
  });
  const [theirs, ours, ...more] = world.aws.effects.of('codedeploy');
  expect({ theirs: theirs?.id, more }).toEqual({ theirs: brought, more: [] });
  const token = ours?.comment?.replace('nightshift:', '') ?? '';
  expect(token).toMatch(TOKEN);
  expect(ours).toMatchObject({
    kind: 'codedeploy.deployment',
    target: `${DEPLOYED}/${GROUP}`,
    detail: { revision: revisionOf(GOOD) },
    principal: caller(token),
  });
  expect(world.practice.current).toBe(GOOD);

  const { slack, jira, end } = await told(DEPLOYED);
  expect({ slack, jira }).toEqual({
    slack: ['your approval is needed', 'approved, the remedy begins', 'resolved'],
    jira: ['your approval is needed', 'resolved'],
  });
  expect(end).toContain(done.outcome?.summary);
}, 90_000);

describe('a build of a watched branch fails and is built again', () => {
  beforeAll(async () => {
    // What was told before a restart is looked at right after it, and not only a minute later.
    await until(async () => ((await builtBuilds()) === builds.told ? true : undefined), 'the builds to be kept');
    await stop();
    approver = approverAt(await start());
    await Promise.all(Object.values(BUILT).map(approve));
  }, 120_000);

  async function builtBuilds(): Promise<number> {
    return (await approver.builds({ limit: 50 })).builds.filter(({ source }) => source === 'codebuild').length;
  }

  /** The one effect on a project: a build without its cache, of the same commit, by the role that acts and nobody else. */
  function rerunOf(service: string): string {
    const effects = world.aws.effects.of('codebuild').filter(({ target }) => target === service);
    const calls = world.aws.ledger.of('codebuild.StartBuild').filter(({ input }) => (input as { readonly projectName: string }).projectName === service);
    expect({ effects: effects.length, calls: calls.length }).toEqual({ effects: 1, calls: 1 });
    const [{ id = '', token = '', ...effect } = {}] = effects;
    expect(token).toMatch(TOKEN);
    expect(effect).toMatchObject({ kind: 'codebuild.build', principal: caller(token) });
    expect(calls[0]?.input).toMatchObject({
      ...{ sourceVersion: COMMIT, cacheOverride: { type: 'NO_CACHE' }, idempotencyToken: token },
      environmentVariablesOverride: [{ name: 'NIGHTSHIFT_TOKEN', value: token }],
    });
    expect(world.place.state(BUILDS).get(id)).toMatchObject({ cache: { type: 'NO_CACHE' }, resolvedSourceVersion: COMMIT });
    return id;
  }

  test.each([
    ['one that passes then was flaky', BUILT.flaky, 'Flaky: passed on a rerun in a clean environment, same commit 1a2b3c4.'],
    [
      'one that never came to its commands was a matter of the environment',
      BUILT.environment,
      'Environment: it failed before its own commands ran, at PROVISIONING; passed on a rerun in a clean environment.',
    ],
  ])(
    '%s',
    async (_what, service, summary) => {
      const done = await incident(service, 'resolved');
      expect(done).toMatchObject({ cause: 'failed-build', outcome: { kind: 'fixed', runbook: `${RERUN}@1`, summary }, remediation: { verdict: 'recovered' } });
      expect(done.proposal).toMatchObject({ approvals: ['lena'], proposal: { parameters: { build: builds.failed[service] } } });
      expect(done.remediation?.effects).toEqual([
        expect.stringContaining(`build ${rerunOf(service)} ended SUCCEEDED, a rerun of ${builds.failed[service] ?? ''} at ${COMMIT}`),
      ]);
      const { slack, jira, end } = await told(service);
      expect({ slack, jira }).toEqual({
        slack: ['your approval is needed', 'approved, the remedy begins', 'resolved'],
        jira: ['your approval is needed', 'resolved'],
      });
      expect(end).toContain(summary);
    },
    90_000,
  );

  test('one that fails in the same part again is broken: a person is asked, and nothing else is tried', async () => {
    const { broken } = BUILT;
    const left = await incident(broken, 'escalated');
    const verification = expect.stringMatching(
      /^Broken: failed again on a rerun in a clean environment, at BUILD after \d s, same commit 1a2b3c4\.$/,
    ) as string;
    expect(left).toMatchObject({ cause: 'failed-build', round: 2, remediation: { verdict: 'unchanged', verification } });
    expect(left.reason).toMatch(
      new RegExp(`^Build \\d+ of ${broken} failed at BUILD; broken\\. Its remedy, ${RERUN}, was tried \\(unchanged\\) in round 1; a person is needed\\.$`),
    );
    expect(left.remediation?.effects).toEqual([expect.stringContaining(`build ${rerunOf(broken)} ended FAILED in phase BUILD`)]);
    const { slack, jira, end } = await told(broken);
    expect({ slack, jira }).toEqual({
      slack: ['your approval is needed', 'approved, the remedy begins', 'a person is needed'],
      jira: ['your approval is needed', 'a person is needed'],
    });
    expect(end).toContain('Broken: failed again on a rerun in a clean environment');
  }, 90_000);
});

test('the rollback that AWS told of afterwards is known as its own, and is nobody to blame', async () => {
  await stop();
  const store = await openEmbedded({ home: home(), channels: [] });
  try {
    const changes = await store.changes.find({ service: DEPLOYED, from: 0, to: Date.now(), limit: 10 });
    expect(changes.map(({ kind, author }) => ({ kind, author }))).toEqual([
      { kind: 'deployment', author: 'nightshift' },
      { kind: 'deployment', author: 'codedeploy' },
    ]);
  } finally {
    await store.close();
  }
}, 30_000);
