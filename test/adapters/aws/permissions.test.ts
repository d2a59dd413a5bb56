import { readPermissions } from '../../../adapters/aws/permissions';
import { READ_ACTIONS } from '../../../domain/aws/prices';
import { accessTo } from '../../fakes/aws/access';
import { startFakeAws } from '../../fakes/aws/server';
import type { FakeAws } from '../../fakes/aws/server';
import { setSupportPlan } from '../../fakes/aws/services/health';

const ACCOUNT = '111122223333';
const PLACE = { account: ACCOUNT, region: 'eu-west-1' };

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.close());

async function look() {
  const settings = await accessTo(aws, [{ id: ACCOUNT, regions: [PLACE.region], environment: 'production' }]).reading(PLACE);
  return readPermissions(settings, '111122223333/eu-west-1');
}

test('every kind of reading is tried once, and where nothing is refused all are allowed, also those of which there is nothing', async () => {
  const { missing, unclear, allowed } = await look();
  expect([missing, unclear]).toEqual([[], []]);
  // Whose the credentials are is asked before.
  expect(allowed).toBe(READ_ACTIONS.length - 1);
  expect(aws.ledger.entries).toHaveLength(allowed);
});

test('what is refused is told by its action', async () => {
  aws.fault({ effect: 'deny', service: 'codepipeline', operation: 'ListActionExecutions' });
  aws.fault({ effect: 'deny', service: 'tagging' });
  expect((await look()).missing).toEqual(['codepipeline:ListActionExecutions', 'tag:GetResources']);
});

test('a missing support plan is no missing permission', async () => {
  setSupportPlan(aws.place(PLACE.region, ACCOUNT), { has: false });
  expect(await look()).toMatchObject({ missing: [], unclear: [] });
});

test('what does not answer is neither allowed nor missing', async () => {
  aws.fault({ effect: 'refuse', service: 'cloudtrail' });
  aws.fault({ effect: 'throttle', service: 'ecs', operation: 'ListClusters' });
  const { missing, unclear } = await look();
  expect(missing).toEqual([]);
  expect(unclear).toEqual([expect.stringContaining('cloudtrail:LookupEvents'), expect.stringContaining('ecs:ListClusters')]);
});

test('nothing but reading is sent', async () => {
  await look();
  expect(aws.ledger.entries.filter(({ operation }) => !/^(?:BatchGet|Describe|Get|List|Lookup)/.test(operation))).toEqual([]);
});
