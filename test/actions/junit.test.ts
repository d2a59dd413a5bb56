import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../config/package-root';

/** Calls a function of the action, which is a module of its own, for each list of arguments; in one process for all. */
function results(file: string, name: string, calls: readonly (readonly unknown[])[]): unknown[] {
  const url = pathToFileURL(join(packageRoot(), 'actions', 'report-build', 'lib', file)).href;
  const script = `import { ${name} } from ${JSON.stringify(url)}; console.log(JSON.stringify(${JSON.stringify(calls)}.map((each) => ${name}(...each) ?? null)));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })) as unknown[];
}

const counts = (total: number, failed: number, skipped: number) => ({ total, failed, skipped });

test('tests are counted whatever the writer of the report', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['<testsuites><testsuite><testcase/><testcase><failure/></testcase><testcase><error>x</error></testcase></testsuite></testsuites>', counts(3, 2, 0)],
    ['<testsuite><testcase name="a > b"><failure message="1 > 0"/><error/></testcase><testcase name="c"/></testsuite>', counts(2, 1, 0)],
    ['<testsuite><testcase><skipped/></testcase><testcase status="notrun"/><testcase><failure/><skipped/></testcase></testsuite>', counts(3, 1, 2)],
    ['<testsuite><!-- <testcase/> --><testcase><system-out><![CDATA[</testcase><failure><testcase>]]></system-out></testcase></testsuite>', counts(1, 0, 0)],
    ['<testsuite><testcase><flakyFailure>passed later</flakyFailure></testcase></testsuite>', counts(1, 0, 0)],
    ['<testsuite tests="5" failures="1" errors="1" skipped="1"><testsuite tests="5"/></testsuite>', counts(5, 2, 1)],
    ['<testsuite tests="2" failures="9"></testsuite>', counts(2, 2, 0)],
    ['<testsuite><testcase><failure>cut sho', counts(1, 1, 0)],
    ['<j:testsuite xmlns:j="x"><j:testcase/></j:testsuite>', counts(1, 0, 0)],
    ['<testsuites/>', counts(0, 0, 0)],
    ['<html><body/></html>', null],
    ['', null],
    [`<testsuite>${'<'.repeat(20_000)}`, counts(0, 0, 0)],
  ];
  expect(
    results(
      'junit.mjs',
      'countTests',
      cases.map(([xml]) => [xml]),
    ),
  ).toEqual(cases.map(([, expected]) => expected));
});

test('globs find files, pass over what others made, and leave out what is named so', () => {
  const root = mkdtempSync(join(tmpdir(), 'nightshift-globs-'));
  try {
    for (const path of ['a.xml', 'r/b.xml', 'r/s/c.xml', 'r/s/c.txt', 'r/old/d.xml', 'node_modules/e.xml', 'r/f+g.xml']) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '');
    }
    const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
      [['**/*.xml'], ['a.xml', 'r/b.xml', 'r/f+g.xml', 'r/old/d.xml', 'r/s/c.xml']],
      [['*.xml'], ['a.xml']],
      [['./r/*.xml', '!r/f+g.xml'], ['r/b.xml']],
      [
        ['r/**/*.{xml,txt}', '!**/old/**'],
        ['r/b.xml', 'r/f+g.xml', 'r/s/c.txt', 'r/s/c.xml'],
      ],
      [['node_modules/?.xml'], ['node_modules/e.xml']],
      [[join(root, 'a.xml')], ['a.xml']],
      [['../**/*.xml'], []],
    ];
    expect(
      results(
        'glob.mjs',
        'filesOf',
        cases.map(([globs]) => [globs, root]),
      ),
    ).toEqual(cases.map(([, files]) => files));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
