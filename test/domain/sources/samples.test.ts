import { recognise, SOURCES, sourceNamed } from '../../../domain/sources/recognise';
import { CONTEXT, hasOrigin, messageOf, sampledSources, samplesOf } from './samples';

const each = SOURCES.flatMap((source) => samplesOf(source).map((sample) => ({ source, sample, title: `${source.name}: ${sample.name}` })));

test('every source has samples that say where they are from, and every folder is of a source', () => {
  expect(SOURCES.filter((source) => samplesOf(source).length === 0 || !hasOrigin(source.name)).map((source) => source.name)).toEqual([]);
  expect(sampledSources().filter((name) => !SOURCES.some((source) => source.name === name))).toEqual([]);
});

test.each(each)('$title gives what was checked by eye', ({ source, sample }) => {
  const { objects, passedOver } = source.read(messageOf(sample), CONTEXT);
  expect(JSON.parse(JSON.stringify({ objects, passedOver }))).toEqual(sample.expected);
});

test.each(each)('$title is recognised without its name', ({ source, sample }) => {
  expect(recognise(messageOf(sample)).name).toBe(source.name);
});

test.each(each)('$title gives only what its source says that it gives', ({ source, sample }) => {
  const given = source.read(messageOf(sample), CONTEXT).objects.map(({ object }) => object);
  expect(given.filter((object) => !source.gives.includes(object))).toEqual([]);
});

test('a message of nobody is refused with where to look, and so is a name of nobody', () => {
  expect(() => recognise(messageOf({ bytes: new TextEncoder().encode('{"hello":1}'), headers: {} }))).toThrow(/ingest sources/);
  expect(() => sourceNamed('alertmanger')).toThrow('did you mean alertmanager?');
});
