// The step itself: begins to measure, or reports at once.
import { attempt } from './lib/attempt.mjs';
import { readInputs } from './lib/inputs.mjs';
import { beginMeasuring } from './lib/measuring.mjs';
import { report } from './lib/report.mjs';

await attempt(process.env, async (runner) => {
  const inputs = readInputs(process.env, runner);
  if (inputs.report === 'now') return report(runner, inputs, process.env.NIGHTSHIFT_MEASURING);
  const folder = beginMeasuring(process.env);
  runner.saveState('measuring', folder);
  // A later use of the action in the same job finds what was measured so far.
  runner.exportVariable('NIGHTSHIFT_MEASURING', folder);
});
