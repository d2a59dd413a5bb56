import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPast } from '../../activities/lookback';
import { lookbackFile } from '../../adapters/local/lookback-file';
import { makeFortnight } from '../fakes/past/fortnight';
import { memoryReader } from '../fakes/past/memory-reader';
import type { PartRead, PastReader } from '../../ports/lookback';

const world = makeFortnight(1);
const dir = mkdtempSync(join(tmpdir(), 'lookback-'));
afterAll(() => rmSync(dir, { recursive: true }));

let files = 0;
let now = world.span.to;
const fresh = (): string => join(dir, 'state', `${String((files += 1))}.jsonl`);
const kept = (path: string) => lookbackFile(path, { now: () => now });

/** Runs a reading, and returns what came of it, what was told, and the parts that were asked for. */
async function run(path: string, reader: PastReader, options: { readonly maxUsd?: number; readonly stopAfter?: number } = {}) {
  const told: string[] = [];
  const asked: string[] = [];
  const stop = new AbortController();
  const watched: PastReader = {
    ...reader,
    async *read(span, progress): AsyncIterable<PartRead> {
      for await (const part of reader.read(span, progress)) {
        asked.push(part.part);
        if (asked.length === options.stopAfter) stop.abort();
        yield part;
      }
    },
  };
  const read = readPast(
    { reader: watched, kept: kept(path), tell: (line) => void told.push(line), signal: stop.signal },
    { span: world.span, maxUsd: options.maxUsd ?? 1 },
  );
  return { read: await read.catch((error: unknown) => error), told, asked };
}

const costly: PastReader = {
  ...memoryReader(world),
  estimate: () => Promise.resolve({ parts: [{ part: 'a', calls: [{ operation: 'x:Y', calls: 1000, usd: 2.5 }] }], notes: [] }),
};

test('the estimate is told before anything is read, and beyond --max-usd nothing is', async () => {
  const { read, told, asked } = await run(fresh(), costly, { maxUsd: 2 });
  expect(read).toMatchObject({ code: 'refused', message: expect.stringContaining('$2.50, which is more than --max-usd 2') as string });
  expect([told[0], asked]).toEqual(['About to make at most 1000 calls that only read; they cost $2.50.', []]);
});

test('an interrupted reading goes on where it was, over the same span, and asks for no part twice', async () => {
  const path = fresh();
  const first = await run(path, memoryReader(world), { stopAfter: 20 });
  const second = await run(path, memoryReader(world));
  const whole = await run(fresh(), memoryReader(world));
  expect([first.read, first.asked.length]).toEqual([{ state: 'stopped' }, 20]);
  expect([...first.asked, ...second.asked]).toEqual(whole.asked);
  const { facts, calls } = whole.read as { readonly facts: unknown; readonly calls: unknown };
  expect(second.read).toMatchObject({ state: 'read', facts, calls });
});

test('a line that a kill has torn costs only its part', async () => {
  const path = fresh();
  await run(path, memoryReader(world), { stopAfter: 5 });
  appendFileSync(path, '{"part":"us-east-1/torn","calls":{},"fac');
  const { read, asked } = await run(path, memoryReader(world));
  expect(read).toMatchObject({ state: 'read', gaps: [] });
  expect(asked.length).toBe((await run(fresh(), memoryReader(world))).asked.length - 5);
});

test('what is kept is for its owner only, and gone when all is read and the report is safe', async () => {
  const path = fresh();
  await run(path, memoryReader(world), { stopAfter: 3 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { read } = await run(path, memoryReader(world));
  expect(statSync(path).isFile()).toBe(true);
  await (read as { readonly finish: () => Promise<void> }).finish();
  expect(() => statSync(path)).toThrow('ENOENT');
});

test('a part that cannot be read is told, does not stop the others, and is tried again by the next run', async () => {
  const path = fresh();
  const { read, told } = await run(path, memoryReader(world, new Set(['eu-west-1/deliveries'])));
  expect(read).toMatchObject({ state: 'read', gaps: ['eu-west-1/deliveries could not be read: eu-west-1/deliveries does not answer'] });
  expect(told.at(-1)).toContain('tries only them again');
  expect((await run(path, memoryReader(world))).asked).toEqual(['eu-west-1/deliveries']);
});

test('where nothing at all can be read, that is an error', async () => {
  const { asked } = await run(fresh(), memoryReader(world));
  expect((await run(fresh(), memoryReader(world, new Set(asked)))).read).toMatchObject({ code: 'unreachable' });
});

test('a file that is something else is refused and left alone', async () => {
  const path = join(dir, 'letter.txt');
  writeFileSync(path, 'Dear Ana\n');
  expect((await run(path, memoryReader(world))).read).toMatchObject({ code: 'invalid_input' });
  expect(readFileSync(path, 'utf8')).toBe('Dear Ana\n');
});

test('what was interrupted more than a day ago is begun anew', async () => {
  const path = fresh();
  const { asked } = await run(path, memoryReader(world), { stopAfter: 4 });
  now += 25 * 3_600_000;
  expect((await run(path, memoryReader(world))).asked.slice(0, 4)).toEqual(asked);
});

test('calls of a part that could not be read were made too', async () => {
  const parts: readonly PartRead[] = [
    { part: 'a', calls: { 'x:Y': 1 }, facts: [] },
    { part: 'b', calls: { 'x:Y': 2 }, facts: [], error: 'it does not answer' },
  ];
  const half: PastReader = {
    ...costly,
    async *read() {
      yield* await Promise.resolve(parts);
    },
  };
  expect((await run(fresh(), half, { maxUsd: 5 })).read).toMatchObject({
    gaps: ['b could not be read: it does not answer'],
    calls: { estimated: 1000, made: 3 },
  });
});
