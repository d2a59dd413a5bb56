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
