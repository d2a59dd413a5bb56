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
  HEARTBEAT_URL: 'https://hc.example.com/x',
  TEMPORAL_API_KEY: 'key',
  PAYMENTS_DEPLOY_KEY: 'key',
  GITHUB_WEBHOOK_SECRET: 'secret',
  TERRAFORM_NOTIFICATION_TOKEN: 'secret',
  PAGERDUTY_WEBHOOK_SECRET: 'secret',
  ALERTMANAGER_TOKEN: 'token',
  PROMETHEUS_TOKEN: 'key',
  PROMETHEUS_PASSWORD: 'key',
  NIGHTSHIFT_EXTERNAL_ID: 'key',
  RUNBOOKS_TOKEN: 'token',
  ACTIONS_TOKEN: 'token',
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
  expect(config.services.map((service) => service.name)).toEqual(['bookshop', 'payments', 'search']);
});

test('the example is accepted with everything switched on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-example-'));
  try {
    mkdirSync(join(folder, 'runbooks'));
    writeFileSync(join(folder, 'catalogue.yaml'), 'services: [{ name: cart, owner: books team }]\n');
    writeFileSync(join(folder, 'first-admin.key'), 'x'.repeat(40));
    writeFileSync(join(folder, 'pagerduty-old.secret'), 'secret');
    for (const name of ['temporal-ca.pem', 'temporal.pem', 'temporal.key']) writeFileSync(join(folder, name), 'PEM');
    // A server takes one of the two, and so does the place of anchors.
    writeFileSync(join(folder, 'nightshift.yaml'), FULL.replace(/^ +basic: .*\n/m, '').replace('folder: /mnt/worm/anchors, ', ''));
    const { config } = loadStartup({ root: ROOT, cwd: folder, env: SECRETS });
    expect(config.notifications.map((channel) => channel.channel)).toEqual(['terminal', 'team', 'pager', 'archive', 'inside']);
    expect(config.temporal.address).toBe('127.0.0.1:7233');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the example shows every setting that there is', () => {
  const shown = new Set(paths(readYaml(FULL).value, ''));
  // Either form of a secret stands for both, and a list for its words.
  const oneOfMany = (path: string): string => path.replace(/\.secret\.\*$/, '.secret');
  const wanted = settings(configJsonSchema() as Schema, '')
    .map((path) => path.replace(/\.(env|file)$/, (whole) => (path.endsWith('logs.file') ? whole : '')))
    .map(oneOfMany);
  expect(wanted.filter((path) => !shown.has(path))).toEqual([]);
});

test('the values of the example are the defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-empty-'));
  try {
    const example = loadConfig({ file: FILE, cwd: ROOT, env: {} });
    const bare = loadConfig({ cwd: folder, env: {} });
    // The one value that follows from the services.
    const plain = { ...bare, incidents: { ...bare.incidents, conditionEndsMs: example.incidents.conditionEndsMs } };
    for (const section of ['profile', 'api', 'temporal', 'incidents', 'detector', 'inbox', 'retention', 'archive', 'watch'] as const)
      expect(example[section]).toEqual(plain[section]);
    const { conditions: _conditions, maintenance: _maintenance, ...alerts } = example.alerts;
    expect({ ...alerts, conditions: [], maintenance: [] }).toEqual(plain.alerts);
    expect({ ...example.correlation, rules: [] }).toEqual(plain.correlation);
    expect(example.policy.limits).toEqual(plain.policy.limits);
    expect({ ...example.policy.approvals, approvers: [] }).toEqual(plain.policy.approvals);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
