import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readRunbooks } from '../../config/catalogue';
import { inspectConfig } from '../../config/load';
import { packageRoot } from '../../config/package-root';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');
const CONFIG = text('docs/nightshift.example.yaml').replace(/^(\s*)#(?=\S)/gm, '$1');
const RUNBOOK = text('runbooks/rollback-release.yaml');
const ENV = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/s3cr3t-of-slack',
  PAGERDUTY_KEY: 's3cr3t-of-pagerduty',
  HOOK_SECRET: 's3cr3t-of-hook',
  HEARTBEAT_URL: 'https://hc.example.com/s3cr3t-of-heartbeat',
  NIGHTSHIFT_DATABASE_URL: 'postgres://n:s3cr3t-of-db@127.0.0.1/n',
};

/** Replaces one value somewhere in a tree. */
function altered(tree: unknown, at: readonly number[], value: unknown): unknown {
  const [first, ...rest] = at;
  if (first === undefined || typeof tree !== 'object' || tree === null) return value;
  const entries = Object.entries(tree);
  if (entries.length === 0) return value;
  const chosen = first % entries.length;
  const changed = entries.map(([key, each], i) => [key, i === chosen ? altered(each, rest, value) : each] as const);
  return Array.isArray(tree) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('9'.repeat(400) + 'd', '1h', -1, 1e308, '__proto__', '{env: X}', '\u0000', 'http://[', '*', [], {}, null),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const tampered = (source: string) =>
  fc.oneof(
    fc.tuple(fc.array(fc.nat(30), { maxLength: 6 }), value).map(([at, other]) => stringify(altered(parse(source), at, other))),
    fc
      .tuple(fc.nat(source.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([from, size, more]) => source.slice(0, from) + more + source.slice(from + size)),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('&a [*a, *a]', 'a: &x [1]\nb: *x', '? [a]\n: b', '---\n---\n', '!!js/function "x"', `${'['.repeat(5000)}`, `${'a: '.repeat(2000)}`),
  );

/** Names of properties that a hostile file might have put on every object. */
const polluted = (): boolean => 'polluted' in {} || Object.keys(Object.prototype).length > 0;

test('whatever stands in the configuration file is read or refused with problems that have a path, and no secret is repeated', () => {
  const file = join(folder, 'nightshift.yaml');
  fc.assert(
    fc.property(tampered(CONFIG), (source) => {
      writeFileSync(file, source);
      const { problems } = inspectOf(file);
      for (const { path, message } of problems) {
        expect(typeof path).toBe('string');
        expect(message.length).toBeGreaterThan(0);
        expect(`${path} ${message}`).not.toMatch(/s3cr3t|\n\s+at /);
      }
      expect(polluted()).toBe(false);
    }),
    // A secret by a name that every object has, found once.
    { numRuns: 60, examples: [[CONFIG.replace('NIGHTSHIFT_DATABASE_URL', '__proto__')]] },
  );
}, 120_000);

/** Problems, or the one error that a file that is no YAML gives. */
function inspectOf(file: string): { problems: readonly { path: string; message: string }[] } {
  try {
    return inspectConfig({ file, env: ENV, cwd: folder });
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_config' });
    return { problems: (error as { problems: { path: string; message: string }[] }).problems };
  }
}

test('whatever stands in a runbook is read or refused with problems, and what is read has steps of known actions only', () => {
  const file = join(folder, 'own.yaml');
  fc.assert(
    fc.property(tampered(RUNBOOK), (source) => {
      writeFileSync(file, source);
      const { runbooks, problems } = readRunbooks([file]);
      expect(runbooks.length > 0 || problems.length > 0).toBe(true);
      for (const { message } of problems) expect(message).not.toMatch(/\n\s+at /);
      for (const { runbook } of runbooks) for (const step of runbook.steps) expect(['release/deploy', 'service/restart']).toContain(step.uses);
    }),
    { numRuns: 60 },
  );
}, 120_000);
