import type { Service } from '../../domain/inventory';
import { takers } from '../../domain/notification';
import { ownershipOf } from '../../domain/ownership';
import { serviceViews } from '../../domain/service-view';

const service = (name: string, over: Partial<Service> = {}): Service => ({ name, environment: 'prod', tier: 'standard', dependsOn: [], ...over });
const inventory = {
  services: [service('books', { owner: 'Books', channels: ['books'], dependsOn: ['db'] }), service('db', { owner: 'Data' }), service('orphan')],
};
const catchAll = { owner: 'On call', channels: ['pager'] };
const of = (name: string, all = catchAll as Parameters<typeof ownershipOf>[1]) => ownershipOf(inventory, all, { environment: 'prod', service: name });

test("a service is its owner's, and one without an owner, or that nobody knows, is the catch-all's", () => {
  expect(of('books')).toEqual({ owner: 'Books', tier: 'standard', channels: ['books'], catchAll: false });
  expect(of('db')).toEqual({ owner: 'Data', tier: 'standard', channels: [], catchAll: false });
  expect(of('orphan')).toEqual({ owner: 'On call', tier: 'standard', channels: ['pager'], catchAll: true });
  expect(of('never-heard-of')).toEqual({ owner: 'On call', channels: ['pager'], catchAll: true });
});

test('without a catch-all every channel gets what nobody owns', () => {
  expect(of('never-heard-of', {})).toEqual({ channels: [], catchAll: true });
});

describe('who takes a message', () => {
  const serves = (name: string) => (place: { readonly service: string }) => place.service === name;
  const channels = [
    { channel: 'books', on: ['opened' as const, 'resolved' as const], serves: serves('books') },
    { channel: 'pager', on: ['escalated' as const], serves: serves('other') },
    { channel: 'all' },
  ];
  const names = (...args: Parameters<typeof takers>): string[] => takers(...args).map((each) => (each as { channel: string }).channel);
  const place = { environment: 'prod', service: 'books' };

  test('the channels of its service, and those of every service', () => {
    expect(names('opened', channels, place)).toEqual(['books', 'all']);
  });

  test("all that take the reason, where none of its service's does", () => {
    expect(names('escalated', channels.slice(0, 2), place)).toEqual(['pager']);
  });

  test('everybody, where everything is halted', () => {
    expect(
      names(
        'brake',
        [
          { channel: 'a', serves: serves('x') },
          { channel: 'b', serves: serves('books') },
        ] as typeof channels,
        place,
      ),
    ).toEqual(['a', 'b']);
  });

  test('the channels of services that joined, too', () => {
    const joined = [{ service: 'other' }];
    const both = [...channels.slice(0, 2), { channel: 'data', serves: serves('other') }];
    expect(names('opened', both, place)).toEqual(['books']);
    expect(names('opened', both, { ...place, joined })).toEqual(['books', 'data']);
    expect(names('escalated', both, { ...place, joined })).toEqual(['pager', 'data']);
  });

  test('of the news that a service joins, its own channels, and not those of the incident, which know of it', () => {
    const both = [...channels, { channel: 'data', on: ['opened' as const], serves: serves('other') }];
    expect(names('joined', both, { ...place, joined: [{ service: 'other' }] })).toEqual(['data']);
    expect(names('joined', both, place)).toEqual([]);
  });

  test('as ever, where a message is about no one service', () => {
    expect(names('opened', channels)).toEqual(['books', 'all']);
  });
});

test('discovered services stand beside those of the inventory, with who depends on whom', () => {
  const seen = (name: string) => ({ environment: 'prod', service: name, firstSeen: 0, lastSeen: 60_000, alerts: true, changes: false });
  const views = serviceViews(inventory, catchAll, [seen('cart'), seen('db')]);
  expect(views.map(({ name, origin, owner, usedBy }) => [name, origin, owner, usedBy])).toEqual([
    ['books', 'configuration', 'Books', []],
    ['cart', 'discovered', 'On call', []],
    ['db', 'configuration', 'Data', ['books']],
    ['orphan', 'configuration', 'On call', []],
  ]);
  expect(views[1]).toMatchObject({ firstSeen: '1970-01-01T00:00:00.000Z', lastSeen: '1970-01-01T00:01:00.000Z', seenIn: ['alerts'], catchAll: true });
});
