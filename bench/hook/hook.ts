import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../config/package-root';
import { NightshiftError } from '../../domain/errors';
import { median } from '../../domain/quantile';
import { startFakeAws } from '../../test/fakes/aws/server';
import { putBuild } from '../../test/fakes/aws/services/codebuild';
import type { Benchmark } from '../benchmark';

/** What was measured of the function that reports builds. */
export interface HookResult {
  /** Size of the bundled module, bytes. */
  readonly bytes: number;
  /** From the start of a fresh process to the answer of its first call, milliseconds, in order of size. */
  readonly firstAnswerMs: readonly number[];
  readonly medianMs: number;
}

const ROUNDS = 9;
const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const ID = 'checkout:0f3c9e10-1111-4222-8333-444455556666';
const EVENT = {
  ...{ source: 'aws.codebuild', 'detail-type': 'CodeBuild Build State Change' },
  detail: { 'build-id': `arn:aws:codebuild:${REGION}:${ACCOUNT}:build/${ID}`, 'build-status': 'SUCCEEDED' },
};

/** Bundled function in fresh processes of Node against an AWS and a door that answer at once. This is no cold start of Lambda, which also gets and starts a machine. */
export const hookBenchmark: Benchmark = {
  about: `The Lambda function that reports builds, as \`npm run lambda\` bundled it, in ${String(ROUNDS)} fresh processes of Node: from the start of
the process to the answer of its first call, with an AWS and a Nightshift on this machine that answer at once.
No cold start of Lambda. About 10 seconds.`,
  temporal: false,
  async run() {
    const result = await benchHook();
    const { bytes, medianMs, firstAnswerMs } = result;
    return {
      result,
      table: `\n  ${String(bytes)} bytes; first answer after ${String(medianMs)} ms (median of ${String(ROUNDS)}), ${String(firstAnswerMs.at(-1))} ms at most\n`,
    };
  },
};

async function benchHook(): Promise<HookResult> {
  const module = join(packageRoot(), 'dist', 'lambda', 'post-build.mjs');
  if (!existsSync(module)) throw new NightshiftError('not_found', `${module} is missing: write it with \`npm run lambda\`.`);
  const aws = await startFakeAws();
  const now = Date.now();
  const times = { startTime: new Date(now - 120_000), endTime: new Date(now) };
  putBuild(aws.place(REGION, ACCOUNT), { id: ID, projectName: 'checkout', buildNumber: 1, buildStatus: 'SUCCEEDED', ...times });
  const door = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"verdict":"normal","reason":""}');
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const env = {
    ...{ NIGHTSHIFT_URL: `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`, NIGHTSHIFT_KEY: 'key', AWS_ENDPOINT_URL: aws.endpoint },
    ...{ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  };
  try {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) took.push(await firstAnswer(module, env));
    took.sort((a, b) => a - b);
    return { bytes: statSync(module).size, firstAnswerMs: took, medianMs: median(took) };
  } finally {
    door.close();
    await aws.close();
  }
}

/** Milliseconds from starting a process to its first line, which is the log of the answer. */
function firstAnswer(module: string, env: Readonly<Record<string, string>>): Promise<number> {
  const code = `const { handler } = await import(${JSON.stringify(pathToFileURL(module).href)});
await handler(${JSON.stringify(EVENT)}, { getRemainingTimeInMillis: () => 60000 });`;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let answeredAt = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (answeredAt === 0 && said.includes('"reported"')) answeredAt = performance.now();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', () => {
      if (answeredAt > 0) resolve(Math.round(answeredAt - started));
      else reject(new NightshiftError('effect_failed', `The function did not answer: ${said.slice(0, 500)}`));
    });
  });
}
