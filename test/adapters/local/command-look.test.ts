import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCommandChanges } from '../../../adapters/local/command-changes';
import { createCommandHands } from '../../../adapters/local/command-hands';
import type { CommandHands } from '../../../domain/inventory';
import type { Sample } from '../../../domain/metrics';
import type { Change } from '../../../domain/change';
import type { Hands } from '../../../ports/hands';
import { commandDeps, fakeCommands, memoryState, SECRET } from '../../fakes/commands';
import type { FakeCommands, MemoryState } from '../../fakes/commands';

let fake: FakeCommands;
let state: MemoryState;
let samples: readonly Sample[];
const made: FakeCommands[] = [];
const make = (more: Partial<CommandHands> = {}): void => {
  fake = fakeCommands(more);
  made.push(fake);
};
beforeEach(() => {
  make();
  state = memoryState();
  samples = [];
});
afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});

const hands = (): Hands => createCommandHands(commandDeps(fake, state, samples));

describe('what is there', () => {
  test('is told by the release on the first line, and a list of releases, newest first', async () => {
    expect(await hands().describe(fake.service)).toEqual({
      ...{ account: 'local', region: 'local', release: '1.1.0', previousRelease: '1.0.0', releases: ['1.0.0', '1.1.0'], healthy: true },
    });
  });

  test('is told by JSON too, with the process and the place', async () => {
    fake.set({ current: JSON.stringify({ release: '1.1.0', instance: 42, startedAt: '2026-11-20T10:00:00Z', account: 'other', region: 'eu' }), releases: '' });
    expect(await hands().describe(fake.service)).toMatchObject({ account: 'other', region: 'eu', startedAt: '2026-11-20T10:00:00.000Z', releases: [] });
  });

  test('takes the start of the process from the metrics where `current` does not tell it, and only where every instance does', async () => {
    const sample: Sample = {
      ...{ service: 'shop', environment: 'test', instance: 'a', at: 1, routes: {}, latency: { le: [], counts: [] }, saturation: {} },
      up: true,
    };
    samples = [
      { ...sample, startedAt: 2_000 },
      { ...sample, startedAt: 1_000 },
    ];
    expect(await hands().describe(fake.service)).toMatchObject({ startedAt: '1970-01-01T00:00:01.000Z' });
    samples = [
      { ...sample, startedAt: 2_000 },
      { ...sample, up: false },
    ];
    expect(await hands().describe(fake.service)).not.toHaveProperty('startedAt');
  });

  test.each([
    ['nothing', '', 'its first line is no release: nothing'],
    ['an error page', '<html>oops</html>', 'is no release: "<html>oops</html>"'],
    ['an option', '--force', 'is no release: "--force"'],
    ['a control character', '1.0\u001b[2J', String.raw`is no release: "1.0\x1b[2J"`],
    ['half a JSON object', '{"release": ', 'begins like JSON and is none'],
    ['JSON of another shape', '{"release": ["1.0"]}', 'release: '],
    ['a time that is none', '{"release": "1.0", "startedAt": "yesterday"}', 'startedAt: is not a time'],
  ])('is not guessed from %s', async (_what, current, message) => {
    fake.set({ current, releases: '' });
    await expect(hands().describe(fake.service)).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining(message) as string });
  });

  test.each(['1.1.0\n--purge\n', '1.1.0 2026-11-20T10:00:00Z\n1.0.0 noon\n'])(
    'is not guessed from a list of releases with a bad line (%j)',
    async (releases) => {
      fake.set({ current: '1.1.0', releases });
      await expect(hands().describe(fake.service)).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('line 2') as string });
    },
  );

  test('is not known when the command fails: what it said is told without its secrets', async () => {
    const cry = `process.stderr.write('key ${SECRET} and password=hunter22 do not fit'); process.exit(7)`;
    make({ commands: { current: [process.execPath, '-e', cry] } });
    const error = await hands()
      .describe(fake.service)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('ended with code 7: key [redacted] and password=[redacted]') as string,
    });
    expect(String(error)).not.toMatch(/tr0ub4dor|hunter22/);
  });

  test('is quoted without secrets where it does not fit', async () => {
    fake.set({ current: `<${SECRET} password=hunter22>`, releases: `1.0 ${SECRET}` });
    await expect(hands().describe(fake.service)).rejects.toThrow('is no release: "<[redacted] password=[redacted]>"');
  });

  test('is not known when the command takes too long, and it is ended with all that it started', async () => {
    const mark = join(fake.folder, 'late');
    const nap = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''), 1500)`;
    const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(nap)}], { stdio: 'ignore' }); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    make({ commands: { current: [process.execPath, '-e', program] }, timeoutMs: 300 });
    await expect(hands().describe(fake.service)).rejects.toMatchObject({ message: expect.stringContaining('was ended: it took longer than 0.3 s') as string });
    await sleep(1_000);
    expect(existsSync(mark)).toBe(false);
  }, 15_000);

  test('is not known when the command prints without end', async () => {
    const flood = `const write = () => process.stdout.write('x'.repeat(60000), write); write()`;
    make({ commands: { current: [process.execPath, '-e', flood] } });
    await expect(hands().describe(fake.service)).rejects.toMatchObject({ message: expect.stringContaining('printed more than 100000 bytes') as string });
  });

  test('is not known when there is no such program', async () => {
    make({ commands: { current: ['no-such-program'] } });
    await expect(hands().describe(fake.service)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no-such-program cannot be run in') as string,
    });
  });
});

describe('changes', () => {
  const changes = (): Promise<readonly Change[]> => createCommandChanges(commandDeps(fake, state)).list(fake.service, 0, Date.parse('2030-01-01T00:00:00Z'));

  test('come from the times of releases, with the release before and who deployed it', async () => {
    fake.set({ current: '1.1.0', releases: '1.1.0 2026-11-20T10:05:00Z ann\n{"release":"1.0.0","at":1763600000}\n0.9.0\n' });
    expect(await changes()).toMatchObject([
      { kind: 'deployment', to: '1.0.0', at: '2025-11-20T00:53:20.000Z', author: 'unknown' },
      { kind: 'deployment', from: '1.0.0', to: '1.1.0', at: '2026-11-20T10:05:00.000Z', author: 'ann', service: 'shop', environment: 'test' },
    ]);
    expect((await changes())[0]).not.toHaveProperty('from');
  });

  test('that are our own carry our name, so that a remedy is no suspect', async () => {
    fake.set({ current: '1.1.0', deploy: `become('1.0.0')` });
    const { target } = fake.hands;
    const inputs = { release: '1.0.0' };
    await hands().act(fake.service, { token: 't-1', incidentId: 'inc-a', action: 'release/deploy', inputs, target, intendedAt: Date.now(), timeoutMs: 5_000 });
    const now = new Date().toISOString();
    fake.set({ current: '1.0.0', releases: `1.0.0 ${now} deployer\n1.1.0 2026-11-20T10:05:00Z ann\n` });
    expect((await changes()).map(({ to, author, kind }) => ({ to, author, kind }))).toEqual([
      { to: '1.1.0', author: 'ann', kind: 'deployment' },
      { to: '1.0.0', author: 'nightshift', kind: 'rollback' },
    ]);
  });

  test('are none where releases have no times', async () => {
    expect(await changes()).toEqual([]);
  });
});
