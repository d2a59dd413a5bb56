import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import type { Commands } from '../../domain/command-hands';
import type { Service } from '../../domain/inventory';
import type { AwsParts } from '../../domain/aws/hands';
import { isForKind, missingCommands, missingHands } from '../../domain/runbook-needs';

const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'prod/shop' };
const hands = (commands: Commands): NonNullable<Service['hands']> => ({
  ...{ kind: 'commands', commands, directory: '/', timeoutMs: 1, confirmMs: 1, outputLimitBytes: 1, target },
});
const catalogue = readCatalogue({ root: packageRoot() }).runbooks.map(({ runbook }) => runbook);
const missing = (commands: Commands): Record<string, readonly string[]> =>
  Object.fromEntries(catalogue.filter((each) => isForKind(each, hands(commands))).map((each) => [each.id, missingCommands(each, hands(commands))]));

test('a runbook needs the commands of its steps, of its inverse and of its preconditions', () => {
  expect(missing({})).toMatchObject({ 'restart-service': ['restart'], 'rollback-release': ['current', 'releases', 'deploy'] });
  expect(missing({ restart: ['a'] })).toMatchObject({ 'restart-service': [], 'rollback-release': ['current', 'releases', 'deploy'] });
  expect(missing({ current: ['a'], deploy: ['b'] })).toMatchObject({ 'restart-service': ['restart'], 'rollback-release': ['releases'] });
});

test('a supervisor lacks nothing', () => {
  expect(catalogue.flatMap((each) => missingCommands(each, { kind: 'supervisor', url: 'http://h', target }))).toEqual([]);
});

test('a runbook on a part of AWS is possible where the hands have it, and never for a service on this machine', () => {
  const aws: Service['hands'] = { kind: 'aws', account: '111122223333', region: 'eu-central-1', codedeploy: { application: 'shop', group: 'live' }, target };
  const possible = (own: NonNullable<Service['hands']>) => catalogue.filter((each) => missingHands(each, own).length === 0).map(({ id }) => id);
  expect(possible(aws)).toEqual(['restart-deployment', 'rollback-deployment']);
  expect(possible({ ...aws, codepipeline: { pipeline: 'shop' } })).toEqual(['restart-deployment', 'retry-stage', 'rollback-deployment', 'rollback-stage']);
  expect(possible({ kind: 'supervisor', url: 'http://h', target })).toEqual(['restart-service', 'rollback-release']);
});

describe('on AWS', () => {
  const { runbooks } = readCatalogue({ root: packageRoot() });
  const named = (id: string) => runbooks.flatMap(({ runbook }) => (runbook.id === id ? [runbook] : []))[0] as (typeof runbooks)[number]['runbook'];
  const aws = (parts: AwsParts): NonNullable<Service['hands']> => ({ kind: 'aws', account: '111122223333', region: 'eu-west-1', target, ...parts });
  const restart = { name: 'restart', document: 'Restart-Service', parameters: {} };

  test('an automation or a command must be there by its name', () => {
    expect(missingHands(named('restart-by-automation'), aws({}))).toEqual(['hands.automations']);
    expect(missingHands(named('restart-by-automation'), aws({ automations: [{ ...restart, name: 'other' }] }))).toEqual(['hands.automations.restart']);
    expect(missingHands(named('restart-by-automation'), aws({ automations: [restart] }))).toEqual([]);
    expect(missingHands(named('restart-by-command'), aws({ commands: [{ ...restart, instances: { ids: [] } }] }))).toEqual([]);
  });

  test('no other hands have them, and what is missing there is told of the runbooks that are for them', () => {
    expect(missingHands(named('restart-by-command'), hands({ restart: ['a'] }))).toEqual(['hands.commands']);
    const kinds = [aws({}), hands({})].map((each) => ['restart-by-automation', 'restart-service'].map((id) => isForKind(named(id), each)));
    expect(kinds).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
