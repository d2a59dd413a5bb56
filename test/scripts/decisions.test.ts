import { call } from './support/processes';

describe('the decisions of set-up and test runner', () => {
  it.each([
    ['all passed', [true, true], { numPassedTests: 3 }, 0, { passed: 5, failed: 0, skipped: 0 }],
    ['a check failed', [true, false], { numPassedTests: 3 }, 0, { passed: 4, failed: 1, skipped: 0 }],
    ['a test failed', [true], { numPassedTests: 2, numFailedTests: 1 }, 1, { passed: 3, failed: 1, skipped: 0 }],
    ['a suite could not run', [], { numPassedTests: 2, numRuntimeErrorTestSuites: 1 }, 1, { passed: 2, failed: 1, skipped: 0 }],
    ['jest failed without a failed test', [], { numPassedTests: 2 }, 1, { passed: 2, failed: 1, skipped: 0 }],
    ['jest wrote no report', [true], null, 1, { passed: 1, failed: 1, skipped: 0 }],
    ['a test was left out', [], { numPassedTests: 1, numPendingTests: 2 }, 0, { passed: 1, failed: 0, skipped: 2 }],
  ])('counts: %s', (_name, checks, report, exitCode, expected) => {
    const empty = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0 };
    const jest = report && { ...empty, ...report };
    expect(call('count.mjs', 'count', [[checks.map((ok) => ({ ok })), jest, exitCode]])).toEqual([expected]);
  });

  it('runs what failed a second time, unless it is too much for an accident, and counts and tells how that went', () => {
    const file = (name: string, ...statuses: string[]): object => ({
      name: `/here/${name}`,
      status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
      assertionResults: statuses.map((status) => ({ status })),
    });
    const broken = { testResults: ['a', 'b', 'c', 'd', 'e'].map((name) => file(name, 'failed')) };
    const first = { testResults: [file('good', 'passed', 'pending'), file('late', 'passed', 'failed'), file('bad', 'passed', 'passed', 'failed')] };
    expect(call('again.mjs', 'filesToRunAgain', [[first], [broken], [null]])).toEqual([['/here/late', '/here/bad'], [], []]);
    const second = { code: 1, report: { testResults: [file('late', 'passed', 'passed'), file('bad', 'passed', 'failed', 'todo')] } };
    const files = ['/here/late', '/here/bad'];
    const counts = { numPassedTests: 4, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, numRuntimeErrorTestSuites: 0 };
    const unread = { code: 1, report: first };
    expect(call('again.mjs', 'withSecondRun', [[unread, files, second]])).toEqual([{ code: 1, report: expect.objectContaining(counts) as object }]);
    expect(call('again.mjs', 'withSecondRun', [[unread, files, { code: 2 }]])).toEqual([{ code: 2, report: first }]);
    const told = ['late failed, and passed when it was run alone', 'bad failed, and failed again when it was run alone'];
    expect(call('again.mjs', 'toldOfSecondRun', [['/here', files, second]])).toEqual([told]);
    expect(call('again.mjs', 'filesToRunAgain', [[{ testResults: [file('broken')] }]])).toEqual([['/here/broken']]);
  });

  it('asks for Temporal only where a command may need it', () => {
    const cases: [string[], Record<string, string>, string][] = [
      [['demo', '--json'], {}, 'get'],
      [['--no-color', 'start'], {}, 'get'],
      [['demo'], { TEMPORAL_ADDRESS: '127.0.0.1:7233' }, 'none'],
      [['demo', '--fault', 'list'], {}, 'none'],
      [['start', '--help'], {}, 'none'],
      [['start', '--role', 'worker'], {}, 'none'],
      [['start', '--role=api'], {}, 'none'],
      [['start', '--role', 'all'], {}, 'get'],
      [['doctor'], { TEMPORAL_ADDRESS: '127.0.0.1:7233' }, 'look'],
      [['incident', 'list'], {}, 'none'],
      [['incident', 'note', 'start'], {}, 'none'],
      [[], {}, 'none'],
    ];
    const needs = call(
      'command.mjs',
      'temporalNeed',
      cases.map(([args, env]) => [args, env]),
    );
    expect(needs).toEqual(cases.map(([, , need]) => need));
  });

  it('plays the demo on the fake AWS by a script of its own, which only a clone has', () => {
    const own = { script: 'scripts/demo-aws.js' };
    const cases: readonly [string, object][] = [
      ['demo --target aws --yes', { ...own, rest: ['--target', 'aws', '--yes'] }],
      ['--json demo --target=aws', { ...own, rest: ['--json', '--target=aws'] }],
      ['demo', { rest: ['demo'] }],
      ['demo --target local', { rest: ['demo', '--target', 'local'] }],
      ['start --target aws', { rest: ['start', '--target', 'aws'] }],
      ['--script bench/chaos/main.js --target aws', { script: 'bench/chaos/main.js', rest: ['--target', 'aws'] }],
    ];
    const meant = call(
      'command.mjs',
      'scriptOf',
      cases.map(([words]) => [words.split(' ')]),
    );
    expect(meant).toEqual(cases.map(([, script]) => script));
  });

  it("takes a named folder of the Temporal server's programs only when it is whole, and builds nothing where it only looks", () => {
    const [named, none] = call('temporal-cluster.mjs', 'ensureTemporalCluster', [
      [{ env: { NIGHTSHIFT_TEMPORAL_PROGRAMS: '/nowhere' } }],
      [{ env: {}, cacheDir: '/nowhere', lookOnly: true }],
    ]);
    expect(named).toEqual({ error: expect.stringMatching(/\/nowhere, which lacks one of temporal-server, temporal-sql-tool, ui-server/) });
    expect(none ?? null).toBeNull();
  });

  it('refuses a Node that is too old, and says which to install', () => {
    const [old, older, exact, next] = call('node-version.mjs', 'requireNode', [['20.18.3'], ['18.20.0'], ['20.19.0'], ['22.0.0']]);
    expect(old).toEqual({ error: expect.stringMatching(/needs Node 20\.19 or newer, and this is Node 20\.18\.3\. Install Node 22 or 24/) });
    expect(older).toEqual({ error: expect.stringContaining('18.20.0') });
    expect([exact, next]).toEqual([null, null]);
  });

  it('compares versions by number, and looks past what follows a dash', () => {
    const versions = [
      ['1.29.0', '1.29.0'],
      ['1.30.0-149.0', '1.29.0'],
      ['1.9.9', '1.29.0'],
      ['2.0.0', '1.29.0'],
      ['1.28.9', '1.29.0'],
      ['1.26', '1.26.4'],
    ];
    expect(call('temporal-program.mjs', 'atLeast', versions)).toEqual([true, true, false, true, false, false]);
  });

  it('reads HTTPS_PROXY and NO_PROXY as other programs do', () => {
    const proxy = { HTTPS_PROXY: 'http://proxy.example:3128' };
    const through = 'http://proxy.example:3128/';
    const cases: [string, Record<string, string>, unknown][] = [
      ['https://github.com/x', {}, null],
      ['https://github.com/x', proxy, through],
      ['https://github.com/x', { HTTPS_PROXY: 'http://wrong.example:1', https_proxy: 'proxy.example:3128' }, through],
      ['https://github.com/x', { ...proxy, NO_PROXY: 'example.org,.github.com' }, null],
      ['https://api.github.com/x', { ...proxy, no_proxy: 'github.com' }, null],
      ['https://notgithub.com/x', { ...proxy, NO_PROXY: 'github.com' }, through],
      ['https://github.com/x', { ...proxy, NO_PROXY: '*' }, null],
      ['https://github.com:8443/x', { ...proxy, NO_PROXY: 'github.com:443' }, through],
      ['https://github.com/x', { ...proxy, NO_PROXY: 'github.com:443' }, null],
      ['https://[::1]:9/x', { ...proxy, NO_PROXY: '::1' }, null],
      ['https://127.0.0.1:9/x', { ...proxy, NO_PROXY: '127.0.0.1' }, null],
      ['https://github.com/x', { HTTPS_PROXY: 'socks5://proxy.example:1' }, { error: expect.stringContaining('HTTPS_PROXY is not understood') }],
    ];
    const routes = call(
      'proxy.mjs',
      'proxyFor',
      cases.map(([url, env]) => [url, env]),
    );
    expect(routes).toEqual(cases.map(([, , route]) => route));
  });
});
