import { groupedTemplates } from '../../../domain/log-templates/grouped';
import { TemplateMiner } from '../../../domain/log-templates/miner';

test('counted lines of one kind are put together with their minutes, the most severe level and the sample of the most frequent', () => {
  const lines = ['ana', 'bob', 'joe', 'eve', 'sue'].map((name, i) => ({
    level: name === 'eve' ? ('warn' as const) : ('info' as const),
    template: `hello again ${name}`,
    sample: `hello again ${name}!`,
    minutes: [
      { at: 60_000, lines: i + 1 },
      { at: 60_000 * (2 + i), lines: 1 },
    ],
  }));
  expect(groupedTemplates(lines)).toEqual([
    {
      id: new TemplateMiner().add('hello again eve').id,
      text: 'hello again <*>',
      level: 'warn',
      sample: 'hello again sue!',
      minutes: [{ at: 60_000, lines: 15 }, ...[2, 3, 4, 5, 6].map((minute) => ({ at: minute * 60_000, lines: 1 }))],
    },
  ]);
});

test('ids stay those of the miner that was used before', () => {
  const miner = new TemplateMiner();
  const line = { level: 'info' as const, template: 'took <n> ms', sample: 'took 5 ms', minutes: [{ at: 0, lines: 3 }] };
  const [before] = groupedTemplates([line], miner);
  const [after] = groupedTemplates([line], TemplateMiner.restore(miner.snapshot()));
  expect(after?.id).toBe(before?.id);
});
