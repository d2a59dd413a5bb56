import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCommandHands } from '../../../adapters/local/command-hands';
import type { CommandHands } from '../../../domain/inventory';
import type { Effect, Hands, Sighting } from '../../../ports/hands';
import { commandDeps, fakeCommands, memoryState, SECRET } from '../../fakes/commands';
import type { FakeCommands, MemoryState } from '../../fakes/commands';
import { until } from '../../server/until';

let fake: FakeCommands;
let state: MemoryState;
beforeEach(() => {
  fake = fakeCommands();
  state = memoryState();
});
afterEach(() => fake.remove());

/** Hands as a worker that has just begun would have them: nothing is remembered but what the store holds. */
const hands = (): Hands => createCommandHands(commandDeps(fake, state));
const effect = (action: Effect['action'], inputs: Effect['inputs'] = {}, more: Partial<Effect> = {}): Effect => ({
  ...{ token: 't-1', incidentId: 'inc-a', action, inputs, target: fake.hands.target, intendedAt: Date.now(), timeoutMs: 5_000 },
  ...more,
});
const rollback = (more: Partial<Effect> = {}): Effect => effect('release/deploy', { release: '1.0.0' }, more);
const restart = (more: Partial<Effect> = {}): Effect => effect('service/restart', {}, more);
const acted = (): readonly string[] => fake.calls().flatMap(({ command }) => (command === 'current' || command === 'releases' ? [] : [command]));
const attempt = (wanted: Effect): Promise<unknown> =>
  hands()
    .act(fake.service, wanted)
    .catch((error: unknown) => error);
/** The service with more time to show what became of a command than any machine needs. */
const patient = () => ({ ...fake.service, hands: { ...fake.hands, confirmMs: 600_000 } });
/** What is seen once it is no longer under way. */
const settled = (wanted: Effect): Promise<Sighting> =>
  until(async () => {
    const seen = await hands().look(fake.service, wanted);
    return seen.state === 'in-progress' ? undefined : seen;
  }, 'the effect to be settled');

describe('arguments', () => {
  test('arrive as they stand: no shell reads quotes, blanks, $() or stars, and a value is one argument', async () => {
    const words = ['a b', '"q"', "'s'", '$(touch pwned)', '`id`', '*', '; exit 1', '', '$HOME', '{{json}}', '--at={service}/{environment}'];
    const argv = [process.execPath, 'ctl.mjs', 'deploy', ...words, '{release}', '{incident}'];
    const commands: CommandHands['commands'] = { ...fake.hands.commands, deploy: argv };
    fake.set({ current: '1.1.0', deploy: `become('1.0.0')` });
    await hands().act({ ...fake.service, hands: { ...fake.hands, commands } }, rollback());
    expect(fake.calls().find((call) => call.command === 'deploy')?.argv).toEqual([...words.slice(0, -1), '--at=shop/test', '1.0.0', 'inc-a']);
    expect(existsSync(join(fake.folder, 'pwned'))).toBe(false);
  });

  test('carry the token, and so does the environment, which holds nothing but what was allowed', async () => {
    process.env['NOT_FOR_COMMANDS'] = 'x';
    fake.set({ current: '1.1.0', deploy: `become('1.0.0')` });
    await hands().act(fake.service, rollback());
    const { argv, env } = fake.calls().find((call) => call.command === 'deploy') ?? { argv: [], env: {} };
    expect(argv).toEqual(['1.0.0', '--token=t-1']);
    expect(env).toMatchObject({
      DEPLOY_KEY: SECRET,
      NIGHTSHIFT_TOKEN: 't-1',
      NIGHTSHIFT_INCIDENT: 'inc-a',
      NIGHTSHIFT_RELEASE: '1.0.0',
      NIGHTSHIFT_SERVICE: 'shop',
    });
    expect(env).not.toHaveProperty('NOT_FOR_COMMANDS');
    delete process.env['NOT_FOR_COMMANDS'];
  });

  test.each(['--flag', '-rf', '1.0\n2.0', '1.0\u0000', '../1.0', '', 'a b', '$(id)', 'x'.repeat(101)])('never hold a release such as %j', async (release) => {
    fake.set({ current: '1.1.0', deploy: `become('1.0.0')` });
    await expect(hands().act(fake.service, effect('release/deploy', { release }))).rejects.toMatchObject({ code: 'effect_failed' });
    expect(acted()).toEqual([]);
  });
});

describe('a deployment', () => {
  test('that works is done once it shows, and its token never runs again, whoever tries', async () => {
    fake.set({ current: '1.1.0', deploy: `say('all good'); become('1.0.0')` });
    expect(await hands().look(fake.service, rollback())).toEqual({ state: 'absent' });
    await hands().act(fake.service, rollback());
    expect(await hands().look(fake.service, rollback())).toMatchObject({ state: 'done', detail: 'deploy ended with code 0: all good; 1.0.0 runs' });
    fake.set({ current: '1.1.0' });
    await expect(hands().act(fake.service, rollback())).rejects.toThrow('was begun before');
    expect(acted()).toEqual(['deploy']);
  });

  test('that two workers begin at the same moment runs once', async () => {
    fake.set({ current: '1.1.0', deploy: `await sleep(200); become('1.0.0')` });
    await Promise.all([attempt(rollback()), attempt(rollback()), attempt(rollback())]);
    expect(acted()).toEqual(['deploy']);
    expect(await settled(rollback())).toMatchObject({ state: 'done' });
  });

  test('of what runs already is not made', async () => {
    fake.set({ current: '1.0.0' });
    expect(await hands().look(fake.service, rollback())).toMatchObject({ state: 'done', detail: '1.0.0 runs already' });
  });

  test('that fails and changes nothing has failed, with what it said and without its secrets', async () => {
    fake.set({ current: '1.1.0', deploy: `process.stderr.write('no rights for ' + process.env.DEPLOY_KEY); process.exitCode = 4` });
    await attempt(rollback());
    expect(await settled(rollback())).toEqual({ state: 'failed', detail: 'deploy ended with code 4: no rights for [redacted]; 1.1.0 runs' });
    expect(JSON.stringify([...state.saved])).not.toContain(SECRET);
  });

  test.each([
    ['the wanted release', '1.0.0'],
    ['a third one', '0.9.0'],
  ])('that fails and leaves %s is ambiguous', async (_what, left) => {
    fake.set({ current: '1.1.0', deploy: `become('${left}'); process.exitCode = 4` });
    await attempt(rollback());
    expect(await settled(rollback())).toMatchObject({ state: 'ambiguous', detail: `deploy ended with code 4, yet ${left} runs` });
  });

  test('that ends well and never shows is ambiguous, not done', async () => {
    fake.set({ current: '1.1.0', deploy: '' });
    await attempt(rollback());
    expect(await hands().look(patient(), rollback())).toMatchObject({ state: 'in-progress' });
    expect(await settled(rollback())).toMatchObject({ state: 'ambiguous', detail: 'deploy ended with code 0, but 1.1.0 runs' });
  });

  test('that shows only a while after its end is done', async () => {
    fake.set({ current: '1.1.0', deploy: '' });
    await attempt(rollback());
    expect(await hands().look(patient(), rollback())).toMatchObject({ state: 'in-progress' });
    fake.set({ current: '1.0.0' });
    expect(await settled(rollback())).toMatchObject({ state: 'done' });
  });

  test('that takes too long is ended with its children, and settled by looking', async () => {
    fake.set({
      current: '1.1.0',
      deploy: `spawn(process.execPath, ['-e', "setTimeout(() => require('fs').writeFileSync('late', ''), 1200)"], { stdio: 'ignore' }); await sleep(20000)`,
    });
    await attempt(rollback({ timeoutMs: 400 }));
    expect(await settled(rollback())).toMatchObject({ state: 'ambiguous', detail: 'deploy was killed (it took longer than 0.4 s), but 1.1.0 runs' });
    await sleep(1_000);
    expect(existsSync(join(fake.folder, 'late'))).toBe(false);
    expect(acted()).toEqual(['deploy']);
  }, 15_000);

  test('that was cut short after it did its work is done where release and process say so, and ambiguous where the old process still runs', async () => {
    const before = { release: '1.1.0', instance: 'a', startedAt: 1_000 };
    fake.set({ current: JSON.stringify(before), deploy: `become({ release: '1.0.0', instance: 'b', startedAt: 5000 }); await sleep(20000)` });
    await attempt(rollback({ timeoutMs: 1_500 }));
    expect(await settled(rollback())).toMatchObject({ state: 'done' });
    fake.set({ current: JSON.stringify(before), deploy: `become({ release: '1.0.0', instance: 'a', startedAt: 1000 }); await sleep(20000)` });
    await attempt(rollback({ token: 't-2', timeoutMs: 1_500 }));
    expect(await settled(rollback({ token: 't-2' }))).toMatchObject({
      state: 'ambiguous',
      detail: expect.stringContaining('still the one from before') as string,
    });
  }, 15_000);

  test('whose program is gone has failed, with nothing done', async () => {
    const commands = { ...fake.hands.commands, deploy: ['./gone', '{release}'] };
    const service = { ...fake.service, hands: { ...fake.hands, commands } };
    await expect(hands().act(service, rollback())).rejects.toMatchObject({ code: 'effect_failed' });
    expect(await hands().look(service, rollback())).toMatchObject({ state: 'failed', detail: expect.stringContaining('nothing was done') as string });
  });

  test('before which the service cannot be looked at is not begun', async () => {
    fake.set({ deploy: `become('1.0.0')` });
    await expect(hands().act(fake.service, rollback())).rejects.toMatchObject({ code: 'unreachable' });
    expect(acted()).toEqual([]);
  });

  test('during which `current` fails for a while waits, and tells in the end why it is not known', async () => {
    fake.set({ current: '1.1.0', deploy: `become('<starting>')` });
    await attempt(rollback());
    expect(await hands().look(patient(), rollback())).toMatchObject({ state: 'in-progress' });
    expect(await settled(rollback())).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('cannot be looked at') as string });
  });

  test('may print more than is read of it, and leave programs running that hold its output open', async () => {
    fake.set({
      current: '1.1.0',
      deploy: `spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit', detached: true }).unref(); become('1.0.0'); say('x '.repeat(20000) + '\\nfinished')`,
    });
    const began = Date.now();
    await hands().act(fake.service, rollback());
    expect(Date.now() - began).toBeLessThan(2_500);
    expect(await settled(rollback())).toMatchObject({ state: 'done', detail: expect.stringContaining('finished; 1.0.0 runs') as string });
  });
});

describe('a deployment whose beginner is gone', () => {
  /** Begins it in a program of its own, as a worker would, and kills that. */
  async function begunElsewhere(script: string, timeoutMs = 5_000): Promise<void> {
    fake.set({ current: '1.1.0', deploy: script });
    // The hands lose sight of it: their store forgets nothing, and their promise is never looked at again.
    void attempt(rollback({ timeoutMs }));
    await until(async () => (acted().length > 0 ? true : undefined), 'the command to run');
    const key = 'command:t-1';
    const frozen = await until(async () => {
      const record = state.saved.get(key) as { process?: object } | undefined;
      return record?.process ? structuredClone(record) : undefined;
    }, 'the record of its process');
    state = memoryState([...state.saved, [key, frozen]]);
  }

  test('is waited for, and found done', async () => {
    await begunElsewhere(`await sleep(700); become('1.0.0')`);
    expect(await hands().look(fake.service, rollback())).toMatchObject({
      state: 'in-progress',
      detail: expect.stringContaining('is under way since') as string,
    });
    expect(await settled(rollback())).toMatchObject({ state: 'done', detail: 'the end of deploy was not seen; 1.0.0 runs' });
    expect(acted()).toEqual(['deploy']);
  });

  test('is ended when its time is over, and ambiguous', async () => {
    await begunElsewhere(`process.on('SIGTERM', () => {}); await sleep(20000)`, 1_000);
    expect(await settled(rollback())).toMatchObject({ state: 'ambiguous', detail: 'the end of deploy was not seen, but 1.1.0 runs' });
    expect(acted()).toEqual(['deploy']);
  }, 15_000);
});

describe('a restart', () => {
  const process = (instance: number, startedAt: number): string => JSON.stringify({ release: '1.1.0', instance, startedAt });

  test('is done when another process runs, or it began later', async () => {
    fake.set({ current: process(1, 1_000), restart: `become({ release: '1.1.0', instance: 2, startedAt: 9000 })` });
    expect(await hands().look(fake.service, restart())).toEqual({ state: 'absent' });
    await hands().act(fake.service, restart());
    expect(await settled(restart())).toMatchObject({
      state: 'done',
      detail: expect.stringContaining('the process is another one (2 of 1970-01-01T02:30:00.000Z)') as string,
    });
    expect(acted()).toEqual(['restart']);
  });

  test('after which the same process runs is ambiguous: it is not taken for done', async () => {
    fake.set({ current: process(1, 1_000), restart: '' });
    await attempt(restart());
    expect(await settled(restart())).toMatchObject({
      state: 'ambiguous',
      detail: expect.stringContaining('but the process is still the one from before') as string,
    });
  });

  test('of which nothing tells whether the process is another one is ambiguous', async () => {
    fake.set({ current: '1.1.0', restart: '' });
    await attempt(restart());
    expect(await settled(restart())).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('nothing tells whether') as string });
  });

  test('of a service that had no process is done when one runs that began since', async () => {
    fake.set({ current: '{"release": "1.1.0"}', restart: `become({ release: '1.1.0', startedAt: Date.now() })` });
    await hands().act(fake.service, restart());
    expect(await settled(restart())).toMatchObject({ state: 'done' });
  });

  test('is not made when the process began anew since it was approved: a restored store has forgotten, or somebody was quicker', async () => {
    const intendedAt = Date.now() - 60_000;
    fake.set({ current: process(3, Date.now() / 1000 - 10), restart: '' });
    expect(await hands().look(fake.service, restart({ intendedAt }))).toMatchObject({
      state: 'done',
      detail: expect.stringContaining('since this was approved') as string,
    });
  });

  test('that the team gave no command for is refused in words', async () => {
    const service = { ...fake.service, hands: { ...fake.hands, commands: { current: fake.hands.commands.current ?? [] } } };
    await expect(hands().act(service, restart())).rejects.toMatchObject({
      code: 'effect_failed',
      message: expect.stringContaining('add hands.commands.restart') as string,
    });
  });
});

test('what a command prints stays in no file', async () => {
  fake.set({ current: '1.1.0', deploy: `say('secret ' + process.env.DEPLOY_KEY); become('1.0.0')` });
  await hands().act(fake.service, rollback());
  expect(readFileSync(join(fake.folder, 'manner.json'), 'utf8')).not.toContain(SECRET);
  expect(JSON.stringify([...state.saved])).not.toContain(SECRET);
});
