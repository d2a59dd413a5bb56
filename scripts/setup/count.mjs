/**
 * Counts passed and failed: a check is one, a test is one, and a suite that could not run is one failed. `jest` is its `--json` report, or undefined
 * when it wrote none, which is one failed; so is an exit code other than 0 that no failed test explains.
 */
export function count(checks, jest, exitCode) {
  let passed = checks.filter((check) => check.ok).length;
  let failed = checks.length - passed;
  if (!jest) return { passed, failed: failed + 1, skipped: 0 };
  const inJest = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  passed += jest.numPassedTests;
  failed += inJest === 0 && exitCode !== 0 ? 1 : inJest;
  return { passed, failed, skipped: jest.numPendingTests + jest.numTodoTests };
}

/** The counts of the checks and of several jest runs together; each run is `{report, code}`. */
export function total(checks, runs) {
  const parts = [count(checks, { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0 }, 0)];
  for (const { report, code } of runs) parts.push(count([], report, code));
  const sum = (key) => parts.reduce((all, part) => all + part[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
