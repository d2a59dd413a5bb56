import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAllowedCommands } from '../../../adapters/local/allowed-commands';
import { processMark } from '../../../adapters/local/process-mark';
import type { AllowedCommand } from '../../../domain/actions/allowed';
import type { Service } from '../../../domain/inventory';
import type { Carrier, Effect } from '../../../ports/hands';
import { MemoryStore } from '../../fakes/memory-store';
import { until } from '../../server/until';

const target = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'shop' };
const service: Service = { name: 'shop', environment: 'prod', tier: 'critical', dependsOn: [] };
const effect = (inputs: Readonly<Record<string, string>>, timeoutMs = 20_000): Effect => ({
  ...{ token: 't-1', incidentId: 'inc-a', action: 'command.run', inputs, target, intendedAt: 0, timeoutMs },
});

let dir: string;
let store: MemoryStore;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-command-')));
  store = new MemoryStore();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const note = `require('node:fs').appendFileSync('ran', JSON.stringify([process.argv.slice(1), process.env.SECRET]) + '\\n');`;
const undo = (script: string, more: Partial<AllowedCommand> = {}): AllowedCommand => ({
  name: 'undo',
  argv: [process.execPath, '-e', script, 'deployment/{deployment}', '{token}', '{service}'],
  parameters: { deployment: { type: 'string', description: 'Which.', pattern: '[a-z-]{1,20}' } },
  ...{ directory: dir, outputLimitBytes: 4096, scope: {}, ...more },
});

function carrier(command: AllowedCommand): Carrier {
  const environments = { undo: { variables: { PATH: '/usr/bin:/bin', SECRET: 'hush-hush' }, secrets: ['hush-hush'] } };
  return createAllowedCommands({ commands: [command], environments, state: store.state, clock: { now: () => Date.now() } });
}
const ran = (): unknown[] =>
  existsSync(join(dir, 'ran'))
    ? readFileSync(join(dir, 'ran'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : [];

test('it runs with its inputs as single arguments, in its folder and environment, and its exit code tells that it is done', async () => {
  const hands = carrier(undo(note));
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  expect(await hands.look(service, wanted)).toEqual({ state: 'absent' });
  await hands.act(service, wanted);
  expect(ran()).toEqual([[['deployment/shop', 't-1', 'shop'], 'hush-hush']]);
  expect(await hands.look(service, wanted)).toMatchObject({ state: 'done', detail: 'undo ended with code 0' });
});

test('another code is a failure, told with what it said and without secrets', async () => {
  const hands = carrier(undo(`console.error('no such deployment, ' + process.env.SECRET); process.exit(3)`));
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  await hands.act(service, wanted);
  const seen = await hands.look(service, wanted);
  expect(seen).toMatchObject({ state: 'failed', detail: expect.stringMatching(/^undo ended with code 3: no such deployment/) as string });
  expect(JSON.stringify(seen)).not.toContain('hush');
});

test('under one token it is begun once, by whomever', async () => {
  const hands = carrier(undo(note));
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  await hands.act(service, wanted);
  await expect(hands.act(service, wanted)).rejects.toThrow(/was begun before/);
  await expect(carrier(undo(note)).act(service, wanted)).rejects.toThrow(/was begun before/);
  expect(ran()).toHaveLength(1);
});

test('one that runs too long is ended by force, and nobody knows what it did', async () => {
  const hands = carrier(undo(`${note} setInterval(() => undefined, 1000)`));
  const wanted = effect({ command: 'undo', deployment: 'shop' }, 500);
  await hands.act(service, wanted);
  expect(await hands.look(service, wanted)).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('undo was killed') as string });
});

test('when whoever began it was killed, it is under way while its process runs, and is for a person to settle once that has ended', async () => {
  const child = spawn('sleep', ['60']);
  const mark = await until(async () => processMark(child.pid ?? 0), 'the process');
  const at = Date.now();
  const process = { host: hostname(), pid: child.pid ?? 0, mark };
  await store.state.save('run:t-1', { name: 'undo', begunAt: at, deadline: at + 60_000, process });
  const hands = carrier(undo(note));
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  expect(await hands.look(service, wanted)).toMatchObject({ state: 'in-progress' });
  await expect(hands.act(service, wanted)).rejects.toThrow(/was begun before/);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(await hands.look(service, wanted)).toMatchObject({ state: 'ambiguous' });
  expect(ran()).toEqual([]);
});

test('on another machine it may run until its time is over, and is for a person to settle then', async () => {
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  const begunAt = Date.now() - 10_000;
  for (const [deadline, state] of [
    [begunAt + 60_000, 'in-progress'],
    [begunAt + 5_000, 'ambiguous'],
  ] as const) {
    await store.state.save('run:t-1', { name: 'undo', begunAt, deadline, process: { host: 'another-machine', pid: 1, mark: '1' } });
    expect(await carrier(undo(note)).look(service, wanted)).toMatchObject({ state });
  }
});

test.each([
  ['a name that is not allowed', { command: 'undoo', deployment: 'shop' }, {}, /undoo is not among actions\.commands; did you mean undo/],
  ['a value that does not fit', { command: 'undo', deployment: 'Shop; rm -rf /' }, {}, /deployment does not match/],
  ['an input that is missing', { command: 'undo' }, {}, /deployment is missing/],
  ['an input that it does not take', { command: 'undo', deployment: 'shop', extra: '1' }, {}, /extra undo does not take this/],
  [
    'an option in disguise',
    { command: 'undo', deployment: '--all' },
    { parameters: { deployment: { type: 'string', description: 'Which.' } } },
    /begins with -/,
  ],
  ['another service', { command: 'undo', deployment: 'shop' }, { scope: { services: ['payments'] } }, /undo is not allowed for shop in prod/],
  ['another environment', { command: 'undo', deployment: 'shop' }, { scope: { environments: ['staging'] } }, /undo is not allowed for shop in prod/],
] as const)('%s is refused before anything is begun', async (_name, inputs, more, reason) => {
  const hands = carrier(undo(note, more));
  expect(await hands.unmet?.(service, effect(inputs))).toMatch(reason);
  await expect(hands.act(service, effect(inputs))).rejects.toMatchObject({ code: 'effect_failed', message: expect.stringMatching(reason) as string });
  expect(ran()).toEqual([]);
});

test('who approves it reads the exact arguments', async () => {
  const hands = carrier(undo('x'));
  const wanted = effect({ command: 'undo', deployment: 'shop' });
  expect(await hands.unmet?.(service, wanted)).toBeUndefined();
  expect(await hands.preview?.(service, wanted)).toMatch(
    new RegExp(`^runs \\(undo [0-9a-f]{12}\\) ${JSON.stringify(process.execPath)} "-e" "x" "deployment/shop" "<token>" "shop" in ${dir}$`),
  );
  // Other words under the same name are another proposal.
  expect(await carrier(undo('y')).preview?.(service, wanted)).not.toBe(await hands.preview?.(service, wanted));
});
