import fc from 'fast-check';
import { MINER_LIMITS, TemplateMiner } from '../../../domain/log-templates/miner';

const NAMES = ['ana', 'bob', 'eve', 'joe', 'sue'];

function texts(miner: TemplateMiner): string[] {
  return miner.templates().map(({ text }) => text);
}

function mined(lines: readonly string[], miner = new TemplateMiner()): TemplateMiner {
  for (const line of lines) miner.add(line);
  return miner;
}

test('lines that differ by values are one template', () => {
  const miner = mined(['sent 5 bytes to 10.0.0.1', 'sent 7000 bytes to 10.0.0.99', 'sent 12 bytes to 10.0.0.1']);
  expect(miner.templates()).toEqual([{ id: expect.stringMatching(/^t-[0-9a-f]{32}$/), text: 'sent <n> bytes to <ip>', lines: 3 }]);
});

test('different words at one place are different templates until there are too many of them', () => {
  const lines = NAMES.map((name) => `session opened for ${name}`);
  expect(texts(mined(lines.slice(0, 4)))).toHaveLength(4);
  expect(texts(mined(lines))).toEqual(['session opened for <*>']);
});

test('two places may vary together', () => {
  const hosts = ['web', 'api', 'db', 'mail', 'cron'];
  const lines = NAMES.map((name, i) => `session of user ${name} on host ${String(hosts[i])} closed`);
  expect(texts(mined(lines))).toEqual(['session of user <*> on host <*> closed']);
});

test('it does not matter which of them came before a place was seen to vary', () => {
  const lines = ['hello again ana', 'hello again bob', 'hello again 17', 'hello again eve'];
  expect(texts(mined(lines))).toEqual(['hello again <*>']);
  expect(texts(mined([...lines].reverse()))).toEqual(['hello again <*>']);
});

test('a place that has two words stays as it is beside one that varies', () => {
  const lines = NAMES.flatMap((name) => [`session of user ${name} was opened`, `session of user ${name} was closed`]);
  expect(texts(mined(lines)).sort()).toEqual(['session of user <*> was closed', 'session of user <*> was opened']);
});

test.each([
  ['the first word', ['cron', 'mail', 'cups', 'named', 'sshd', 'ntp'].map((name) => `${name} startup succeeded`)],
  ['states', ['NEW', 'READY', 'RUNNING', 'STOPPING', 'STOPPED', 'LOST'].map((state) => `task is now ${state}`)],
])('%s tells kinds of lines apart', (_what, lines) => {
  expect(texts(mined(lines))).toHaveLength(lines.length);
});

test('lines with little in common stay apart', () => {
  expect(texts(mined(['found block 5 locally', 'lost peer 5 again', 'read page 7 twice', 'sent mail 9 late', 'took lock 2 anew']))).toHaveLength(5);
});

test('a template keeps its id when it becomes more general, and the ids that went into it lead to it', () => {
  const miner = new TemplateMiner();
  miner.add('hello again ana');
  const ids = NAMES.map((name) => miner.add(`hello again ${name}`).id);
  expect(ids[4]).toBe(ids[0]);
  expect(new Set(ids.map((id) => miner.template(id)?.id))).toEqual(new Set([ids[0]]));
  expect(miner.template(ids[0] ?? '')).toEqual({ id: ids[0], text: 'hello again <*>', lines: 6 });
});

test('the id depends on the line alone, so that two miners agree', () => {
  const [one, other] = [new TemplateMiner(), mined(['something else first'])];
  expect(one.add('disk 4 is full').id).toBe(other.add('disk 17 is full').id);
});

test('only the first line of its kind is new', () => {
  const miner = new TemplateMiner();
  expect(['disk 4 is full', 'disk 5 is full', 'disk is gone'].map((line) => miner.add(line).isNew)).toEqual([true, false, true]);
});

test('lines count as often as they are told to', () => {
  const miner = new TemplateMiner();
  miner.add('disk 4 is full', 10);
  miner.add('disk 4 is full');
  expect(miner.templates()[0]?.lines).toBe(11);
});

test('secrets do not stay in a template', () => {
  expect(texts(mined(['login with password=swordfish refused', 'key AKIAIOSFODNN7EXAMPLE refused'])).join(' ')).not.toMatch(/swordfish|AKIA/);
});

test('memory is bounded, and what is written often outlives a flood of lines that never come again', () => {
  const miner = new TemplateMiner({ templates: 50 });
  // 3,000 different words, so that no two lines are of one kind.
  const word = (i: number): string => [...i.toString(26)].map((c) => String.fromCharCode(97 + parseInt(c, 26))).join('');
  for (let i = 0; i < 3000; i += 1) {
    if (i % 20 === 0) miner.add(`the request took ${String(i)} ms`);
    miner.add(`${word(i)} ${word(i * 7 + 1)} ${word(i * 11 + 2)}`);
  }
  expect(miner.templates().length).toBeLessThanOrEqual(50);
  expect(texts(miner)).toContain('the request took <n> ms');
  expect(miner.snapshot().aliases.length).toBeLessThanOrEqual(50);
});

const WORDS = ['get', 'put', 'order', 'cart', 'ana', 'bob', 'eve', 'joe', 'FAILED', 'OK', '7', '10.0.0.1', 'user=ana', '/a/b'];
const LINES = fc.array(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')),
  { maxLength: 150 },
);

test('a restored miner goes on as the one that was saved', () => {
  fc.assert(
    fc.property(LINES, LINES, (before, after) => {
      const miner = mined(before, new TemplateMiner({ templates: 30 }));
      const restored = TemplateMiner.restore(JSON.parse(JSON.stringify(miner.snapshot())) as ReturnType<TemplateMiner['snapshot']>, { templates: 30 });
      for (const line of after) expect(restored.add(line)).toEqual(miner.add(line));
      expect(restored.snapshot()).toEqual(miner.snapshot());
    }),
  );
});

test('no line is lost or counted twice, and each id leads to a template', () => {
  fc.assert(
    fc.property(LINES, (lines) => {
      const miner = new TemplateMiner();
      const ids = lines.map((line) => miner.add(line).id);
      expect(miner.templates().reduce((sum, { lines: count }) => sum + count, 0)).toBe(lines.length);
      for (const id of ids) expect(miner.template(id)).toBeDefined();
    }),
  );
});

test('a snapshot of another version is refused', () => {
  expect(() => TemplateMiner.restore({ version: 2, templates: [], aliases: [] } as never)).toThrow(/version/);
});

test('the limits are those that were measured', () => {
  expect(MINER_LIMITS).toEqual({ templates: 2000, values: 5, leadingValues: 10 });
});
