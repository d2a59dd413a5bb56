import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBookshop } from '../../../cli/demo/shop';
import { packageRoot } from '../../../config/package-root';
import { errorMessage } from '../../../domain/errors';
import { fileOf, packed } from '../recording';
import type { Plan } from './plans';
import { faultPlan, HEALTHY_KINDS, healthyPlan } from './plans';
import { record } from './recorder';

const USAGE = `Usage: node scripts/run.mjs --script bench/matrix/record/main.js <what>[:<nth>] … [--out DIR] [--lanes L]

  Runs the practice service and records its metrics, a scrape a second, and its log, for the benchmark "matrix".

  what        a fault of \`npm run demo -- --fault list\`, or one of ${HEALTHY_KINDS.map((kind) => `healthy-${kind}`).join(', ')}
  nth         which recording of it (1); it says how much later the onset is, and names the file
  --out DIR   where the files go (bench/matrix/recordings)
  --lanes L   how many run side by side (2); each takes about two minutes and little of a core
`;

const HEALTHY = /^healthy-(.+)$/;

async function main(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: text, lanes: text, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true || positionals.length === 0) return usage(values.help === true ? 0 : 2);
  const plans = await plansOf(positionals);
  const out = values.out ?? join(packageRoot(), 'bench', 'matrix', 'recordings');
  await mkdir(out, { recursive: true });
  const waiting = [...plans];
  const lane = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) await recordOne(plan, out);
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.lanes ?? 2) || 1) }, lane));
  return 0;
}

async function recordOne(plan: Plan, out: string): Promise<void> {
  const recording = await record(plan);
  const bytes = packed(recording);
  await writeFile(join(out, fileOf(plan)), bytes);
  const { customers } = recording.head;
  process.stderr.write(
    `${plan.name}: ${String(recording.samples.length)} scrapes, ${String(recording.lines.length)} lines, ${String(customers.requests)} requests, ${String(customers.failed)} failed; ${String(bytes.length)} bytes\n`,
  );
}

async function plansOf(wanted: readonly string[]): Promise<Plan[]> {
  const { FAULTS } = await loadBookshop();
  return wanted.map((each) => {
    const [what = '', nth = '1'] = each.split(':');
    const fault = FAULTS.find(({ name }) => name === what);
    const plan = /^[1-9]\d?$/.test(nth) ? (fault ? faultPlan(fault, Number(nth)) : healthyPlan(HEALTHY.exec(what)?.[1] ?? '', Number(nth))) : undefined;
    if (!plan) throw new Error(`There is nothing to record that is called ${each}.`);
    return plan;
  });
}

function usage(code: number): number {
  process.stderr.write(USAGE);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  },
);
