import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSettings, readSettings, SettingsError } from '../lib/settings';
import { exampleFile, exampleWith, temporaryFolder } from './support/example';

/** What is wrong with the example after a change. */
function problemsOf(change: (file: Record<string, any>) => void): readonly string[] {
  const file = exampleFile();
  change(file);
  try {
    parseSettings(file, 'test.json');
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

test('the example can be used as it is', () => {
  assert.deepEqual(
    problemsOf(() => undefined),
    [],
  );
});

test('what is left out has a default', () => {
  const { observers, actuators } = parseSettings(
    { worker: { account: '111122223333', role: 'worker' }, observers: [{ account: '123456789012', regions: ['eu-central-1'] }] },
    'test.json',
  );
  assert.deepEqual(observers[0]?.queue, { retentionDays: 14, receives: 100 });
  assert.deepEqual(actuators, []);
});

test('everything that is wrong is told at once, with where it stands', () => {
  const problems = problemsOf((file) => {
    file.observers[0].account = 123;
    file.observers[0].regions[1] = 'Frankfurt';
    file.actuators[0].colour = 'red';
  });
  assert.equal(problems.length, 3);
  assert.match(problems.join('\n'), /observers\[0\]\.account .*\nobservers\[0\]\.regions\[1\] is not a region.*\nactuators\[0\] .*colour/);
});

const wrong: readonly (readonly [string, (file: Record<string, any>) => void, RegExp])[] = [
  ['a queue that gives up before Nightshift has set a message aside', (file) => (file.observers[0].queue = { receives: 5 }), /observers\[0\]\.queue\.receives/],
  ['a bucket that the role could not reach', (file) => (file.observers[0].archive.bucket = 'acme-archive'), /begins with nightshift/],
  ["lines of Nightshift's own log groups", (file) => (file.observers[0].logs.groups = ['/ecs/nightshift']), /whose lines would make new lines/],
  ['a stream in a region that is not observed', (file) => (file.observers[0].logs.regions = ['eu-west-1']), /logs\.regions eu-west-1 is not among/],
  ['a topic in a region without alarms', (file) => (file.observers[1].alarmTopics = ['arn:aws:sns:eu-west-1:210987654321:x']), /only topics of its own region/],
  ['an account twice', (file) => (file.observers[1].account = '123456789012'), /names the account 123456789012 twice/],
  ['an environment twice in an account', (file) => (file.actuators[1] = { ...file.actuators[0] }), /production of 123456789012 twice/],
  [
    'an actuator that may do nothing',
    (file) => (file.actuators[1] = { environment: 'staging', account: '210987654321', regions: ['eu-central-1'] }),
    /may do nothing/,
  ],
  ['a pattern in place of a name', (file) => (file.actuators[0].lambda = ['*']), /patterns such as \* are not taken/],
  ['a pattern in place of what is scaled', (file) => (file.actuators[0].scalableTargets[0].resources = ['service/*']), /patterns such as \* are not taken/],
  ['a dimension of another service', (file) => (file.actuators[0].scalableTargets[0].namespace = 'lambda'), /not a dimension of lambda/],
  [
    'what is scaled by another id than its namespace has',
    (file) => (file.actuators[1].scalableTargets = [{ namespace: 'elasticache', dimension: 'elasticache:cache-cluster:Nodes', resources: ['cluster/a'] }]),
    /actuators\[1\]\.scalableTargets cluster\/a is not an id of elasticache; write replication-group\/name or cache-cluster\/name/,
  ],
  ['a reasoner without a model', (file) => (file.reasoner.profiles = []), /one of models or profiles/],
  ['a door without TLS', (file) => (file.observers[0].hook.url = 'http://nightshift.example.com'), /beginning with https/],
  ['regions of two partitions', (file) => (file.observers[1].regions = ['cn-north-1']), /aws and aws-cn/],
];
for (const [what, change, why] of wrong) test(`${what} is refused`, () => assert.match(problemsOf(change).join('\n'), why));

test("a team's own resource is scaled by the address that stands for it", () => {
  const resources = ['https://abc123.execute-api.eu-central-1.amazonaws.com/prod/scalableTargetDimensions/1-2'];
  const scalableTargets = [{ namespace: 'custom-resource', dimension: 'custom-resource:ResourceType:Property', resources }];
  assert.deepEqual(
    problemsOf((file) => (file.actuators[1].scalableTargets = scalableTargets)),
    [],
  );
});

test('a file that is missing says what to copy', () => {
  assert.throws(() => readSettings('/nowhere/nightshift.infra.json'), /copy nightshift\.infra\.example\.json/);
});

test('a file that is no JSON is named', () => {
  const file = join(temporaryFolder(), 'broken.json');
  writeFileSync(file, '{ "worker": ');
  assert.throws(() => readSettings(file), /broken\.json cannot be used:\n {2}- it is no JSON/);
});

test('an account of another partition gets ARNs of that partition', () => {
  const settings = exampleWith((file) => {
    delete file.reasoner;
    file.actuators = [];
    file.observers = [{ account: '123456789012', regions: ['cn-north-1'] }];
  });
  assert.deepEqual(settings.observers[0]?.regions, ['cn-north-1']);
});
