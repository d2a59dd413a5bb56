// After the last step of the job: reports, unless a step has done so before.
import { attempt } from './lib/attempt.mjs';
import { readInputs } from './lib/inputs.mjs';
import { endMeasuring, isReported } from './lib/measuring.mjs';
import { report } from './lib/report.mjs';

const folder = process.env.STATE_measuring;
if (folder) {
  try {
    if (!isReported(folder)) await attempt(process.env, (runner) => report(runner, readInputs(process.env, runner), folder));
  } finally {
    endMeasuring(folder);
  }
}
