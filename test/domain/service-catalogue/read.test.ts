import fc from 'fast-check';
import { cyclesOf } from '../../../domain/service-catalogue/cycles';
import type { ServiceCatalogue } from '../../../domain/service-catalogue/entry';
import { readServiceCatalogue } from '../../../domain/service-catalogue/read';

const read = (...texts: string[]): ServiceCatalogue => readServiceCatalogue(texts.map((text, i) => ({ file: `f${String(i)}.yaml`, text })));
const entity = (kind: string, name: string, spec: object, metadata: object = {}): string =>
  `${JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, ...metadata }, spec })}\n`;
const documents = (...all: string[]): string => all.join('---\n');
const said = ({ warnings }: ServiceCatalogue): string[] => warnings.map(({ path, message }) => `${path}: ${message}`);

const BOOKS = documents(
  entity(
    'Group',
    'books',
    { type: 'team', profile: { displayName: 'Books team' } },
    { annotations: { 'nightshift/channel': 'books, pager', 'pagerduty.com/service-id': 'PTEAM' } },
  ),
  entity('System', 'shop', { owner: 'books' }, { title: 'The shop' }),
  entity('API', 'catalogue-api', { type: 'openapi', lifecycle: 'production', owner: 'books', definition: { $text: './openapi.yaml' } }),
  entity(
    'Component',
    'Bookshop',
    {
      type: 'service',
      lifecycle: 'production',
      owner: 'group:default/books',
      system: 'shop',
      dependsOn: ['resource:orders-db'],
      consumesApis: ['catalogue-api'],
    },
    {
      description: 'Sells books.',
      labels: { tier: 'critical' },
      annotations: { 'pagerduty.com/service-id': 'PBOOKS', 'github.com/project-slug': 'acme/bookshop' },
      links: [
        { url: 'https://grafana.example.com/d/books', title: 'Dashboard' },
        { url: 'javascript:alert(1)', title: 'no' },
      ],
    },
  ),
  entity('Component', 'catalogue', { type: 'service', lifecycle: 'production', owner: 'books', providesApis: ['catalogue-api'] }),
  entity('Resource', 'orders-db', { type: 'database', owner: 'books' }),
  entity('Component', 'money', { type: 'library', lifecycle: 'production', owner: 'books' }),
);

test('a component of Backstage becomes a service with owner, tier, channel, pager, links, and whoever it depends on', () => {
  const found = read(BOOKS);
  expect([found.problems, found.warnings]).toEqual([[], []]);
  expect(found.entries.find((each) => each.name === 'bookshop')).toEqual({
    name: 'bookshop',
    entity: 'component:default/bookshop',
    description: 'Sells books.',
    owner: 'Books team',
    tier: 'critical',
    channels: ['books', 'pager'],
    pager: 'PBOOKS',
    system: 'The shop',
    dependsOn: ['catalogue', 'orders-db'],
    links: [
      { title: 'Dashboard', url: 'https://grafana.example.com/d/books' },
      { title: 'Source', url: 'https://github.com/acme/bookshop' },
    ],
    path: 'f0.yaml, document 4',
  });
});

test('resources are services, libraries are not, and a team stands by its name and its title', () => {
  const found = read(BOOKS);
  expect(found.entries.map((each) => each.name)).toEqual(['bookshop', 'catalogue', 'orders-db']);
  expect(found.entries.find((each) => each.name === 'orders-db')).toMatchObject({ owner: 'Books team', pager: 'PTEAM' });
  expect([found.teams.get('books'), found.teams.get('books team')]).toEqual(
    Array(2).fill({ title: 'Books team', channels: ['books', 'pager'], pager: 'PTEAM' }),
  );
});

test('a component without an owner has that of its system', () => {
  const found = read(documents(entity('System', 'shop', { owner: 'books' }), entity('Group', 'books', {}), entity('Component', 'a', { system: 'shop' })));
  expect(found.entries[0]).toMatchObject({ owner: 'books', system: 'shop' });
});

test('mistakes in entities are told with their place, and the rest holds', () => {
  const found = read(
    documents(
      entity('Component', 'a', { owner: 'ghosts', dependsOn: ['b', 'component:nowhere', 'api:x', 'component:c'], system: 'a/b/c' }),
      entity('Component', 'b', { owner: 7, dependsOn: ['component:a'] }),
      entity('Component', 'c', { owner: 'user:ann', dependsOn: ['component:a'] }, { annotations: { 'nightshift/tier': 'gold' } }),
      entity('Component', 'c', { owner: 'user:ann' }),
      entity('Component', 'c', { owner: 'user:ann' }, { namespace: 'other' }),
      entity('Component', 'bad name', {}),
      entity('Group', 'x', { parent: 'y' }),
      entity('Group', 'y', { parent: 'group:x' }),
    ),
  );
  expect(found.problems).toEqual([]);
  expect(found.entries.map(({ name, owner, dependsOn }) => ({ name, owner, dependsOn }))).toEqual([
    { name: 'a', owner: 'ghosts', dependsOn: ['c'] },
    { name: 'b', owner: undefined, dependsOn: ['a'] },
    { name: 'c', owner: 'ann', dependsOn: ['a'] },
  ]);
  expect(said(found).sort()).toEqual(
    [
      'dependsOn: goes in a circle: a -> c -> a',
      'f0.yaml, document 1: spec.dependsOn: "b" is no entity ref; write kind:[namespace/]name',
      'f0.yaml, document 1: spec.dependsOn: api:default/x is a api; only component or resource makes sense here',
      'f0.yaml, document 1: spec.dependsOn: component:default/nowhere is in none of the files',
      'f0.yaml, document 1: spec.owner: group:default/ghosts is in none of the files',
      'f0.yaml, document 1: spec.system: "a/b/c" is no entity ref; write [kind:][namespace/]name',
      'f0.yaml, document 2: spec.owner: this is no entity ref; write [kind:][namespace/]name',
      'f0.yaml, document 3: nightshift/tier: must be one of critical, standard, low',
      'f0.yaml, document 3: spec.owner: user:default/ann is in none of the files',
      'f0.yaml, document 4: component:default/c was declared before (f0.yaml, document 3); that one counts',
      'f0.yaml, document 5: gives a service c as component:default/c does, which counts; tell them apart by the annotation nightshift/service',
      'f0.yaml, document 6: has no usable kind and metadata.name, so that it is left out',
      'spec.parent: goes in a circle: group:default/x -> group:default/y -> group:default/x',
    ].sort(),
  );
});

test('our own form says the same in a few lines', () => {
  const found = read(
    'teams: [{ name: books, title: Books team, channel: books }]\nservices:\n  - { name: bookshop, environment: production, owner: books, tier: critical, dependsOn: [payments] }\n',
  );
  expect(found).toMatchObject({
    problems: [],
    entries: [{ name: 'bookshop', environments: ['production'], owner: 'books', dependsOn: ['payments'], path: 'f0.yaml: services.0' }],
  });
  expect(found.teams.get('books')).toEqual({ title: 'Books team', channels: ['books'] });
});

test('a mistake in our own form, and text that is no YAML, are problems with their place', () => {
  const found = read('services: [{ name: Book Shop, ownr: x, links: [{ title: t, url: "ftp://x" }] }]', 'a: [', 'just text');
  expect(found.problems.map(({ path }) => path)).toEqual([
    'f1.yaml',
    ...['services.0.name', 'services.0.links.0.url', 'services.0.ownr'].map((path) => `f0.yaml: ${path}`),
    'f2.yaml: ',
  ]);
});

test('no document, however odd, is more than a problem or a warning', () => {
  const kinds = fc.constantFrom('Component', 'Group', 'API', 'System', 'Resource', 'Location', '__proto__');
  const odd = fc.record({ apiVersion: fc.constant('backstage.io/v1'), kind: kinds, metadata: fc.anything(), spec: fc.anything() });
  fc.assert(
    fc.property(fc.array(fc.oneof(odd, fc.jsonValue()), { maxLength: 4 }), (values) => {
      const found = read(documents(...values.map((value) => `${JSON.stringify(value) ?? 'null'}\n`)));
      expect(found.entries.every(({ name }) => /^[a-z0-9][a-z0-9._-]{0,62}$/.test(name))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('each circle is told once, and a long chain is none', () => {
  const chain = Array.from({ length: 20_000 }, (_, i): [string, string[]] => [`n${String(i).padStart(5, '0')}`, [`n${String(i + 1).padStart(5, '0')}`]]);
  expect(cyclesOf(new Map(chain))).toEqual([]);
  expect(
    cyclesOf(
      new Map([
        ['b', ['c', 'b']],
        ['c', ['a']],
        ['a', ['b', 'd']],
        ['d', []],
      ]),
    ),
  ).toEqual([['b'], ['a', 'b', 'c']]);
});
