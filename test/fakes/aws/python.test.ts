import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { testClock } from './clock';
import { keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { SERVICES } from './services';
import { ACTUATORS } from './support/actuator-calls';
import { fillActuators } from './support/actuator-facts';
import { CALLS, REFUSED } from './support/calls';
import type { PythonCall } from './support/calls';
import { fill, NOW } from './support/facts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const MODULES = 'awscli.clidriver, boto3';

/** What a client made of an answer. */
interface Told {
  readonly answer?: unknown;
  readonly error?: string;
  readonly requestId?: boolean;
}

function hasClients(): boolean {
  try {
    execFileSync('python3', ['-c', `import ${MODULES}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Makes calls by one of the clients, unmodified, in one process. */
function make(aws: FakeAws, by: 'boto3' | 'cli', calls: readonly PythonCall[]): Promise<Told[]> {
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  const settings = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_DEFAULT_REGION: REGION };
  const none = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [join(__dirname, 'support', 'clients.py')], { env: { PATH: process.env['PATH'], ...settings, ...none } });
    const told = { out: '', err: '' };
    child.stdout.on('data', (data: Buffer) => (told.out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (told.err += data.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(told.out) as Told[]) : reject(new Error(told.err))));
    child.stdin.end(JSON.stringify(calls.map(({ service, operation, given = {} }) => ({ by, service, operation, given }))));
  });
}

function matching(expected: object): unknown {
  return expect.objectContaining(expected);
}

test('both are asked for every operation that the fake has', () => {
  const calls = [...CALLS('http://127.0.0.1'), ...REFUSED('http://127.0.0.1'), ...ACTUATORS];
  const asked = new Set(calls.map(({ operation }) => operation.replaceAll('_', '')));
  const all = SERVICES.flatMap(({ signedAs, operations }) => Object.keys(operations).map((name) => `${signedAs}.${name}`));
  expect(all.filter((name) => !asked.has(name.replace(/^.*\./, '').toLowerCase()))).toEqual([]);
});

if (!hasClients()) {
  test('the AWS CLI and boto3 are here in CI', () => {
    if (!process.env['CI']) process.stderr.write('awscli and boto3 (PyPI) are not installed: the fake of AWS was not judged by them.\n');
    expect(process.env['CI'] ? 'no awscli and boto3 found; install them from PyPI' : 'not CI').toBe('not CI');
  });
} else {
  describe.each(['boto3', 'cli'] as const)('%s', (by) => {
    let aws: FakeAws;
    beforeEach(async () => {
      aws = await startFakeAws({ clock: testClock(NOW), pageSize: 'real' });
      fill(aws.place(REGION, ACCOUNT));
    });
    afterEach(() => aws.close());

    test('accepts the answers of every service', async () => {
      const calls = CALLS(aws.endpoint).filter(({ only }) => only === undefined || only === by);
      const told = await make(aws, by, calls);
      const wanted = calls.map(({ operation, expected = {} }) => [operation, matching(expected)]);
      expect(told.map(({ answer, error }, i) => [calls[i]?.operation, error ?? answer])).toEqual(wanted);
    });

    test('accepts the errors of every protocol', async () => {
      const calls = REFUSED(aws.endpoint);
      const told = await make(aws, by, calls);
      expect(told.map(({ error, requestId = true }, i) => [calls[i]?.operation, error, requestId])).toEqual(
        calls.map(({ operation, error }) => [operation, error, true]),
      );
    });

    test('accepts what actuators answer and refuse, as time passes', async () => {
      const other = await startFakeAws({ clock: testClock(NOW), pageSize: 'real' });
      fillActuators(other.place(REGION, ACCOUNT));
      const told = await make(other, by, ACTUATORS).finally(() => other.close());
      const wanted = ACTUATORS.map(({ operation, expected = {}, error }) => [operation, error ?? matching(expected)]);
      expect(told.map(({ answer, error }, i) => [ACTUATORS[i]?.operation, error ?? answer])).toEqual(wanted);
    });

    test('accepts throttling, denials and failures of the server', async () => {
      aws.fault({ effect: 'throttle', operation: 'ListApplications' });
      aws.fault({ effect: 'throttle', operation: 'ListFunctions' });
      aws.fault({ effect: 'throttle', operation: 'ListObjectsV2' });
      aws.fault({ effect: 'deny', operation: 'DescribeAlarms' });
      aws.fault({ effect: 'deny', operation: 'GetCallerIdentity' });
      aws.fault({ effect: 'fail', operation: 'ListProjects' });
      const calls: PythonCall[] = [
        { service: 'codedeploy', operation: 'list_applications' },
        { service: 'lambda', operation: 'list_functions' },
        { service: 's3', operation: 'list_objects_v2', given: { Bucket: 'archive' } },
        { service: 'cloudwatch', operation: 'describe_alarms' },
        { service: 'sts', operation: 'get_caller_identity' },
        { service: 'codebuild', operation: 'list_projects' },
      ];
      const told = await make(aws, by, calls);
      expect(told.map(({ error }) => error)).toEqual([
        'ThrottlingException',
        'TooManyRequestsException',
        'SlowDown',
        'AccessDeniedException',
        'AccessDenied',
        'InternalFailure',
      ]);
    });
  });
}
