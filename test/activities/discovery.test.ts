import { discovering } from '../../activities/discovery';
import { NightshiftError } from '../../domain/errors';
import { alert } from '../adapters/postgres/samples-of-data';
import { MemoryStore } from '../fakes/memory-store';

const set = (note: MemoryStore['services']['note']) => {
  const store = new MemoryStore();
  let now = 0;
  const warned: string[] = [];
  const seen = { ...store.services, note };
  const { inbox } = discovering(store, {
    inventory: { services: [] },
    seen,
    clock: { now: () => now },
    log: { warn: (_fields, message) => warned.push(message) },
  });
  return { inbox, store, warned, later: (ms: number) => (now += ms) };
};

test('a storm about one service is one note a minute', async () => {
  const notes: number[] = [];
  const { inbox, later } = set(async (places) => void notes.push(places.length));
  await inbox.accept([alert('a'), alert('b', { service: 'cart' })], 0, 10);
  await inbox.accept([alert('c')], 0, 10);
  later(60_000);
  await inbox.accept([alert('d')], 0, 10);
  expect(notes).toEqual([2, 1]);
});

test('alerts are accepted where services cannot be noted, and noted the next time', async () => {
  let fails = true;
  let noted = 0;
  const { inbox, store, warned } = set(async (places) => {
    if (fails) throw new NightshiftError('unreachable', 'gone');
    noted += places.length;
  });
  expect(await inbox.accept([alert('a')], 0, 10)).toEqual({ accepted: 1, duplicates: 0 });
  expect([store.inbox.waiting.length, warned.length]).toEqual([1, 1]);
  fails = false;
  await inbox.accept([alert('b')], 0, 10);
  expect(noted).toBe(1);
});
