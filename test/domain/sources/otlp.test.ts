import { errorCode } from '../../../domain/errors';
import { exponentialHistogram } from '../../../domain/sources/buckets';
import { otlpLogs } from '../../../domain/sources/otlp-logs';
import { otlpMetrics } from '../../../domain/sources/otlp-metrics';
import { otlpTraces } from '../../../domain/sources/otlp-traces';
import { decode, many, one } from '../../../domain/sources/protobuf';
import type { Shape } from '../../../domain/sources/protobuf';
import { wireMessage } from '../../../domain/sources/wire';
import { CONTEXT, samplesOf } from './samples';

const PROTOBUF = { 'Content-Type': 'application/x-protobuf' };
const NOTHING = { scale: 0, zeroThreshold: 0, zeroCount: 0, positive: [], negative: [], count: 0 };

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

/** A field of a protobuf that holds bytes of at most 2 MiB. */
function block(field: number, content: Uint8Array): Uint8Array {
  const length = [(content.length & 0x7f) | 0x80, ((content.length >> 7) & 0x7f) | 0x80, content.length >> 14];
  return Uint8Array.from([(field << 3) | 2, ...length, ...content]);
}

test.each([otlpMetrics, otlpLogs, otlpTraces])('$name takes an export of nothing, which is no byte in protobuf', (source) => {
  expect(source.read(wireMessage(new Uint8Array(), PROTOBUF), CONTEXT)).toMatchObject({
    objects: [],
    passedOver: [expect.stringContaining('an export without')],
  });
});

test.each([otlpMetrics, otlpLogs, otlpTraces])('$name says what is wrong with JSON that is cut short, not that it is no protobuf', (source) => {
  expect(() => source.read(wireMessage(new TextEncoder().encode('{"resource')), CONTEXT)).toThrow('The message is no JSON, or it is cut short.');
});

test('an export of one signal is refused by the others, and is of no other in its own words', () => {
  const sources = [otlpMetrics, otlpLogs, otlpTraces];
  for (const source of sources) {
    for (const { bytes } of samplesOf(source).filter(({ name }) => !['json', 'empty', 'no-lines'].includes(name))) {
      const others = sources.filter((other) => other !== source);
      expect(others.map((other) => codeOf(() => other.read(wireMessage(bytes, PROTOBUF), CONTEXT)))).toEqual(['unreadable', 'unreadable']);
      expect(sources.filter((each) => each.recognises(wireMessage(bytes)))).toEqual([source]);
    }
  }
});

test('a service that is known by the name of a resource gets its own name, and so does a peer', () => {
  const [sample] = samplesOf(otlpTraces).filter(({ name }) => name === 'calls');
  const services = new Map([
    ['checkout', 'shop-checkout'],
    ['payments', 'pay'],
  ]);
  const { objects } = otlpTraces.read(wireMessage(sample?.bytes ?? new Uint8Array()), { ...CONTEXT, services });
  expect(objects[1]).toMatchObject({ service: 'shop-checkout', peer: 'pay' });
});

test('a message of empty parts is refused before it fills the memory', () => {
  const shape: Shape = { 1: many('parts', () => ({ 1: one('name', 'text') })) };
  expect(
    codeOf(() =>
      decode(
        new Uint8Array(1_000_004).fill(0x0a).map((byte, i) => (i % 2 === 0 ? byte : 0)),
        shape,
      ),
    ),
  ).toBe('too_large');
});

test('a packed list of more than 500,000 numbers is refused too', () => {
  expect(codeOf(() => decode(block(1, new Uint8Array(500_001)), { 1: many('numbers', 'uint64') }))).toBe('too_large');
});

test('parts within parts are read to a depth, and refused beyond it', () => {
  const shape: Shape = { 1: one('part', () => shape) };
  const nested = (depth: number): Uint8Array => Array.from({ length: depth }).reduce<Uint8Array>((inner) => block(1, inner), new Uint8Array());
  expect([codeOf(() => decode(nested(64), shape)), codeOf(() => decode(nested(65), shape))]).toEqual([undefined, 'unreadable']);
});

test.each([
  ['a length beyond the end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ['a length of more than 32 bits', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a group', [0x7b, 0x7c]],
  ['a field without a number', [0x00, 0x01]],
  ['a number that never ends', new Array<number>(20).fill(0xff)],
  ['a part that is longer than what holds it', [0x0a, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5]],
])('%s is refused', (_what, bytes) => {
  expect(codeOf(() => decode(Uint8Array.from(bytes), { 1: one('part', () => ({ 1: one('name', 'text') })) }))).toBe('unreadable');
});

test('numbers of 64 bits keep every digit, negative ones too', () => {
  const minusTwo = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
  const bytes = Uint8Array.from([0x08, ...minusTwo, 0x10, ...minusTwo, 0x19, 0xfe, ...new Array<number>(7).fill(0xff)]);
  expect(decode(bytes, { 1: one('signed', 'int64'), 2: one('unsigned', 'uint64'), 3: one('fixed', 'sfixed64') })).toEqual({
    signed: '-2',
    unsigned: '18446744073709551614',
    fixed: '-2',
  });
});

test('buckets that lie beyond all numbers are in the last one, and a scale that no number can tell apart keeps its counts', () => {
  const beyond = exponentialHistogram({ ...NOTHING, scale: -10, positive: [[0, 1], [1, 2]], negative: [[1, 4]], count: 7 }); // prettier-ignore
  expect(beyond).toEqual({ count: 7, le: [1, null], counts: [4, 7] });
  const fine = exponentialHistogram({ ...NOTHING, scale: 200, positive: [[5, 1], [6, 2]], count: 3 }); // prettier-ignore
  expect(fine).toEqual({ count: 3, le: [1, null], counts: [3, 3] });
});

test('neighbours are merged until no more than 160 buckets are left, at any index', () => {
  const positive = Array.from({ length: 10_000 }, (_, i) => [2 ** 31 - 5000 + i, 1] as const);
  const negative = Array.from({ length: 10_000 }, (_, i) => [-(2 ** 31) + i, 1] as const);
  const { le, counts, count } = exponentialHistogram({ ...NOTHING, scale: 25, positive, negative, count: 20_000 });
  expect([le.length <= 330, le.length === counts.length, count, counts.at(-1)]).toEqual([true, true, 20_000, 20_000]);
});
