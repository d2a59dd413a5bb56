import { isTrue } from './inputs.mjs';
import { createRunner } from './runner.mjs';

/** Does some work with the runner's commands. What goes wrong is a warning, as a build must not fail because it could not be reported, unless the input `fail-on-error` says so. */
export async function attempt(env, work) {
  const runner = createRunner(env, process.stdout);
  try {
    await work(runner);
  } catch (error) {
    const text = `The build is not reported to Nightshift: ${error instanceof Error ? error.message : String(error)}`;
    if (isTrue(env['INPUT_FAIL-ON-ERROR'])) fail(runner, text);
    else runner.warning(text);
  }
}

/** Fails the job with a message. */
export function fail(runner, text) {
  runner.error(text);
  process.exitCode = 1;
}
