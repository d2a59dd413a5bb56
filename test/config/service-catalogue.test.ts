import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesMatching } from '../../config/glob';
import { loadConfig } from '../../config/load';
import type { NightshiftConfig } from '../../config/types';
import type { Problem } from '../../domain/errors';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-catalogue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
function load(text: string): NightshiftConfig {
  put('nightshift.yaml', text);
  return loadConfig({ env: {}, cwd: folder });
}
const lines = (problems: readonly Problem[]): string[] => problems.map(({ path, message }) => `${path}: ${message}`);
const component = (name: string, spec: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec: { type: service, lifecycle: production, ${spec} }\n---\n`;
const TEAM = 'teams: [{ name: books, title: Books team, channel: team }]\n';
const CHANNELS = 'notifications: [{ channel: terminal, kind: terminal }, { channel: team, kind: terminal }]\n';

test('the catalogue completes the services of the file, whose own words count, and adds those that only it names', () => {
  put(
    'catalogue/one.yaml',
    `${TEAM}services: [{ name: bookshop, owner: books, tier: critical, pager: P1, dependsOn: [payments, ghost] }, { name: cart, owner: books }]\n`,
  );
  const config = load(
    `${CHANNELS}catalogue: { file: catalogue/one.yaml }\nservices:\n  - { name: bookshop, environment: prod, tier: low }\n  - { name: payments, environment: prod, owner: money }\n`,
  );
  expect(config.services).toEqual([
    { name: 'bookshop', environment: 'prod', tier: 'low', owner: 'Books team', channels: ['team'], pager: 'P1', dependsOn: ['payments'] },
    { name: 'payments', environment: 'prod', tier: 'standard', owner: 'money', dependsOn: [] },
    { name: 'cart', environment: 'prod', tier: 'standard', owner: 'Books team', channels: ['team'], dependsOn: [], catalogued: true },
  ]);
  expect(lines(config.warnings)).toEqual(['services.0: bookshop depends on ghost, which is no service in prod; it is passed over']);
});

test('files of Backstage are found by a pattern, in any folder, and their mistakes stop nothing', () => {
  put('repos/a/catalog-info.yaml', component('a', 'owner: nobody-known, dependsOn: ["component:b"]'));
  put('repos/x/b/catalog-info.yaml', component('b', 'owner: nobody-known'));
  put('repos/node_modules/c/catalog-info.yaml', component('c', 'owner: x'));
  const config = load('catalogue: { file: ["repos/**/catalog-info.yaml", "none/*.yaml"], environments: [staging, production] }');
  expect(config.services.map(({ environment, name, dependsOn }) => `${environment}/${name} ${dependsOn.join()}`)).toEqual([
    'staging/a b',
    'production/a b',
    'staging/b ',
    'production/b ',
  ]);
  expect(config.warnings[0]).toEqual({ path: 'catalogue.file', message: 'no file fits none/*.yaml' });
  expect(lines(config.warnings).filter((each) => each.includes('group:default/nobody-known is in none of the files'))).toHaveLength(2);
});

test('services without an owner are warned about, and go to the catch-all', () => {
  const config = load(`${CHANNELS}catalogue: { catchAll: { owner: on-call, channel: team } }\nservices: [{ name: a, environment: prod }]\n`);
  expect(config.catchAll).toEqual({ owner: 'on-call', channels: ['team'] });
  expect(lines(config.warnings)).toEqual(['services.0: a in prod has no owner; what befalls it goes to the catch-all']);
});

test('a channel that is not configured is a mistake in the file, and passed over in a catalogue', () => {
  put('c.yaml', 'services: [{ name: a, owner: x, channel: [gone, team] }]\n');
  const config = load(`${CHANNELS}catalogue: { file: c.yaml }\nservices: [{ name: a, environment: prod }]\n`);
  expect(config.services[0]?.channels).toEqual(['team']);
  expect(lines(config.warnings)).toEqual([
    `${join(folder, 'c.yaml')}: services.0: a goes to the channel gone, which is not in notifications; it is passed over`,
  ]);
  expect(() => load(`${CHANNELS}catalogue: { catchAll: { channel: gone } }\nservices: [{ name: a, environment: prod, channel: gone }]\n`)).toThrow(
    '2 things are wrong',
  );
});

test('a named file that is not there, and one that nothing can be made of, are mistakes', () => {
  put('bad.yaml', 'services: [{ nme: a }]\n');
  expect(() => load('catalogue: { file: [gone.yaml, bad.yaml] }')).toThrow(
    expect.objectContaining({
      problems: [
        { path: 'catalogue.file', message: `there is no file ${join(folder, 'gone.yaml')}` },
        { path: `${join(folder, 'bad.yaml')}: services.0.name`, message: 'is missing; write text' },
        { path: `${join(folder, 'bad.yaml')}: services.0.nme`, message: expect.stringContaining('did you mean name?') as string },
      ],
    }) as Error,
  );
});

test('a pattern finds files as a shell does', () => {
  for (const name of ['a.yaml', 'b.yml', '.hidden.yaml', 'd/c.yaml', 'd/e/f.yaml']) put(name, '');
  symlinkSync(folder, join(folder, 'd', 'round'));
  const found = (pattern: string): string[] => filesMatching(pattern, folder).map((path) => path.slice(folder.length + 1));
  expect(found('*.yaml')).toEqual(['a.yaml']);
  expect(found('?.y*ml')).toEqual(['a.yaml', 'b.yml']);
  expect(found('**/*.yaml')).toEqual(['a.yaml', 'd/c.yaml', 'd/e/f.yaml']);
  expect(found('d/*/f.yaml')).toEqual(['d/e/f.yaml']);
  expect(found('[a].yaml')).toEqual([]);
});
