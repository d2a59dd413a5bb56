import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import type { AwsParts } from '../../domain/aws/hands';
import { chooseRunbook } from '../../domain/choose-runbook';
import type { Hypothesis } from '../../domain/diagnosis';
import type { Service } from '../../domain/inventory';
import { missingHands } from '../../domain/runbook-needs';

const target = { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-central-1', kind: 'service', id: 'production/shop' };
const { runbooks } = readCatalogue({ root: packageRoot() });
const release = { cause: 'bad-release', runbook: 'rollback-release', parameters: { from: '2', to: '1' } } as const;
const full = { cause: 'resource-exhaustion', runbook: 'restart-service', parameters: {} } as const;

function chosen(hands: NonNullable<Service['hands']>, found: Pick<Hypothesis, 'cause' | 'runbook' | 'parameters'>): string | undefined {
  const hypothesis: Hypothesis = { id: 'h', title: 'H', score: 0.9, supporting: [], contradicting: [], suspect: 'shop', ...found };
  const possible = runbooks.filter(({ runbook }) => missingHands(runbook, hands).length === 0);
  return chooseRunbook(possible, hypothesis, [])?.runbook.runbook.id;
}

const on = (parts: AwsParts): NonNullable<Service['hands']> => ({ kind: 'aws', account: '111122223333', region: 'eu-central-1', ...parts, target });

test.each<[string, AwsParts, typeof release | typeof full, string | undefined]>([
  ['a service of ECS after a release', { ecs: { cluster: 'fleet', service: 'web' } }, release, 'roll-back-service-deployment'],
  ['a service of ECS that fills up', { ecs: { cluster: 'fleet', service: 'web' } }, full, 'restart-ecs-service'],
  ['a function after a release', { lambda: { function: 'web', alias: 'live' } }, release, 'shift-traffic-back'],
  ['a function that fills up', { lambda: { function: 'web', alias: 'live' } }, full, undefined],
])('%s has the runbook of its own parts', (_what, parts, found, id) => {
  expect(chosen(on(parts), found)).toBe(id);
});

test('a service of this machine has those of this machine', () => {
  const supervisor = { kind: 'supervisor', url: 'http://h', target } as const;
  expect([chosen(supervisor, release), chosen(supervisor, full)]).toEqual(['rollback-release', 'restart-service']);
});
