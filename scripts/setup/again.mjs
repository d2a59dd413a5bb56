import { relative } from 'node:path';

/** More than this is no accident. */
const MOST = 4;

/** Files with a failure in a jest report, to be run a second time: none where it has no failure, no report, or too many for an accident. */
export function filesToRunAgain(report) {
  const failed = (report?.testResults ?? []).filter((file) => file.status === 'failed').map((file) => file.name);
  return failed.length > MOST ? [] : failed;
}

/** The counts of a report where the results of files that ran a second time stand for their first ones; `second` is a run `{report, code}` of these files. */
export function withSecondRun(first, files, second) {
  if (!second.report) return { ...first, code: second.code };
  const kept = first.report.testResults.filter((file) => !files.includes(file.name));
  const results = [...kept, ...second.report.testResults];
  const tests = results.flatMap((file) => file.assertionResults);
  const having = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length;
  return {
    code: second.code,
    report: {
      testResults: results,
      numPassedTests: having('passed'),
      numFailedTests: having('failed'),
      numPendingTests: having('pending', 'skipped', 'disabled'),
      numTodoTests: having('todo'),
      numRuntimeErrorTestSuites: results.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
    },
  };
}

/** What is printed of files that ran a second time: an accident is told, never hidden. */
export function toldOfSecondRun(root, files, second) {
  const still = new Set(filesToRunAgain(second.report));
  return files.map((file) => `${relative(root, file)} failed, and ${still.has(file) || !second.report ? 'failed again' : 'passed'} when it was run alone`);
}
