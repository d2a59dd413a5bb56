import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { recognise, SOURCES } from '../../domain/sources/recognise';
import { textOf } from '../docs/markdown';
import { CONTEXT, messageOf, samplesOf } from '../domain/sources/samples';
import { passes } from './event-pattern';
import type { EventPattern } from './event-pattern';

const patterns = Object.entries(JSON.parse(readFileSync(join(packageRoot(), 'infra', 'events.json'), 'utf8')) as Readonly<Record<string, EventPattern>>);
const types = patterns.flatMap(([name, { source, 'detail-type': each }]) => each.map((type) => ({ name, type, source: source[0] })));

/** Samples that are one event of EventBridge, with what Nightshift makes of them. */
const samples = SOURCES.flatMap((source) =>
  samplesOf(source).flatMap((sample) => {
    const { json } = messageOf(sample);
    if (typeof json !== 'object' || json === null || !('detail-type' in json) || !('source' in json)) return [];
    const { objects } = source.read(messageOf(sample), CONTEXT);
    return [{ title: `${source.name}: ${sample.name}`, json, kept: objects.length }];
  }),
);
const rulesFor = (event: unknown): readonly string[] => patterns.filter(([, pattern]) => passes(pattern, event)).map(([name]) => name);

test.each(samples.filter(({ kept }) => kept > 0))('$title, which is kept, comes by one rule', ({ json }) => {
  expect(rulesFor(json)).toHaveLength(1);
});

test('some events that nothing is made of do not come at all', () => {
  const stopped = samples.filter(({ kept, json }) => kept === 0 && rulesFor(json).length === 0);
  expect(stopped.length).toBeGreaterThan(5);
});

test.each(types)('the rule $name asks for "$type", which a source reads', ({ type, source }) => {
  const event = {
    version: '0',
    id: 'e1',
    source,
    'detail-type': type,
    account: '123456789012',
    region: 'eu-central-1',
    time: '2026-03-01T09:00:00Z',
    resources: [],
  };
  const message = messageOf({ bytes: new TextEncoder().encode(JSON.stringify({ ...event, detail: null })), headers: {} });
  // A type that is left aside is so whatever it holds; one that is read needs it.
  expect(() => recognise(message).read(message, CONTEXT)).toThrow(/not as this source sends it/);
});

test('the pattern that the documentation shows is part of the rules', () => {
  const shown = /^```json\n([^]*?)^```/m.exec(textOf('docs/aws-sources.md'))?.[1] ?? '';
  const { source, 'detail-type': named } = JSON.parse(shown) as EventPattern;
  expect(patterns.flatMap(([, each]) => each.source)).toEqual(expect.arrayContaining([...source]));
  expect(types.map(({ type }) => type)).toEqual(expect.arrayContaining([...named]));
});
