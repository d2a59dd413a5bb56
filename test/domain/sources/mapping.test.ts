import fc from 'fast-check';
import { errorCode } from '../../../domain/errors';
import { mappedSource } from '../../../domain/sources/mapping';
import type { Reading } from '../../../domain/sources/source';
import { wireMessage } from '../../../domain/sources/wire';
import { CONTEXT } from './samples';

const ALERTS = {
  name: 'ward',
  object: 'alert',
  list: 'data.events',
  fields: {
    ...{ id: 'uid', fingerprint: 'rule.id', name: 'rule.title', service: 'tags.0.value', environment: { value: 'staging' }, link: 'url', summary: 'text' },
    status: { path: 'state', values: { open: 'firing', closed: 'resolved' } },
    severity: { path: 'level', values: { '1': 'critical', '2': 'error' }, otherwise: 'info' },
    ...{ startsAt: 'began', endsAt: 'ended', value: 'now', threshold: 'limit', signal: 'metric' },
    labels: { region: '$.data.region', app: 'meta.app\\.kubernetes\\.io/name' },
  },
};
const EVENT = {
  ...{
    uid: 41,
    rule: { id: 'r-7', title: 'Disk almost full' },
    tags: [{ value: 'Orders' }],
    url: 'https://ward.example/41',
    text: 'by ana@acme.example, password=hunter2',
  },
  ...{ state: 'open', level: 1, began: 1_772_000_000, now: '93.5', limit: 90, metric: 'disk', meta: { 'app.kubernetes.io/name': 'orders' } },
};

const read = (declaration: unknown, body: unknown): Reading =>
  mappedSource(declaration).read(wireMessage(new TextEncoder().encode(JSON.stringify(body))), CONTEXT);
const message = (...events: unknown[]) => ({ data: { region: 'eu-west-1', events } });

test('alerts come about by paths, constants and maps of values', () => {
  const closed = { ...EVENT, state: 'closed', level: 9, ended: '2026-02-25T07:00:00Z' };
  const { objects, passedOver } = read(ALERTS, message(EVENT, closed));
  expect(passedOver).toEqual([]);
  expect(objects).toEqual([
    {
      ...{ object: 'alert', id: 'ward:41', fingerprint: 'ward:r-7', status: 'firing', source: 'ward', environment: 'staging', service: 'orders' },
      ...{ name: 'Disk almost full', severity: 'sev1', summary: 'by [redacted], password=[redacted]', startsAt: '2026-02-25T06:13:20.000Z' },
      ...{ signal: 'disk', value: 93.5, threshold: 90, link: 'https://ward.example/41', labels: { region: 'eu-west-1', app: 'orders' } },
    },
    expect.objectContaining({ status: 'resolved', severity: 'sev4', endsAt: '2026-02-25T07:00:00.000Z' }),
  ]);
});

test('changes are told from a message that is one element, and builds from one that is a list', () => {
  const flags = { name: 'flags', object: 'change', fields: { kind: { value: 'flag' }, service: 'project', at: 'when', author: 'who', to: 'value', id: 'id' } };
  expect(read(flags, { project: 'shop', when: '2026-02-01T08:00:00+01:00', who: 'ana@acme.example', value: true, id: 'f1' }).objects).toEqual([
    {
      ...{
        object: 'change',
        id: 'flags:f1',
        kind: 'flag',
        environment: 'production',
        service: 'shop',
        at: '2026-02-01T07:00:00.000Z',
        author: 'ana',
        to: 'true',
      },
      summary: 'flag of shop to true',
    },
  ]);
  const jenkins = {
    name: 'jenkins',
    object: 'build',
    fields: { name: 'job', run: 'number', service: 'job', result: { path: 'status', values: { SUCCESS: 'succeeded' } }, durationMs: 'took' },
  };
  const { objects, passedOver } = read(jenkins, [
    { job: 'nightly', number: 7, status: 'SUCCESS', took: 1200.4 },
    { job: 'nightly', number: 8, status: 'RUNNING' },
  ]);
  expect(objects).toMatchObject([{ object: 'build', name: 'nightly', run: '7', result: 'succeeded', durationMs: 1200, endedAt: '2026-03-01T12:00:00.000Z' }]);
  expect(passedOver).toEqual(['what has the result `RUNNING`, which the mapping does not name']);
});

test('what is left aside many times is told once', () => {
  expect(read(ALERTS, message({ ...EVENT, state: 'muted' }, { ...EVENT, state: 'muted' })).passedOver).toEqual([
    'what has the status `muted`, which the mapping does not name (2 times)',
  ]);
  expect(read(ALERTS, message()).passedOver).toEqual(['an empty list']);
});

test('what is missing is refused with its place in the message, and then nothing is taken', () => {
  expect(() => read(ALERTS, message(EVENT, { ...EVENT, rule: {} }, { ...EVENT, state: null }))).toThrow(
    expect.objectContaining({
      code: 'unreadable',
      problems: [
        { path: 'data.events.1.rule.title', message: 'is missing; the mapping reads `name` from here' },
        { path: 'data.events.2.state', message: 'is missing; the mapping reads `status` from here' },
      ],
    }),
  );
  expect(() => read(ALERTS, { data: { events: {} } })).toThrow(expect.objectContaining({ problems: [{ path: 'data.events', message: 'must be a list' }] }));
  expect(() => mappedSource(ALERTS).read(wireMessage(new TextEncoder().encode('{')), CONTEXT)).toThrow(/no JSON/);
});

test.each([
  ['an unknown object', { ...ALERTS, object: 'incident' }, 'object'],
  ['a field that alerts do not have', { ...ALERTS, fields: { ...ALERTS.fields, sevrity: 'x' } }, 'fields.sevrity'],
  ['no name of the condition', { ...ALERTS, fields: {} }, 'fields.name'],
  ['a status of nobody', { ...ALERTS, fields: { ...ALERTS.fields, status: { path: 'state', values: { open: 'on' } } } }, 'fields.status'],
  ['a severity of nobody', { ...ALERTS, fields: { ...ALERTS.fields, severity: { value: 'awful' } } }, 'fields.severity'],
  ['an empty part of a path', { ...ALERTS, list: 'data..events' }, 'list'],
  ['a rule that is none', { ...ALERTS, fields: { ...ALERTS.fields, service: { regex: '.*' } } }, 'fields.service'],
  ['a name with capitals', { ...ALERTS, name: 'Ward' }, 'name'],
  ["a name that is Nightshift's own", { ...ALERTS, name: 'nightshift-heartbeat' }, 'name'],
  ['no declaration', 7, ''],
])('a declaration with %s is refused with its place', (_name, declaration, path) => {
  expect(() => mappedSource(declaration)).toThrow(expect.objectContaining({ code: 'invalid_config', problems: [expect.objectContaining({ path })] }));
});

test('names of prototypes lead to nothing that was not sent, and recognises nothing by itself', () => {
  const by = (path: string) => ({ name: 'x', object: 'alert', fields: { name: { path, otherwise: 'nothing' } } });
  for (const path of ['constructor.name', '__proto__.constructor.name', 'toString', 'list.length', 'text.length', 'text.0']) {
    expect(read(by(path), { list: [1], text: 'abc' }).objects).toMatchObject([{ name: 'nothing' }]);
  }
  const values = { name: 'x', object: 'alert', fields: { name: { path: 'a', values: { b: 'c' }, otherwise: 'nothing' } } };
  expect(read(values, { a: 'constructor' }).objects).toMatchObject([{ name: 'nothing' }]);
  expect(mappedSource(ALERTS).recognises(wireMessage(new TextEncoder().encode(JSON.stringify(message(EVENT)))))).toBe(false);
});

test('any message is read or refused in words', () => {
  const source = mappedSource(ALERTS);
  const events = fc.array(
    fc.record({ rule: fc.record({ title: fc.jsonValue() }), state: fc.jsonValue(), began: fc.jsonValue(), now: fc.jsonValue(), tags: fc.jsonValue() }),
  );
  const outcome = (told: readonly unknown[]): string => {
    try {
      return JSON.stringify(source.read(wireMessage(new TextEncoder().encode(JSON.stringify(message(...told)))), CONTEXT));
    } catch (error) {
      return errorCode(error) ?? 'Invalid error';
    }
  };
  expect(() =>
    fc.assert(
      fc.property(events, (told) => !outcome(told).includes('Invalid ')),
      { numRuns: 200 },
    ),
  ).not.toThrow();
});
