import { CallMaps } from '../../activities/call-maps';
import type { Inventory } from '../../domain/inventory';
import { eventually } from '../fakes/eventually';

const MINUTE = 60_000;
const INVENTORY: Inventory = {
  services: [
    { name: 'web', environment: 'prod', tier: 'standard', dependsOn: ['orders'] },
    { name: 'orders', environment: 'prod', tier: 'standard', dependsOn: [] },
    { name: 'db', environment: 'prod', tier: 'standard', dependsOn: [] },
  ],
};

/** An archive that answers when it is let, and knows one call more in each answer. */
function world(patienceMs = 60_000) {
  const clock = { at: 0, now: () => clock.at };
  const answers: (() => void)[] = [];
  const failing = { on: false };
  const over: object[] = [];
  const calls = {
    totals: async () => {
      const answer = answers.length;
      await new Promise<void>((resolve) => answers.push(resolve));
      if (failing.on) throw new Error('the archive is slow');
      const seen = { environment: 'prod', caller: 'orders', callee: 'db', requests: 10, errors: 0, at: 0 };
      return (over.length > 0 ? over : answer === 0 ? [] : [seen]) as never;
    },
  };
  const warned: string[] = [];
  const maps = new CallMaps({ inventory: INVENTORY, calls, clock, log: { warn: (_fields, message) => warned.push(message) }, patienceMs });
  const knows = async () => (await maps.of('prod')).known('db');
  return { clock, answers, failing, over, warned, maps, knows };
}

test('the first map is waited for, and not for longer than there is patience: what is declared counts meanwhile', async () => {
  const patient = world();
  const first = patient.knows();
  await eventually(() => patient.answers.length === 1, 'the archive is asked');
  patient.answers[0]?.();
  expect(await first).toBe(false);
  const map = await world(1).maps.of('prod');
  expect([map.known('web'), map.known('db')]).toEqual([true, false]);
});

test('a slow archive holds nobody up: the last map counts while one new one is read beside', async () => {
  const { clock, answers, knows } = world();
  const first = knows();
  await eventually(() => answers.length === 1, 'the archive is asked');
  answers[0]?.();
  await first;
  clock.at += MINUTE;
  expect([await knows(), await knows()]).toEqual([false, false]);
  expect(answers).toHaveLength(2);
  answers[1]?.();
  let known = false;
  await eventually(() => {
    void knows().then((is) => (known = is));
    return known;
  }, 'the new map counts');
  expect(answers).toHaveLength(2);
});

test('an archive that fails is asked again a minute later, and what was seen counts on', async () => {
  const { clock, answers, failing, warned, knows } = world();
  for (const at of [0, 10 * MINUTE]) {
    clock.at = at;
    const asked = knows();
    await eventually(() => answers.length === (at === 0 ? 1 : 2), 'the archive is asked');
    answers.at(-1)?.();
    await asked;
  }
  failing.on = true;
  clock.at += MINUTE;
  expect(await knows()).toBe(true);
  answers.at(-1)?.();
  await eventually(() => warned.length === 1, 'it is told');
  expect(await knows()).toBe(true);
  expect(answers).toHaveLength(3);
});

test('of more calls than one map takes the busiest count, and that is told; a few stray calls and services that the inventory does not know are no dependency', async () => {
  const { answers, over, warned, maps } = world();
  const seen = (caller: string | undefined, callee: string, requests: number) => ({ environment: 'prod', caller, callee, requests });
  over.push(seen('orders', 'db', 10), seen('db', 'web', 9), seen('stranger', 'db', 50), seen(undefined, 'db', 50));
  while (over.length < 50_000) over.push(seen('stranger', `s${String(over.length)}`, 50));
  const asked = maps.of('prod');
  await eventually(() => answers.length === 1, 'the archive is asked');
  answers[0]?.();
  const map = await asked;
  expect([map.from('orders', 'db'), map.from('db', 'web'), map.known('stranger')]).toEqual(['traces', undefined, false]);
  expect(warned).toEqual(['alerts are correlated by the busiest of the observed calls only']);
});
