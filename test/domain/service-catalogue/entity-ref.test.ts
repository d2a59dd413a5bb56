import { parseEntityRef } from '../../../domain/service-catalogue/entity-ref';

test.each([
  ['artist-web', 'component:default/artist-web'],
  ['group:artists', 'group:default/artists'],
  ['Component:Web/Artist_Web', 'component:web/artist_web'],
  ['web/artist.web', 'component:web/artist.web'],
  [{ kind: 'API', name: 'orders' }, 'api:default/orders'],
])('reads %j', (text, expected) => {
  const { kind, namespace, name } = parseEntityRef(text, { kind: 'component', namespace: 'default' }) ?? { kind: '', namespace: '', name: '' };
  expect(`${kind}:${namespace}/${name}`).toBe(expected);
});

test.each(['', 'a:b:c', 'a/b/c', ':x', '/x', 'group:', '-x', 'x y', 'x'.repeat(64), 7, null, {}, ['x']])('takes %j for no ref', (text) => {
  expect(parseEntityRef(text, { kind: 'component', namespace: 'default' })).toBeUndefined();
});

test('demands the kind where none goes without saying', () => {
  expect(parseEntityRef('orders-db', { namespace: 'default' })).toBeUndefined();
  expect(parseEntityRef('resource:orders-db', { namespace: 'default' })).toMatchObject({ kind: 'resource' });
});
