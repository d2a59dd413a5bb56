import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { ownPolicy } from '../lib/own-policies';
import { PACKAGE_ROOT } from '../lib/package-root';
import { writePlain } from '../lib/write-plain';
import { exampleFile, exampleWith, smallBundle, temporaryFolder } from './support/example';

/** Most bytes of a template that CloudFormation takes without a bucket to get it from. */
const MOST_TEMPLATE = 51_200;
const HOME = 'observer-123456789012-eu-central-1';
/** Version 1.x that .ci/run installs. */
const CFN_LINT = 58;

function synth(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist', 'bin', 'synth.js'), ...args], { encoding: 'utf8' });
}

/** What has to be done before cfn-lint can judge; an older one does not know calls of AWS that are used here. */
function cfnLintMissing(): string | undefined {
  const { stdout, status } = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = status === 0 ? (stdout.match(/\d+/g) ?? []).map(Number) : [];
  return major > 1 || (major === 1 && minor >= CFN_LINT)
    ? undefined
    : `cfn-lint 1.${String(CFN_LINT)} or newer is not at hand: \`pip install cfn-lint\` gets it`;
}

describe('what teams without the CDK get', () => {
  let folder: string;
  let files: readonly string[];
  const read = (file: string): any => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const templates = (): readonly string[] => readdirSync(join(folder, 'templates'));
  before(() => {
    folder = temporaryFolder();
    files = writePlain(exampleWith(), { folder, bundle: smallBundle() });
  });

  test('a template for each account, region and environment', () => {
    assert.deepEqual([...templates()].sort(), [
      ...['actuator-123456789012-production.json', 'actuator-210987654321-staging.json', `${HOME}.json`, 'observer-123456789012-us-east-1.json'],
      ...['observer-210987654321-eu-central-1.json', 'reasoner-111122223333.json'],
    ]);
  });

  test('templates ask for nothing that only the CDK makes, and are small enough to be given as they are', () => {
    for (const name of templates()) {
      const text = readFileSync(join(folder, 'templates', name), 'utf8');
      assert.doesNotMatch(text, /cdk-|BootstrapVersion|AssetParameters|aws:cdk/, name);
      assert.ok(Buffer.byteLength(text) < MOST_TEMPLATE, name);
    }
  });

  test('the code of the function comes from a bucket that is named at deployment', () => {
    const { Parameters, Resources } = read(`templates/${HOME}.json`);
    const [made] = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    assert.deepEqual(made.Properties.Code, { S3Bucket: { Ref: 'HookCodeBucket' }, S3Key: { Ref: 'HookCodeKey' } });
    assert.deepEqual(Object.keys(Parameters).sort(), ['ExternalId', 'HookCodeBucket', 'HookCodeKey']);
    assert.ok(existsSync(join(folder, 'post-build.zip')));
  });

  test('policies are documents of IAM, with a text in place of the external id', () => {
    assert.deepEqual(read(`policies/${HOME}/nightshift-archive.nightshift.json`), ownPolicy('archive', { region: 'eu-central-1' }));
    const trust = read('policies/actuator-210987654321-staging/nightshift-actuator-staging.trust.json');
    assert.deepEqual(trust.Statement[0].Condition.StringEquals, { 'sts:ExternalId': 'WRITE-YOUR-EXTERNAL-ID-HERE' });
    const policies = files.filter((file) => file.startsWith('policies'));
    assert.doesNotMatch(policies.map((file) => readFileSync(join(folder, file), 'utf8')).join(), /"(?:Ref|Fn::\w+)"/);
  });

  test('the worker may assume the roles that trust it, and no others', () => {
    assert.deepEqual(read('policies/worker.json').Statement[0].Resource, [
      'arn:aws:iam::111122223333:role/nightshift-reasoner',
      ...['actuator-production', 'archive', 'observer', 'subscriber'].map((role) => `arn:aws:iam::123456789012:role/nightshift-${role}`),
      ...['actuator-staging', 'observer'].map((role) => `arn:aws:iam::210987654321:role/nightshift-${role}`),
    ]);
  });

  test('templates pass cfn-lint', (t) => {
    const missing = cfnLintMissing();
    if (missing !== undefined && process.env.CI !== 'true') return t.skip(missing);
    assert.equal(missing, undefined);
    const args = ['--format', 'parseable', ...templates().map((name) => join(folder, 'templates', name))];
    const { status, stdout } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
    assert.deepEqual([stdout.split('\n').map((line) => line.slice(0, 200)), status], [[''], 0]);
  });
});

test('npm run synth writes the stacks of a settings file and says which', () => {
  const folder = temporaryFolder();
  const settings = join(folder, 'settings.json');
  writeFileSync(
    settings,
    JSON.stringify({ ...exampleFile(), actuators: [], reasoner: undefined, observers: [{ account: '123456789012', regions: ['eu-central-1'] }] }),
  );
  const { status, stdout } = synth('--settings', settings, '--out', join(folder, 'out'));
  assert.equal(status, 0);
  assert.match(stdout, /out\/templates\/observer-123456789012-eu-central-1\.json\n/);
  assert.deepEqual(readdirSync(join(folder, 'out', 'templates')), [`${HOME}.json`]);
});

test('npm run synth ends with 1 and everything that is wrong', () => {
  const settings = join(temporaryFolder(), 'settings.json');
  writeFileSync(settings, JSON.stringify({ observers: [] }));
  const { status, stderr } = synth('--settings', settings);
  assert.equal(status, 1);
  assert.match(stderr, /settings\.json cannot be used:\n {2}- worker .*\n {2}- observers must name an account that is observed\n$/);
});

test("the app as the CDK's command line runs it has every stack, with the code of the function beside them", () => {
  const folder = temporaryFolder();
  const context = JSON.stringify({ settings: join(PACKAGE_ROOT, 'nightshift.infra.example.json'), hookBundle: smallBundle() });
  const { status, stderr } = spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist', 'bin', 'app.js')], {
    ...{ encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: context } },
  });
  assert.deepEqual([status, stderr], [0, '']);
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { readonly artifacts: Record<string, { readonly type: string }> };
  assert.equal(Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack').length, 6);
  assert.equal(readdirSync(folder).filter((name) => /^asset\..*\.zip$/.test(name)).length, 1);
});
