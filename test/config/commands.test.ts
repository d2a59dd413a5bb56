import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programProblems } from '../../config/command-checks';
import { loadConfig } from '../../config/load';
import type { NightshiftConfig } from '../../config/types';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-hands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(hands: string, env: Record<string, string> = {}): NightshiftConfig {
  writeFileSync(join(folder, 'nightshift.yaml'), `services:\n  - { name: shop, environment: prod, hands: ${hands} }\n`);
  return loadConfig({ cwd: folder, env });
}

/** Path and message of each problem. */
function problems(hands: string): string[] {
  try {
    load(hands);
    return [];
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path.replace('services.0.hands.', '')}: ${message}`,
    );
  }
}

const own = (commands: string, more = ''): string => `{ kind: commands, commands: { ${commands} }${more} }`;

test('commands have defaults, a folder that starts at the file, and a target of their own', () => {
  expect(load(own('current: [./ctl, current]', ', directory: ops')).services[0]?.hands).toEqual({
    kind: 'commands',
    commands: { current: ['./ctl', 'current'] },
    directory: join(folder, 'ops'),
    timeoutMs: 10_000,
    confirmMs: 30_000,
    outputLimitBytes: 10_485_760,
    target: { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'prod/shop' },
  });
});

test.each([
  ['one line of text in place of a list', "current: './ctl current'", 'commands.current: must be a list, the program first'],
  ['an empty list', 'current: []', 'commands.current: is empty'],
  ['an unknown command', 'current: [a], reboot: [b]', 'commands.reboot: is not a known key'],
  ['no command at all', '', 'commands: holds no command; give some of current, releases, deploy, restart'],
  ['a deployment of nothing', 'current: [a], deploy: [b]', "commands.deploy: does not say where the release goes; add the argument '{release}'"],
  ['a deployment that nothing confirms', "deploy: [b, '{release}']", 'commands.deploy: cannot be confirmed without the command current'],
  ['a restart that nothing confirms', 'restart: [b]', 'commands.restart: cannot be confirmed'],
  ['a placeholder in the program', "current: ['{service}']", 'commands.current.0: is the program and cannot hold a placeholder'],
  [
    'a placeholder that is not known',
    "current: [a, '{release}']",
    'commands.current.1: {release} is not a placeholder here; current knows {service}, {environment}; write {{release}}',
  ],
  ['a NUL character', 'current: [a, "b\\0c"]', 'commands.current.1: holds a NUL character'],
])('%s is refused', (_what, commands, message) => {
  expect(problems(own(commands))).toEqual([expect.stringContaining(message)]);
});

test('braces of other programs are left alone', () => {
  expect(problems(own(`current: [docker, inspect, --format, '{{.State.StartedAt}} {{json}} {"a": 1} {}', '{service}']`))).toEqual([]);
});

test('secrets are read where they are named, stand apart from the inventory, and a missing one is told', () => {
  writeFileSync(join(folder, 'key'), 'from-a-file\n');
  const hands = own('current: [a]', ', pass: [LENT], secrets: { ONE: { env: ONE_KEY }, TWO: { file: ./key } }');
  const config = load(hands, { ONE_KEY: 'from-the-environment', LENT: 'x', OTHER: 'y', HOME: '/h', PATH: '/bin' });
  expect(config.commandEnvironments).toEqual({
    'local/local/local/local/service/prod/shop': {
      variables: { PATH: '/bin', HOME: '/h', LENT: 'x', ONE: 'from-the-environment', TWO: 'from-a-file' },
      secrets: ['from-the-environment', 'from-a-file'],
    },
  });
  expect(JSON.stringify(config.services)).not.toContain('from-');
  expect(problems(hands)).toEqual([expect.stringContaining('secrets.ONE: the environment has no variable ONE_KEY')]);
  expect(problems(own('current: [a]', ', secrets: { ONE: plain }'))).toEqual([expect.stringContaining('is a secret, which is never written here')]);
});

test('programs and folders are looked for: a path, or a name in PATH that may be executed', () => {
  mkdirSync(join(folder, 'bin'));
  for (const name of ['good', 'plain']) writeFileSync(join(folder, 'bin', name), '');
  chmodSync(join(folder, 'bin', 'good'), 0o755);
  const path = { PATH: `relative:${join(folder, 'bin')}` };
  const commands = own("current: [good], releases: [./bin/good], deploy: [plain, '{release}'], restart: [./bin/gone]");
  expect(programProblems(load(commands, path)).map(({ path: at, message }) => `${at}: ${message}`)).toEqual([
    `services.0.hands.commands.deploy.0: there is no program plain in PATH (${path.PATH})`,
    `services.0.hands.commands.restart.0: ${join(folder, 'bin', 'gone')} is not there, or may not be executed`,
  ]);
  expect(programProblems(load(own('current: [good]', ', directory: nowhere'), path))).toEqual([
    { path: 'services.0.hands.directory', message: `there is no folder ${join(folder, 'nowhere')}` },
  ]);
});
