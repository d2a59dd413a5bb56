import { execFile } from 'node:child_process';
import { packageRoot } from '../../../config/package-root';

/** Runs a program in the clone's own folder, as somebody who has just got it does. */
function inClone(program: string, args: readonly string[]): Promise<{ code: number | string | null; stdout: string }> {
  const { TEMPORAL_ADDRESS: _named, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(program, args, { cwd: packageRoot(), env }, (error, stdout) => resolve({ code: error ? (error.code ?? null) : 0, stdout }));
  });
}

test('npx nightshift works in the clone, and stdout holds nothing but what was asked for', async () => {
  const lint = await inClone('npx', ['nightshift', 'runbook', 'lint', '--json']);
  expect(lint.code).toBe(0);
  expect(JSON.parse(lint.stdout)).toMatchObject({ problems: [] });
}, 120_000);

test('npx nightshift with a word that is no command ends with exit code 2', async () => {
  expect(await inClone('npx', ['nightshift', 'juggle'])).toEqual({ code: 2, stdout: '' });
}, 120_000);

test('doctor looks at everything that is needed, and tells what an idle system costs', async () => {
  const doctor = await inClone(process.execPath, ['scripts/nightshift.mjs', 'doctor', '--json']);
  expect(doctor.code).toBe(0);
  const { ok, idleActionsPerDay, findings } = JSON.parse(doctor.stdout) as { ok: boolean; idleActionsPerDay: number; findings: { check: string }[] };
  expect({ ok, idleActionsPerDay, checks: findings.map((f) => f.check) }).toEqual({
    ok: true,
    idleActionsPerDay: 0,
    checks: ['node', 'configuration', 'temporal', 'api', 'idle cost'],
  });
}, 120_000);
