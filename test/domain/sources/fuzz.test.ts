import fc from 'fast-check';
import { errorCode } from '../../../domain/errors';
import { recognise, SOURCES } from '../../../domain/sources/recognise';
import type { Source } from '../../../domain/sources/source';
import { wireMessage } from '../../../domain/sources/wire';
import { CONTEXT, samplesOf } from './samples';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const each = SOURCES.flatMap((source) => samplesOf(source).map((sample) => ({ source, sample, title: `${source.name}: ${sample.name}` })));

/** Reads; what is thrown must be a clear refusal, what is given must fit our words. */
function survives(source: Source, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
  const message = wireMessage(bytes, headers);
  for (const read of [() => source.read(message, CONTEXT), () => recognise(message).read(message, CONTEXT)]) {
    try {
      for (const object of read().objects) {
        expect(`${object.service} ${object.environment}`).toMatch(new RegExp(`${NAME.source.slice(0, -1)} [A-Za-z0-9]`));
        expect([object.service.length <= 64, object.environment.length <= 64]).toEqual([true, true]);
        expect(JSON.stringify(object)).not.toMatch(/NaN|undefined|Invalid/);
      }
    } catch (error) {
      if (errorCode(error) !== 'unreadable' && errorCode(error) !== 'too_large') throw error;
    }
  }
}

/** A JSON value of the sample replaced, at any depth, by anything; `__proto__` and friends as names too. */
function mutated(json: unknown): fc.Arbitrary<unknown> {
  const paths: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    paths.push(path);
    if (Array.isArray(value)) value.forEach((inner, i) => walk(inner, [...path, i]));
    else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(json, []);
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom<unknown>(-1, 1e308, '', ' ', '../..', '0001-01-01T00:00:00Z', '9999999999999999999', 'x'.repeat(5000), [], {}),
    fc.constant(JSON.parse('{"__proto__":{"service":"evil"},"constructor":"x","toString":1}') as unknown),
  );
  return fc.tuple(fc.constantFrom(...paths), anything).map(([path, value]) => put(json, path, value));
}

function put(json: unknown, [head, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (head === undefined) return value;
  if (Array.isArray(json)) return json.map((inner, i) => (i === head ? put(inner, rest, value) : (inner as unknown)));
  return Object.fromEntries(Object.entries(json as object).map(([key, inner]) => [key, key === head ? put(inner, rest, value) : (inner as unknown)]));
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const asJson = each.flatMap((one) => ({ ...one, json: wireMessage(one.sample.bytes).json })).filter(({ json }) => json !== undefined);

test.each(asJson)('$title with any of its values replaced is read or refused in words', ({ source, sample, json }) => {
  const property = fc.property(mutated(json), (value) => survives(source, bytesOf(value), sample.headers));
  expect(() => fc.assert(property, { numRuns: 25 })).not.toThrow();
});

test.each(each)('$title cut anywhere, or with a byte changed, is read or refused in words', ({ source, sample }) => {
  const last = sample.bytes.length - 1;
  const property = fc.property(fc.nat(last), fc.nat(last), fc.nat(255), (cut, at, byte) => {
    survives(source, sample.bytes.slice(0, cut), sample.headers);
    survives(
      source,
      sample.bytes.map((old, i) => (i === at ? byte : old)),
      sample.headers,
    );
  });
  expect(() => fc.assert(property, { numRuns: 15 })).not.toThrow();
});

test.each(SOURCES)('$name refuses what is no message, whatever it is', (source) => {
  const depth = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const texts = ['', ' ', 'null', '1', '"x"', '[]', '{}', '{"a":', depth, `{"alerts":${depth}}`, '\ufeff{}', '{"a":1,"a":2}'];
  for (const text of texts) survives(source, new TextEncoder().encode(text));
  for (const bytes of [
    [0xff, 0xfe],
    [0x1f, 0x8b, 8, 0],
    [0xc3, 0x28],
  ])
    survives(source, Uint8Array.from(bytes));
  expect(() => source.read(wireMessage(Uint8Array.from([0xff])), CONTEXT)).toThrow(/\S/);
});
