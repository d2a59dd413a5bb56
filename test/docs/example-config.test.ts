import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configJsonSchema } from '../../config/json-schema';
import { loadConfig } from '../../config/load';
import { loadStartup } from '../../config/startup';
import { readYaml } from '../../domain/yaml-text';
import { ROOT, textOf } from './markdown';

type Schema = { properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[]; oneOf?: Schema[] };

const FILE = 'docs/nightshift.example.yaml';
/** The example with the settings that are switched off switched on. */
const FULL = textOf(FILE).replace(/^(\s*)#(?=\S)/gm, '$1');
const SECRETS = {
  NIGHTSHIFT_DATABASE_URL: 'postgres://nightshift@127.0.0.1/nightshift',
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x',
  PAGERDUTY_KEY: 'key',
  HOOK_SECRET: 'secret',
};

/** Paths of all settings that the schema knows; list members are `*`. */
function settings(schema: Schema, path: string): string[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => settings(each, path === '' ? name : `${path}.${name}`)),
    ...(schema.items ? settings(schema.items, `${path}.*`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => settings(each, path)),
  ];
  return below.length > 0 ? below : [path];
}

function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((each) => paths(each, `${path}.*`))];
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, each]) => paths(each, path === '' ? name : `${path}.${name}`))];
}

test('the example is accepted as it stands, with nothing set in the environment', () => {
  const { config } = loadStartup({ root: ROOT, file: FILE, cwd: ROOT, env: {} });
  expect(config.services.map((service) => service.name)).toEqual(['bookshop', 'payments']);
});

test('the example is accepted with everything switched on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-example-'));
  try {
    mkdirSync(join(folder, 'runbooks'));
    writeFileSync(join(folder, 'first-admin.key'), 'x'.repeat(40));
    writeFileSync(join(folder, 'nightshift.yaml'), FULL);
    const { config } = loadStartup({ root: ROOT, cwd: folder, env: SECRETS });
    expect(config.notifications.map((channel) => channel.channel)).toEqual(['terminal', 'team', 'pager', 'archive']);
    expect(config.temporal.address).toBe('127.0.0.1:7233');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the example shows every setting that there is', () => {
  const shown = new Set(paths(readYaml(FULL).value, ''));
  // Either form of a secret stands for both, and a list for its words.
  const wanted = settings(configJsonSchema() as Schema, '').map((path) => path.replace(/\.(env|file)$/, (whole) => (path.endsWith('logs.file') ? whole : '')));
  expect(wanted.filter((path) => !shown.has(path))).toEqual([]);
});

test('the values of the example are the defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-empty-'));
  try {
    const example = loadConfig({ file: FILE, cwd: ROOT, env: {} });
    const plain = loadConfig({ cwd: folder, env: {} });
    for (const section of ['profile', 'api', 'temporal', 'incidents', 'detector', 'inbox', 'retention'] as const)
      expect(example[section]).toEqual(plain[section]);
    expect(example.policy.limits).toEqual(plain.policy.limits);
    expect({ ...example.policy.approvals, approvers: [] }).toEqual(plain.policy.approvals);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
