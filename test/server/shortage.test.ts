import { devNull } from 'node:os';
import type { IncidentView } from '../../domain/incident-view';
import { sampleAlert } from '../fakes/sample-incident';
import { realClock } from '../fakes/aws/clock';
import { keysOf } from '../fakes/aws/identity';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { GROUPS, putAutoScalingGroup } from '../fakes/aws/services/autoscaling-store';
import { putRole } from '../fakes/aws/services/sts';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { until } from './until';

// A shortage that is foretold, from the forecast to the end of its schedule. Nightshift and the fake AWS have one clock, which runs ahead as the test likes; Temporal has the machine's.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [ACCOUNT, REGION, GROUP, INSTANCES] = ['111122223333', 'eu-central-1', 'web', 4];
const OTHER_GROUP = 'cafe';
const ROLE = 'nightshift-actuator-test';
/** Scrapes that tell what is normal: of two alone, of which one came late, nobody can. */
const CALM = 16;
const STEP_MS = 5 * MINUTE;
const KNOWN_MS = 12 * HOUR;
const PER_INSTANCE = 25;
/** Connections now, how many more come in an hour, and until when they grow. */
const [NOW, GROWTH, PEAK_MS] = [85, 5, 3 * HOUR];
/** So many steps after it has scaled out, however often Nightshift has looked meanwhile, nothing is expected any more. */
const STEPS_AFTER = 16;
const LONG_MS = 60_000;

const [service, other] = [serviceName('shop'), serviceName('cafe')];
/** The first step of the forecast that is not known: from here on all is counted, so that it knows the same whenever this runs. */
const begin = Math.floor(Date.now() / STEP_MS) * STEP_MS;
let aheadMs = 0;
const clock = { now: () => Date.now() + aheadMs };
let aws: FakeAws;
let h: Harness;
let looks = 0;

/** They grow for hours, a little unevenly, and become fewer after their peak. */
function connections(at: number): number {
  const since = at - begin;
  const grown = Math.min(since, PEAK_MS) - Math.max(0, since - PEAK_MS);
  return NOW + (GROWTH * grown) / HOUR + 0.4 * Math.sin(since / MINUTE);
}

const place = (): ReturnType<FakeAws['place']> => aws.place(REGION, ACCOUNT);

function running(): number {
  // What is due happens when somebody looks.
  expect(aws.effects.entries).toBeDefined();
  return place().state(GROUPS).get(GROUP)?.DesiredCapacity ?? 0;
}

const handsOn = (group: string): object => ({ kind: 'aws', account: ACCOUNT, region: REGION, autoscaling: { group } });

beforeAll(async () => {
  aws = await startFakeAws({ clock: { ...realClock(), ...clock }, pageSize: 'real' });
  for (const AutoScalingGroupName of [GROUP, OTHER_GROUP])
    putAutoScalingGroup(place(), { AutoScalingGroupName, MinSize: INSTANCES, MaxSize: 20, DesiredCapacity: INSTANCES } as never);
  putRole(place(), { arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, externalId: 'ours' });
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' });
  Object.assign(process.env, { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull });
  h = await startHarness({
    services: [service, other],
    clock,
    hands: { [service]: handsOn(GROUP), [other]: handsOn(OTHER_GROUP) },
    saturation: [{ name: 'connections', used: 'connections_in_use', limit: 'connections_limit' }],
    sections: {
      predictions: { every: '1s' },
      aws: {
        accounts: [{ id: ACCOUNT, regions: [REGION], environment: 'test', actuator: { role: ROLE, externalId: { env: 'EXTERNAL_ID' } } }],
        acting: { poll: '200ms', settle: '2s' },
        endpoint: aws.endpoint,
      },
    },
    env: { EXTERNAL_ID: 'ours' },
    policy: { rules: [{ mode: 'auto' }] },
    known: async (store) => {
      const rows = Array.from({ length: KNOWN_MS / STEP_MS }, (_, i) => {
        const at = begin - KNOWN_MS + (i + 1) * STEP_MS;
        return { at, measures: [{ name: 'saturation:connections', kind: 'saturation' as const, value: connections(at) / (PER_INSTANCE * INSTANCES) }] };
      });
      await store.measures.append(1000, [{ environment: 'test', service, rows }]);
    },
  });
  h.practice(service).gauges.set('connections_in_use', () => connections(clock.now()));
  h.practice(service).gauges.set('connections_limit', () => {
    looks += 1;
    return PER_INSTANCE * running();
  });
}, 60_000);

afterAll(async () => {
  await h.close();
  await aws.close();
}, 30_000);

/** Lets the clock run ahead to a time, and Nightshift see how full it is then. */
async function goTo(at: number): Promise<void> {
  aheadMs += Math.max(0, at - clock.now());
  const before = looks;
  await until(async () => (looks >= before + 2 ? true : undefined), 'the service to be measured');
}

const view = (ready: (view: IncidentView) => boolean): Promise<IncidentView> => h.incident(service, ready, LONG_MS);
const newest = async (): Promise<IncidentView | undefined> => (await h.api.incidents({ service, limit: 1 })).incidents[0];
const proposalOf = ({ proposal }: IncidentView): NonNullable<IncidentView['proposal']>['proposal'] => {
  if (!proposal) throw new Error('nothing is proposed');
  return proposal.proposal;
};
/** What truly happened to the group, in order. */
const happened = () => aws.effects.entries.filter(({ target }) => target === GROUP);

// It comes first, as the clock of the other one runs away from Temporal's.
test('trouble that comes while the end of a prediction is awaited begins a new round', async () => {
  await until(async () => (h.practice(other).scrapes >= CALM ? true : undefined), 'numbers of calm times');
  const now = clock.now();
  const told = sampleAlert('told', {
    environment: 'test',
    service: other,
    name: 'PredictedBreach',
    source: 'forecast',
    severity: 'sev3',
    signal: 'saturation:pool',
  });
  const shortage = { from: now + 3 * HOUR, until: now + 4 * HOUR, factor: 1.1 };
  await h.store.inbox.accept([{ ...told, startsAt: new Date(now).toISOString(), shortage }], now, 1000);
  const asked = await h.incident(other, ({ status }) => status === 'awaiting-approval', LONG_MS);
  await h.api.decide(asked.incidentId, { verdict: 'approve', proposal: proposalOf(asked).digest });
  expect(await h.incident(other, ({ remediation }) => remediation?.verdict !== undefined, LONG_MS)).toMatchObject({ status: 'watching', round: 1 });
  await h.alert(other);
  expect(await h.incident(other, ({ round, diagnosis }) => round === 2 && diagnosis !== undefined, LONG_MS)).toMatchObject({ incidentId: asked.incidentId });
}, 90_000);

test('a foretold shortage waits for a person, AWS scales out at its time and later back in, and the incident ends when it is not expected any more', async () => {
  const asked = await view(({ status }) => status === 'awaiting-approval');
  expect(asked.alerts).toMatchObject([{ name: 'PredictedBreach', source: 'forecast', signal: 'saturation:connections', status: 'firing' }]);
  expect(asked).toMatchObject({ cause: 'resource-exhaustion', severity: 'sev3', affected: expect.stringMatching(/^nobody yet/) as string });
  expect(asked.title).toMatch(/: connections will be full in \d to \d hours$/);
  // The policy says auto; what is only predicted is asked for all the same.
  expect(asked.proposal?.policy).toMatchObject({ mode: 'approve', reason: expect.stringContaining('says auto; a person is asked all the same') as string });
  const { runbook, parameters, preview, digest } = proposalOf(asked);
  expect(runbook).toMatchObject({ id: 'schedule-capacity', origin: 'built-in' });
  const { at = '', until: end = '' } = parameters;
  const [up, back] = [Date.parse(at), Date.parse(end)];
  expect(up).toBeGreaterThan(clock.now() + HOUR);
  expect(preview).toContainEqual(expect.stringMatching(new RegExp(`${GROUP} in ${ACCOUNT}/${REGION} from 4 to 5 from .* until .*, then back to 4`)));
  expect(happened()).toEqual([]);

  await h.api.decide(asked.incidentId, { verdict: 'approve', proposal: digest });
  const provided = await view(({ status, remediation }) => status === 'escalated' || remediation?.verdict !== undefined);
  expect(provided).toMatchObject({ status: 'watching', reason: expect.stringMatching(/^Nothing was broken before the remedy/) as string });
  const [token = ''] = provided.remediation?.effects[0]?.split(' ') ?? [];
  const scheduled = [
    { kind: 'autoscaling.scheduled', id: `nightshift-${token}-back`, target: GROUP, detail: { at: new Date(back).toISOString(), min: 4 } },
    { kind: 'autoscaling.scheduled', id: `nightshift-${token}-up`, target: GROUP, detail: { at: new Date(up).toISOString(), min: 5 } },
  ];
  expect(happened()).toMatchObject(scheduled);
  const session = new RegExp(`:assumed-role/${ROLE}/nightshift-${token}$`);
  expect(happened().filter(({ principal }) => !session.test(principal))).toEqual([]);
  expect(running()).toBe(4);

  await goTo(up);
  expect(running()).toBe(5);
  // A level that has lasted for a while is known to be a new one.
  for (let steps = 0; steps < STEPS_AFTER && !(await newest())?.outcome; steps += 1) await goTo(clock.now() + STEP_MS);
  const done = await view(({ status }) => status === 'resolved');
  expect(done).toMatchObject({ incidentId: asked.incidentId, status: 'resolved', outcome: { kind: 'fixed', runbook: 'schedule-capacity@1' } });
  expect(done.reason).toBe('What was predicted is not expected any more, and it has not come.');
  expect(done.alerts).toMatchObject([{ name: 'PredictedBreach', status: 'resolved' }]);

  // AWS ends it, whoever looks.
  expect(running()).toBe(5);
  await goTo(back);
  expect(place().state(GROUPS).get(GROUP)).toMatchObject({ MinSize: 4, MaxSize: 20, DesiredCapacity: 4 });
  const sizes = (count: number): object => ({ min: count, max: 20, desired: count });
  expect(happened()).toMatchObject([
    ...scheduled,
    { kind: 'autoscaling.fired', id: `nightshift-${token}-up`, at: up },
    { kind: 'autoscaling.capacity', target: GROUP, at: up, detail: { from: sizes(4), to: sizes(5) } },
    { kind: 'autoscaling.fired', id: `nightshift-${token}-back`, at: back },
    { kind: 'autoscaling.capacity', target: GROUP, at: back, detail: { from: sizes(5), to: sizes(4) } },
  ]);
}, 150_000);
