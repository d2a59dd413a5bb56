import { together } from '../../../adapters/postgres/together';

/** Work that waits until it is let go; `groups` are those that began. */
function gated(most = 100) {
  const groups: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  const submit = together<string, string>({
    ...{ most, size: (work) => work.length, ofOne: (error) => error instanceof Error && error.message === 'bad' },
    run: async (works) => {
      groups.push(works);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (works.includes('bad')) throw new Error('bad');
      if (works.includes('down')) throw new Error('down');
      return works.map((work) => `${work}!`);
    },
  });
  const letGo = async (): Promise<void> => {
    await settled();
    gates.shift()?.();
    await settled();
  };
  return { submit, groups, letGo };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what comes while a group is under way makes the next one, in order, and each gets its own result', async () => {
  const { submit, groups, letGo } = gated();
  const first = submit('a');
  await settled();
  const others = Promise.all([submit('b'), submit('c')]);
  await letGo();
  await letGo();
  expect([await first, await others]).toEqual(['a!', ['b!', 'c!']]);
  expect(groups).toEqual([['a'], ['b', 'c']]);
});

test('a group is no larger than it may be, and what is larger by itself goes alone', async () => {
  const { submit, groups, letGo } = gated(3);
  const all = Promise.all(['aa', 'b', 'cccc', 'd'].map((work) => submit(work)));
  for (let i = 0; i < 3; i += 1) await letGo();
  expect(await all).toEqual(['aa!', 'b!', 'cccc!', 'd!']);
  expect(groups).toEqual([['aa', 'b'], ['cccc'], ['d']]);
});

test('a piece that cannot be done fails alone', async () => {
  const { submit, groups, letGo } = gated();
  const all = Promise.allSettled(['a', 'bad', 'c'].map((work) => submit(work)));
  for (let i = 0; i < 4; i += 1) await letGo();
  expect((await all).map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message))).toEqual(['a!', 'bad', 'c!']);
  expect(groups).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
});

test('where nothing can be done everyone is told at once, and the next one is tried again', async () => {
  const { submit, groups, letGo } = gated();
  const all = Promise.allSettled(['a', 'down'].map((work) => submit(work)));
  await letGo();
  expect((await all).map((each) => each.status)).toEqual(['rejected', 'rejected']);
  const next = submit('b');
  await letGo();
  expect(await next).toBe('b!');
  expect(groups).toEqual([['a', 'down'], ['b']]);
});
