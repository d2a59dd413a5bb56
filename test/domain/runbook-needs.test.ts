import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import type { Commands } from '../../domain/command-hands';
import type { Service } from '../../domain/inventory';
import { missingCommands } from '../../domain/runbook-needs';

const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'prod/shop' };
const hands = (commands: Commands): NonNullable<Service['hands']> => ({
  ...{ kind: 'commands', commands, directory: '/', timeoutMs: 1, confirmMs: 1, outputLimitBytes: 1, target },
});
const missing = (commands: Commands): Record<string, readonly string[]> =>
  Object.fromEntries(readCatalogue({ root: packageRoot() }).runbooks.map(({ runbook }) => [runbook.id, missingCommands(runbook, hands(commands))]));

test('a runbook needs the commands of its steps, of its inverse and of its preconditions', () => {
  expect(missing({})).toEqual({ 'restart-service': ['restart'], 'rollback-release': ['current', 'releases', 'deploy'] });
  expect(missing({ restart: ['a'] })).toEqual({ 'restart-service': [], 'rollback-release': ['current', 'releases', 'deploy'] });
  expect(missing({ current: ['a'], deploy: ['b'] })).toEqual({ 'restart-service': ['restart'], 'rollback-release': ['releases'] });
});

test('a supervisor lacks nothing', () => {
  const { runbooks } = readCatalogue({ root: packageRoot() });
  expect(runbooks.flatMap(({ runbook }) => missingCommands(runbook, { kind: 'supervisor', url: 'http://h', target }))).toEqual([]);
});
