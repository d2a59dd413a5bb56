import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, scratch, startSupport } from './support/processes';

describe('the installation of dependencies', () => {
  let root: string;
  let env: Record<string, string>;
  const inRoot = (...path: string[]) => join(root, ...path);

  beforeEach(() => {
    root = scratch();
    env = { PATH: `${inRoot('bin')}:/usr/bin:/bin`, HOME: root };
    lock('1.0.0');
    // Writes node_modules as npm does, with its own record last; `slow` waits for the file `go-on` and tells its process id in `started`, `broken` fails half-way.
    npm(`mkdir -p node_modules/thing; [ -f slow ] && { echo $$ > started; while [ ! -f go-on ]; do sleep 0.02; done; }
         [ -f broken ] && { echo 'npm error network'; exit 1; }
         cp package-lock.json node_modules/.package-lock.json`);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function lock(version: string, extra: Record<string, unknown> = {}): void {
    const packages = { '': { name: 'x' }, 'node_modules/thing': { version, integrity: `sha512-${version}` }, ...extra };
    writeFileSync(inRoot('package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  }

  function npm(ci: string): void {
    program(
      inRoot('bin', 'npm'),
      `[ "$1" = config ] && { echo https://packages.example/; exit 0; }
       [ "$1" = ci ] || exit 9
       echo "$@" >> calls
       ${ci}`,
    );
  }

  const start = () => startSupport('ensure-dependencies.mjs', [root], env);
  const calls = () => (existsSync(inRoot('calls')) ? readFileSync(inRoot('calls'), 'utf8').trim().split('\n').length : 0);

  it('runs `npm ci` when node_modules is missing, and says first what comes, from where and into which folder', async () => {
    const { code, stdout, stderr } = await start().ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'true\n' });
    expect(calls()).toBe(1);
    expect(stderr).toMatch(/up to 1 packages .* from https:\/\/packages\.example\/\n {2}into .*node_modules; to remove them, delete that folder/);
  });

  it('does nothing when node_modules matches the lock file', async () => {
    await start().ended;
    const { stdout, stderr } = await start().ended;
    expect({ stdout, stderr }).toEqual({ stdout: 'false\n', stderr: '' });
    expect(calls()).toBe(1);
  });

  it('installs again when the lock file names another version', async () => {
    await start().ended;
    lock('1.0.1');
    expect((await start().ended).stdout).toBe('true\n');
    expect(calls()).toBe(2);
  });

  it('takes over what a person installed by npm, when it matches', async () => {
    mkdirSync(inRoot('node_modules'));
    writeFileSync(inRoot('node_modules', '.package-lock.json'), readFileSync(inRoot('package-lock.json')));
    expect((await start().ended).stdout).toBe('false\n');
    expect(calls()).toBe(0);
  });

  it('accepts that optional packages of other systems are not there, and nothing else', async () => {
    await start().ended;
    lock('1.0.0', { 'node_modules/other-system': { version: '1.0.0', optional: true } });
    expect((await start().ended).stdout).toBe('false\n');
    lock('1.0.0', { 'node_modules/needed': { version: '1.0.0' } });
    expect((await start().ended).stdout).toBe('true\n');
  });

  it('says what npm said when it fails, and tries again next time', async () => {
    writeFileSync(inRoot('broken'), '');
    const failed = await start().ended;
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/`npm ci` ended with 1\. Mend what it says .*\nnpm error network/);
    rmSync(inRoot('broken'));
    expect((await start().ended).stdout).toBe('true\n');
  });

  async function killInTheMiddle(): Promise<number> {
    writeFileSync(inRoot('slow'), '');
    const killed = start();
    await killed.said(/Installing/);
    while (!existsSync(inRoot('started')) || readFileSync(inRoot('started'), 'utf8') === '') await new Promise((resolve) => setImmediate(resolve));
    killed.child.kill('SIGKILL');
    await killed.exited;
    return Number(readFileSync(inRoot('started'), 'utf8'));
  }

  it('does not trust an installation that was killed half-way', async () => {
    await start().ended;
    lock('2.0.0');
    process.kill(await killInTheMiddle(), 'SIGKILL');
    rmSync(inRoot('slow'));
    expect((await start().ended).stdout).toBe('true\n');
  });

  it('waits for an npm that outlived its killed set-up, instead of running a second one beside it', async () => {
    await killInTheMiddle();
    const next = start();
    await next.said(/is installing the dependencies; waiting for it/);
    writeFileSync(inRoot('go-on'), '');
    expect((await next.ended).stdout).toBe('false\n');
    expect(calls()).toBe(1);
  });

  it('installs once when two set-ups run at once', async () => {
    writeFileSync(inRoot('slow'), '');
    const first = start();
    await first.said(/Installing/);
    const second = start();
    await second.said(/Another set-up \(process \d+\) is installing the dependencies; waiting for it/);
    writeFileSync(inRoot('go-on'), '');
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends.map((end) => end.stdout)).toEqual(['true\n', 'false\n']);
    expect(calls()).toBe(1);
  });
});
