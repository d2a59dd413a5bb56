import { createExecutionActivities } from '../../../../activities/execution';
import { createActuator } from '../../../../adapters/aws/hands/actuator';
import { createAwsCarriers } from '../../../../adapters/aws/hands/carriers';
import { createAwsHands } from '../../../../adapters/aws/hands/describe';
import { targetId } from '../../../../domain/inventory';
import type { Service } from '../../../../domain/inventory';
import type { Executed } from '../../../../domain/steps';
import { effectToken } from '../../../../domain/tokens';
import { testClock } from '../../../fakes/aws/clock';
import type { TestClock } from '../../../fakes/aws/clock';
import { keysOf } from '../../../fakes/aws/identity';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putDocument } from '../../../fakes/aws/services/ssm-store';
import { putRole } from '../../../fakes/aws/services/sts';
import { MemoryStore } from '../../../fakes/memory-store';
import { NOW } from './world';

const ACCOUNTS = ['111122223333', '444455556666', '777788889999'] as const;
const REGIONS = ['eu-west-1', 'us-east-1'] as const;
const PLACES = ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ account, region })));
type Somewhere = (typeof PLACES)[number];

const environmentOf = ({ account, region }: Somewhere): string => `${account}-${region}`;
const roleOf = (account: string): string => `arn:aws:iam::${account}:role/nightshift-actuator`;

/** The service `shop`, one in each place. */
function shopIn(place: Somewhere): Service & { readonly hands: NonNullable<Service['hands']> } {
  const environment = environmentOf(place);
  const target = { provider: 'aws', partition: 'aws', ...place, kind: 'service', id: `${environment}/shop` };
  const automations = [{ name: 'restart', document: 'Restart-Service', parameters: { Service: ['shop'] } }];
  return { name: 'shop', environment, tier: 'critical', dependsOn: [], hands: { kind: 'aws', ...place, automations, target } };
}

let aws: FakeAws;
let clock: TestClock;
beforeEach(async () => {
  clock = testClock(NOW);
  aws = await startFakeAws({ clock });
  const { accessKeyId, secretAccessKey } = keysOf('999988887777');
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  for (const { account, region } of PLACES) {
    const place = aws.place(region, account);
    const steps = [{ name: 'restart', durationMs: 500, effect: { kind: 'service.restart', parameter: 'Service' } }];
    putDocument(place, { name: 'Restart-Service', type: 'Automation', parameters: { Service: null }, steps });
    putRole(place, { arn: roleOf(account) });
  }
});
afterEach(() => aws.close());

/** Carries the same step of the same incident out on the service of each place; `arnOf` is whose role is assumed for an account. */
async function restart(places: readonly Somewhere[], arnOf: (account: string) => string = roleOf): Promise<Executed[]> {
  const accounts = ACCOUNTS.map((id) => ({ id, regions: REGIONS, environment: 'production', actuator: { arn: arnOf(id) } }));
  const store = new MemoryStore();
  const actuator = createActuator({ accounts, timeoutMs: 1_000, endpoint: aws.endpoint }, clock);
  const carrier = createAwsCarriers({ actuator, clock, state: store.state })['ssm.automation'];
  const { execute } = createExecutionActivities({
    ...{ intents: store.intents, killSwitch: store.killSwitch, inventory: { services: PLACES.map(shopIn) }, clock },
    hands: { describe: createAwsHands({ access: actuator.access }).describe, look: carrier.look, act: carrier.act },
    ...{ heartbeat: () => undefined, beatEveryMs: 60_000, pause: async (ms: number) => clock.advance(ms) },
  });
  const done: Executed[] = [];
  for (const place of places) {
    const { environment, hands } = shopIn(place);
    const target = targetId(hands.target);
    const token = effectToken({ incidentId: 'inc-a', round: 1, step: 'restart', target });
    await store.intents.prepare(
      [{ token, incidentId: 'inc-a', round: 1, step: 'restart', target, runbook: 'restart-by-automation', intendedAt: NOW }],
      () => [],
    );
    const step = { id: 'restart', name: 'Restart', action: 'ssm.automation', inputs: { automation: 'restart' }, token, timeoutMs: 60_000 } as const;
    done.push(await execute({ incidentId: 'inc-a', environment, service: 'shop', target: hands.target, step }));
  }
  return done;
}

const restarts = () => aws.effects.of('service.restart').map(({ account, region }) => ({ account, region }));

test.each(PLACES)('a restart of shop in $account/$region is one effect, there and nowhere else', async (place) => {
  expect(await restart([place])).toMatchObject([{ state: 'done' }]);
  expect(restarts()).toEqual([place]);
  expect(aws.ledger.of('ssm').filter(({ account, region }) => account !== place.account || region !== place.region)).toEqual([]);
});

test('restarts of shop in all accounts and regions are one effect in each', async () => {
  await restart(PLACES);
  await restart(PLACES);
  expect(restarts()).toEqual(PLACES);
  expect(new Set(aws.effects.of('service.restart').map(({ token }) => token)).size).toBe(PLACES.length);
});

test('where a role turns out to be of another account nothing is done, and both are named', async () => {
  const [elsewhere] = await restart([{ account: '111122223333', region: 'eu-west-1' }], () => roleOf('444455556666'));
  expect(elsewhere).toMatchObject({ state: 'refused', detail: 'shop is expected in 111122223333/eu-west-1, but 444455556666/eu-west-1 answered.' });
  expect(aws.effects.entries).toEqual([]);
  expect(aws.ledger.of('ssm')).toEqual([]);
});
