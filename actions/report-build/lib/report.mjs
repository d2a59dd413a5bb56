import { fail } from './attempt.mjs';
import { buildOf } from './build.mjs';
import { measured, noteReported } from './measuring.mjs';
import { sendBuild } from './send.mjs';
import { testsIn } from './tests.mjs';

/** Reports the build as it stands, with what was measured in `folder` where somebody measured. Throws when Nightshift did not take it. */
export async function report(runner, inputs, folder) {
  const env = process.env;
  if (inputs.key === '') return runner.warning('The build is not reported to Nightshift: the input `key` is empty. Pull requests of forks get no secrets.');
  const tests = testsIn(inputs.junit, env.GITHUB_WORKSPACE || process.cwd(), (text) => runner.warning(`Nightshift: ${text}.`));
  const build = buildOf(env, inputs, { ...measured(folder), tests, endedAt: Date.now() });
  const { ids, verdict = '', reason = '' } = await sendBuild(inputs, build);
  noteReported(folder);
  runner.setOutput('id', ids[0] ?? '');
  runner.setOutput('verdict', verdict);
  runner.setOutput('reason', reason);
  runner.say(`Nightshift has this build${verdict === '' ? '' : `, verdict: ${verdict} (${reason})`}.`);
  if (inputs.failOn.includes(verdict)) fail(runner, `Nightshift says that this build is ${verdict}: ${reason}.`);
}
