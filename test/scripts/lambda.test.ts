import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AWS_OPERATIONS } from '../../domain/aws/calls';
import { ACCOUNT, changed, hookStage, putTold } from '../adapters/aws/lambda/stage';
import { ROOT } from './support/processes';

/** By these the SDK gets credentials where the environment does not hold them, as that of a function does. */
const CREDENTIALS = ['AssumeRole', 'AssumeRoleWithWebIdentity', 'CreateOAuth2Token', 'CreateOAuth2TokenWithIAM', 'CreateToken', 'GetRoleCredentials'];

describe('the Lambda function as it is bundled', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const write = (module: string, zip: string): void => {
    const script = `import { writeFileSync } from 'node:fs';
      import { bundleLambda, zipped } from './scripts/setup/build-lambda.mjs';
      const code = await bundleLambda(process.cwd());
      writeFileSync(${JSON.stringify(path(module))}, code);
      writeFileSync(${JSON.stringify(path(zip))}, zipped('post-build.mjs', code));`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT });
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightshift-lambda-'));
    write('post-build.mjs', 'post-build.zip');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has less than 1 MB', () => {
    expect(statSync(path('post-build.mjs')).size).toBeLessThan(1_000_000);
  });

  test('is the same bytes each time', () => {
    write('again.mjs', 'again.zip');
    expect(readFileSync(path('again.mjs')).equals(readFileSync(path('post-build.mjs')))).toBe(true);
    expect(readFileSync(path('again.zip')).equals(readFileSync(path('post-build.zip')))).toBe(true);
  });

  test('is what the archive holds', () => {
    const read = 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("post-build.mjs"))';
    const { stdout } = spawnSync('python3', ['-c', read, path('post-build.zip')], { maxBuffer: 1 << 24 });
    expect(stdout.equals(readFileSync(path('post-build.mjs')))).toBe(true);
  });

  test('can make the calls that are listed for its role, and none but those that get credentials', () => {
    const code = readFileSync(path('post-build.mjs'), 'utf8');
    const commands = [...code.matchAll(/extends [\w$]+\([\w$]+,[\w$]+,"(\w+)",[\w$]+\)/g)].map(([, operation]) => operation ?? '');
    const listed = AWS_OPERATIONS.filter(({ roles }) => roles.includes('hook')).map(({ operation }) => operation);
    expect(commands.filter((operation) => !CREDENTIALS.includes(operation)).sort()).toEqual(listed.sort());
  });

  test('reports a build from a process of its own, set up by variables alone', async () => {
    const stage = await hookStage();
    putTold(stage);
    const script = `const { handler } = await import(${JSON.stringify(path('post-build.mjs'))});
      await handler(${JSON.stringify(changed('SUCCEEDED'))}, { getRemainingTimeInMillis: () => 60_000 });`;
    const variables = { NIGHTSHIFT_URL: stage.settings.url, NIGHTSHIFT_KEY: stage.settings.key, NIGHTSHIFT_WAIT: '2s' };
    const aws = { AWS_ENDPOINT_URL: stage.aws.endpoint, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: `AKIA${ACCOUNT}`, AWS_SECRET_ACCESS_KEY: 'test' };
    const said = await run(script, { ...variables, ...aws });
    expect(JSON.parse(said)).toMatchObject({ outcome: 'reported', verdict: 'unknown' });
    expect(await stage.kept()).toHaveLength(1);
    await stage.close();
  });

  test('tells what is missing in its set-up, and no value of it', async () => {
    const script = `const { handler } = await import(${JSON.stringify(path('post-build.mjs'))});
      await handler(${JSON.stringify(changed('SUCCEEDED'))}, { getRemainingTimeInMillis: () => 60_000 }).catch((error) => console.log(error.message));`;
    const said = await run(script, { NIGHTSHIFT_KEY: 'key-value', NIGHTSHIFT_WAIT: '5' });
    expect(said).toMatch(/NIGHTSHIFT_URL must be the address.*NIGHTSHIFT_WAIT 5 has no unit/);
    expect(said).not.toContain('key-value');
  });
});

/** Standard output of a script in a process of its own, while this one goes on answering. */
async function run(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })).stdout;
}
