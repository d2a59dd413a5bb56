import { runChild } from './child.mjs';

/** How many checks run at once. */
const AT_ONCE = 2;
/** Most lines of a failing check that are shown. */
const MOST_LINES = 400;

const bin = (path) => `node_modules/${path}`;

/** Every check: its name, and the programs (path and arguments, run by Node in the root) that must all end with 0. The slow ones come first. */
export const CHECKS = [
  { name: 'lint', steps: [[bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']] },
  {
    name: 'types',
    steps: [
      [bin('typescript/bin/tsc'), '-p', '.'],
      [bin('typescript/bin/tsc'), '-p', 'console'],
    ],
  },
  { name: 'format', steps: [[bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']] },
  {
    name: 'rooms',
    steps: [
      [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', '.'],
      [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.workflows.cjs', 'workflows', 'domain'],
    ],
  },
  { name: 'dead code', steps: [[bin('knip/bin/knip.js'), '--no-progress']] },
];

/** Runs checks, two at a time, and prints a line for each as it ends; resolves to `{name, ok, ms, output}` in the order of `checks`. */
export async function runChecks(checks, { root, print }) {
  const results = new Array(checks.length);
  const queue = checks.map((check, index) => [check, index]);
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [check, index] = next;
      results[index] = await runCheck(check, root);
      report(results[index], print);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

async function runCheck({ name, steps }, root) {
  const started = Date.now();
  let output = '';
  let ok = true;
  for (const [script, ...args] of steps) {
    const lines = [];
    try {
      const result = await runChild(process.execPath, [script, ...args], {
        cwd: root,
        env: { ...process.env, FORCE_COLOR: '0' },
        onLine: (line) => lines.push(line),
      });
      ok &&= result.code === 0;
    } catch (error) {
      ok = false;
      lines.push(error.message);
    }
    output += `${lines.join('\n')}\n`;
  }
  return { name, ok, ms: Date.now() - started, output };
}

function report({ name, ok, ms, output }, print) {
  print(`${name.padEnd(10)} ${ok ? 'ok    ' : 'failed'} ${(ms / 1000).toFixed(1)} s`);
  if (ok) return;
  const lines = output.trim().split('\n');
  for (const line of lines.slice(0, MOST_LINES)) print(`    ${line}`);
  if (lines.length > MOST_LINES) print(`    … and ${lines.length - MOST_LINES} lines more; run \`npm run check\` again when these are mended.`);
}
