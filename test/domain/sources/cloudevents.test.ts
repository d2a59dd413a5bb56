import { cloudEventsOver } from '../../../domain/sources/cloudevents';
import { recognise, sourceNamed } from '../../../domain/sources/recognise';
import type { Reading, Source } from '../../../domain/sources/source';
import { wireMessage } from '../../../domain/sources/wire';
import { CONTEXT } from './samples';

const EVENT = { specversion: '1.0', type: 'dev.nightshift.alert', source: '/ci', id: '1' };
const ALERT = { service: 'bookshop', name: 'TooSlow' };

const bytes = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body));
const read = (body: unknown, headers: Record<string, string> = {}): Reading => sourceNamed('cloudevents').read(wireMessage(bytes(body), headers), CONTEXT);
const idsOf = ({ objects }: Reading): unknown[] => objects.map((object) => 'id' in object && object.id);

test('source and id are the identity: the same pair is the same alert in any mode, another pair is another', () => {
  const structured = read({ ...EVENT, data: ALERT });
  const [batched, binary] = [
    read([{ ...EVENT, data: ALERT }]),
    read(ALERT, { 'ce-specversion': '1.0', 'ce-type': EVENT.type, 'ce-source': '/ci', 'ce-id': '1' }),
  ];
  expect([idsOf(batched), idsOf(binary)]).toEqual([idsOf(structured), idsOf(structured)]);
  for (const other of [{ id: '2' }, { source: '/cd' }]) expect(idsOf(read({ ...EVENT, ...other, data: ALERT }))).not.toEqual(idsOf(structured));
});

test('a message of another source inside has the ids that it has by itself', () => {
  const github = { action: 'completed', repository: { full_name: 'acme/shop' }, sender: {}, workflow_run: { id: 7, name: 'ci', conclusion: 'success' } };
  const inner = recognise(wireMessage(bytes(github)));
  expect(read({ ...EVENT, type: 'com.github.workflow_run.completed', data: github }).objects).toEqual(inner.read(wireMessage(bytes(github)), CONTEXT).objects);
});

test('data of any source that it is made with is read, and of two that could be meant neither', () => {
  const echo = (name: string): Source => ({
    name,
    title: name,
    gives: [],
    recognises: ({ json }) => json === 'x',
    read: () => ({ objects: [], passedOver: [name] }),
  });
  const over = (...sources: Source[]) => cloudEventsOver(sources).read(wireMessage(bytes({ ...EVENT, type: 'a', data: 'x' })), CONTEXT).passedOver;
  expect([over(echo('one')), over(echo('one'), echo('two'))]).toEqual([['one'], [expect.stringContaining('type `a`')]]);
});

test('the time of the event stands for a time that the data leaves out', () => {
  expect(read({ ...EVENT, time: '2026-01-05T10:00:00+02:00', data: ALERT }).objects).toMatchObject([{ startsAt: '2026-01-05T08:00:00.000Z' }]);
  expect(read({ ...EVENT, time: 'soon', data: ALERT }).objects).toMatchObject([{ startsAt: '2026-03-01T12:00:00.000Z' }]);
});

test.each([
  ['an older version', { ...EVENT, specversion: '0.3', data: ALERT }, {}],
  ['no id', { ...EVENT, id: undefined, data: ALERT }, {}],
  ['no data', EVENT, {}],
  ['data that is no alert', { ...EVENT, data: { service: 'bookshop' } }, {}],
  ['text where JSON should be', { ...EVENT, data: JSON.stringify(ALERT) }, {}],
  ['base64 that is none', { ...EVENT, data_base64: '%%%' }, {}],
  ['a batch of nothing that can be read', [EVENT, 1], {}],
  ['headers without a type', ALERT, { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/ci' }],
])('%s is refused', (_name, body, headers) => {
  expect(() => read(body, headers)).toThrow(expect.objectContaining({ code: 'unreadable' }));
});

test('what is wrong with data is told with its place', () => {
  expect(() => read({ ...EVENT, data: { ...ALERT, status: 'ended' } })).toThrow(
    expect.objectContaining({ problems: [{ path: 'data.status', message: 'must be one of firing, resolved' }] }),
  );
});
