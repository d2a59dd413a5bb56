import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import type { Launchers } from '../../cli/deps';
import { EXIT } from '../../cli/exit-codes';
import { policyOf } from '../../domain/aws/policy';
import type { AwsHands } from '../../domain/aws/hands';
import type { PolicyDocument } from '../../domain/aws/policy';
import { LOOKBACK_ACTIONS } from '../../domain/aws/prices';
import type { Service } from '../../domain/inventory';
import { doctor } from '../../workers/doctor';
import { awsFindings, rolePolicy } from '../../workers/doctor-aws';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putRolePolicy } from '../fakes/aws/services/iam';
import { useProfiles } from '../fakes/aws/profiles';
import { cli } from '../fakes/cli-harness';

const [MINE, OTHER] = ['111122223333', '444455556666'];
let aws: FakeAws;
let restore: () => void;
beforeEach(async () => {
  aws = await startFakeAws();
  restore = useProfiles({ mine: MINE });
});
afterEach(async () => {
  restore();
  await aws.close();
});

const configured = (id: string, regions: readonly string[]) => ({
  accounts: [{ id, regions, environment: 'production', profile: 'mine' }],
  timeoutMs: 30_000,
  endpoint: aws.endpoint,
  scorers: [],
});

test('an account whose credentials work and may read everything is fine', async () => {
  expect(await awsFindings(configured(MINE, ['eu-west-1']))).toEqual([
    expect.objectContaining({ check: `aws ${MINE}/eu-west-1`, ok: true, detail: expect.stringContaining('25 kinds of reading are allowed') as string }),
  ]);
});

test('a missing permission is told by its action, with the command that prints the policy', async () => {
  aws.fault({ effect: 'deny', service: 'cloudtrail' });
  const [finding] = await awsFindings(configured(MINE, ['eu-west-1']));
  expect(finding).toMatchObject({ ok: false, detail: expect.stringContaining('not allowed: cloudtrail:LookupEvents') as string });
  expect(finding?.mend).toContain('doctor --aws --policy');
});

test('credentials of another account are told, and nothing is read with them', async () => {
  const [finding] = await awsFindings(configured(OTHER, ['eu-west-1']));
  expect(finding).toMatchObject({ ok: false, detail: expect.stringContaining(`are those of account ${MINE}, not of ${OTHER}`) as string });
  expect(aws.ledger.entries.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
});

test('a region that does not answer does not keep the others from being looked at', async () => {
  aws.fault({ effect: 'refuse', region: 'us-east-1', service: 'sts' });
  const findings = await awsFindings(configured(MINE, ['eu-west-1', 'us-east-1']));
  expect(findings.map(({ check, ok }) => [check, ok])).toEqual([
    [`aws ${MINE}/eu-west-1`, true],
    [`aws ${MINE}/us-east-1`, false],
  ]);
});

test('without an account it says how to configure one', async () => {
  expect(await awsFindings(undefined)).toEqual([expect.objectContaining({ ok: false, detail: 'no account is configured' })]);
});

test('the command line prints the policy of the role, and looks at nothing', async () => {
  let printed = '';
  const io = {
    ...{ stdout: { write: (text: string) => (printed += text) }, stderr: { write: () => true }, stdin: new PassThrough(), color: false },
    columns: 80,
  };
  const terminal = { ...io, stdinIsTty: false, stdoutIsTty: false, stderrIsTty: false };
  const not = (): Promise<never> => Promise.reject(new Error('not expected to be launched'));
  const launchers: Launchers = {
    ...{ start: not, demo: not, upgradeCheck: not, restore: not, init: not, initAws: not, lookback: not },
    doctor: (options) => doctor({ ...options, io: terminal, env: {}, cwd: tmpdir() }),
  };
  const { code } = await cli('http://127.0.0.1:9', ['doctor', '--aws', '--policy', '--role', 'subscriber'], { deps: { launchers } });
  expect([code, JSON.parse(printed)]).toEqual([EXIT.ok, policyOf('subscriber', { partition: 'aws', roles: [] })]);
  expect(aws.ledger.entries).toEqual([]);
});

test('who reads may take on the roles of the accounts and of the export, each named once', () => {
  const role = (name: string) => ({ arn: `arn:aws:iam::${MINE}:role/${name}` });
  const account = { id: MINE, regions: ['eu-west-1'], environment: 'production', role: role('observer') };
  const exported = (name: string) => ({
    bucket: 'b',
    prefix: 'p',
    account: { ...account, role: role(name) },
    region: 'eu-west-1',
    everyMs: 1,
    shingle: 8,
    measures: false,
  });
  const assumed = (name: string) =>
    rolePolicy('observer', { accounts: [account], timeoutMs: 1, export: exported(name) })
      .Statement.filter(({ Action }) => Action.includes('sts:AssumeRole'))
      .flatMap(({ Resource }) => Resource);
  expect([assumed('exporter'), assumed('observer')]).toEqual([[role('observer').arn, role('exporter').arn], [role('observer').arn]]);
});

test('a look back prints its own policy, which writes nothing', async () => {
  const { code, json } = await cli('http://127.0.0.1:9', ['lookback', '--aws', '--print-policy']);
  const { Statement } = json<PolicyDocument>();
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  expect([code, [...allowed].sort()]).toEqual([EXIT.ok, [...LOOKBACK_ACTIONS].sort()]);
});

test('--policy without --aws is a mistake', async () => {
  expect(await cli('http://127.0.0.1:9', ['doctor', '--policy'])).toMatchObject({
    code: EXIT.usage,
    err: expect.stringContaining('belongs to --aws') as string,
  });
});

describe('an account with hands', () => {
  const arn = `arn:aws:iam::${MINE}:role/nightshift-actuator-production`;
  const hands: AwsHands = {
    ...{ kind: 'aws', account: MINE, region: 'eu-west-1', codedeploy: { application: 'shop', group: 'live' } },
    target: { provider: 'aws', partition: 'aws', account: MINE, region: 'eu-west-1', kind: 'service', id: 'production/shop' },
  };
  const services: Service[] = [{ name: 'shop', environment: 'production', tier: 'critical', dependsOn: [], hands }];
  const acting = () => ({
    ...configured(MINE, ['eu-west-1']),
    accounts: configured(MINE, ['eu-west-1']).accounts.map((each) => ({ ...each, actuator: { arn } })),
  });
  const policyWithout = (action?: string): string => {
    const { Version, Statement } = rolePolicy('actuator', undefined, services);
    return JSON.stringify({ Version, Statement: Statement.map((each) => ({ ...each, Action: each.Action.filter((one) => one !== action) })) });
  };

  test('is fine with the policy that doctor prints for its actuator', async () => {
    putRolePolicy(aws.place('eu-west-1', MINE), { arn, policy: policyWithout() });
    const [actuator] = await awsFindings(acting(), services);
    expect(actuator).toMatchObject({ check: `actuator ${MINE}/eu-west-1`, ok: true, detail: 'it may do what the hands of 1 of your services ask for' });
    // Nothing was tried: IAM judges by itself.
    expect(aws.effects.entries).toEqual([]);
  });

  test('is told what IAM was not asked about, each with its resource', async () => {
    const scaling = { namespace: 'sagemaker', resource: 'endpoint/scores/variant/a', dimension: 'sagemaker:variant:DesiredInstanceCount' };
    const scaled = services.map((each) => ({ ...each, hands: { ...hands, scaling } }));
    const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    putRolePolicy(aws.place('eu-west-1', MINE), { arn, policy: JSON.stringify(everything) });
    const [actuator] = await awsFindings(acting(), scaled);
    expect(actuator).toMatchObject({
      ok: true,
      detail: [
        'it may do what the hands of 1 of your services ask for; not asked about, as it is not on one resource that is known',
        `sagemaker:DescribeEndpointConfig on arn:aws:sagemaker:eu-west-1:${MINE}:endpoint-config/*; cloudwatch:DeleteAlarms, cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:eu-west-1:${MINE}:alarm:`,
      ].join(': '),
    });
  });

  test('is told what its actuator may not do, and to what', async () => {
    putRolePolicy(aws.place('eu-west-1', MINE), { arn, policy: policyWithout('codedeploy:StopDeployment') });
    const [actuator] = await awsFindings(acting(), services);
    expect(actuator).toMatchObject({
      ok: false,
      detail: `not allowed: codedeploy:StopDeployment on arn:aws:codedeploy:eu-west-1:${MINE}:deploymentgroup:shop/live`,
    });
    expect(actuator?.mend).toContain('--role actuator');
  });

  test('is told when the role is not there', async () => {
    const [actuator] = await awsFindings(acting(), services);
    expect(actuator).toMatchObject({ ok: false, detail: expect.stringContaining('nightshift-actuator-production cannot be found') as string });
  });
});
