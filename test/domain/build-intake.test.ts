import fc from 'fast-check';
import { readBuilds } from '../../domain/build-intake';
import type { Build } from '../../domain/build';
import { NightshiftError } from '../../domain/errors';
import { recognise } from '../../domain/sources/recognise';
import { wireMessage } from '../../domain/sources/wire';

const CONTEXT = { environment: 'prod', receivedAt: Date.parse('2026-03-01T09:32:00Z'), services: new Map([['bookshop', 'bookshop']]) };
const BASE = { service: 'bookshop', name: 'ci / unit tests', run: '4711', result: 'succeeded' };

function one(over: object = {}): Build {
  const [build] = readBuilds({ ...BASE, ...over }, CONTEXT);
  if (!build) throw new Error('no build');
  return build;
}

function problems(body: unknown): readonly { path: string; message: string }[] {
  try {
    readBuilds(body, CONTEXT);
  } catch (error) {
    if (error instanceof NightshiftError && error.code === 'invalid_input') return error.problems;
    throw error;
  }
  throw new Error('it was accepted');
}

test('the least that is needed becomes a whole build, which ended when it came', () => {
  expect(one()).toEqual({
    ...BASE,
    id: expect.stringMatching(/^bd-[0-9a-f]{32}$/) as string,
    source: 'generic',
    environment: 'prod',
    endedAt: '2026-03-01T09:32:00.000Z',
  });
});

test('everything that can be told is kept, in UTC, with the duration from beginning to end', () => {
  const told = {
    ...{ id: 'ci-1', source: 'buildkite', environment: 'test', startedAt: '2026-03-01T10:30:00+01:00', endedAt: '2026-03-01T09:31:30Z' },
    ...{ commit: '0f3c9e1', branch: 'main', author: 'Ana <ana@example.com>', link: 'https://ci.example.com/4711' },
    ...{
      steps: [{ name: 'test', result: 'failed', durationMs: 81_000 }],
      tests: { total: 7, failed: 2, skipped: 1 },
      usage: { cpuMs: 95_000, memoryBytes: 512 },
    },
  };
  expect(one(told)).toEqual({
    ...BASE,
    ...told,
    startedAt: '2026-03-01T09:30:00.000Z',
    endedAt: '2026-03-01T09:31:30.000Z',
    durationMs: 90_000,
    author: 'ana',
  });
});

test('a service of the configuration is known in any case, and another stands in small letters', () => {
  expect([one({ service: 'BookShop' }).service, one({ service: 'Other/Repo' }).service]).toEqual(['bookshop', 'other/repo']);
});

test('the same run has the same id, and any other run, name or place another one', () => {
  const ids = [{}, { run: '4712' }, { name: 'ci / lint' }, { service: 'other' }, { environment: 'test' }, { source: 'jenkins' }].map((over) => one(over).id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(one({ result: 'failed' }).id).toBe(one().id);
});

test('secrets are taken out of every text', () => {
  const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ';
  const text = `token=${secret}`;
  const build = one({
    name: text,
    run: text,
    commit: text,
    branch: text,
    author: text,
    steps: [{ name: text, result: 'failed' }],
    link: `https://ci.example.com/?${text}`,
    id: text,
  });
  expect(JSON.stringify({ ...build, link: '' })).not.toContain(secret);
});

test.each([
  ['a field that nobody knows, with the one that it resembles', { duratonMs: 5 }, 'duratonMs', 'durationMs'],
  ['one inside a group', { tests: { total: 1, failed: 0, skiped: 1 } }, 'tests.skiped', 'skipped'],
  ['a result that is none', { result: 'green' }, 'result', 'must be one of succeeded, failed, cancelled, timed-out'],
  ['no name', { name: undefined }, 'name', 'is missing'],
  ['more failed tests than there are', { tests: { total: 1, failed: 2 } }, 'tests', 'must not hold more failed'],
  ['a part of a test', { tests: { total: 1.5, failed: 0 } }, 'tests.total', 'whole number'],
  ['a negative duration', { durationMs: -1 }, 'durationMs', 'too small'],
  ['a time without a zone', { endedAt: '2026-03-01T09:30:00' }, 'endedAt', 'must be a time'],
  ['an end before the beginning', { startedAt: '2026-03-01T09:30:00Z', endedAt: '2026-03-01T09:29:00Z' }, 'endedAt', 'must not lie before'],
  ['a link that is none', { link: 'javascript:alert(1)' }, 'link', 'must be a link'],
])('%s is refused, and the answer says where', (_what, over, path, message) => {
  expect(problems({ ...BASE, ...over })).toEqual([{ path, message: expect.stringContaining(message) as string }]);
});

test('a batch is taken wholly or not at all', () => {
  expect(readBuilds({ builds: [BASE, { ...BASE, run: '4712' }] }, CONTEXT)).toHaveLength(2);
  expect(problems({ builds: [BASE, { ...BASE, run: 4712 }] })).toEqual([
    { path: 'builds.1.run', message: expect.stringContaining('put it in quotes') as string },
  ]);
});

test('a CloudEvent holds a build of the same form, and what it does not know is left aside', () => {
  const event = {
    specversion: '1.0',
    id: 'e1',
    source: '/ci',
    type: 'dev.nightshift.build',
    data: { ...BASE, more: 1, usage: { cpuMs: 5, disk: 1 }, link: 'none' },
  };
  const message = wireMessage(new TextEncoder().encode(JSON.stringify(event)));
  expect(recognise(message).read(message, CONTEXT).objects).toEqual([expect.objectContaining({ object: 'build', name: BASE.name, usage: { cpuMs: 5 } })]);
});

test('whatever comes, it is a list of builds or a clear refusal', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(fc.constantFrom(...Object.keys(BASE), 'tests', 'builds', '__proto__'), fc.jsonValue())),
      (body) => {
        try {
          return readBuilds(body, CONTEXT).length > 0;
        } catch (error) {
          return error instanceof NightshiftError && error.code === 'invalid_input';
        }
      },
    ),
    { numRuns: 200 },
  );
});
