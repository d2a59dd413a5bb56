import { blastRefusals } from '../../domain/blast-radius';
import type { Inventory, Service } from '../../domain/inventory';

const target = (id: string) => ({ provider: 'local', partition: 'local', account: 'a', region: 'r', kind: 'service', id });
const service = (name: string, environment = 'prod', hands = true): Service => ({
  ...{ name, environment, tier: 'standard', dependsOn: [] },
  ...(hands ? { hands: { kind: 'supervisor' as const, url: 'http://127.0.0.1:1', target: target(name) } } : {}),
});
const fleet = (count: number, environment = 'prod'): Service[] => Array.from({ length: count }, (_, i) => service(`s${String(i)}`, environment));
const limits = (targetsAtOnce: number, shareOfFleet: number) => ({ actionsPerHour: 100, attemptsPerTargetPerDay: 100, targetsAtOnce, shareOfFleet });
const held = (count: number, environment = 'prod') => Array.from({ length: count }, (_, i) => ({ target: `t${String(i)}`, environment }));
const ask = (services: readonly Service[], most: number, share: number, inHand: ReturnType<typeof held>) =>
  blastRefusals(limits(most, share), { services } satisfies Inventory, { environment: 'prod', target: 'mine' }, inHand);

test('targets at once are limited over all environments', () => {
  expect(ask(fleet(50), 3, 1, [...held(1), ...held(1, 'test')])).toEqual([]);
  expect(ask(fleet(50), 3, 1, [...held(1), ...held(2, 'test')])).toEqual(['3 targets are being changed or measured already; the limit is 3 at once.']);
  expect(ask(fleet(1), 0, 1, [])).toEqual(['0 targets are being changed or measured already; the limit is 0 at once.']);
});

test.each([
  [50, 0.1, 5],
  [9, 0.5, 4],
  [2, 0.5, 1],
  [1, 0.5, 1],
  [4, 0, 1],
  [3, 1, 3],
])('of a fleet of %d with a share of %d at most %d are in hand', (size, share, most) => {
  expect(ask(fleet(size), 100, share, held(most - 1))).toEqual([]);
  expect(ask(fleet(size), 100, share, held(most))).toEqual([expect.stringContaining(`of its ${String(size)}, that is ${String(most)}.`)]);
});

test('a fleet is what can be acted on in one environment, each target once', () => {
  const twins = [service('a'), { ...service('b'), hands: { ...service('a').hands } as Service['hands'] & object }];
  const services = [...twins, service('watched', 'prod', false), ...fleet(20, 'test')];
  expect(ask(services, 100, 0.9, held(1))).toEqual(['1 target is being changed or measured already in prod; the limit is 90 % of its 1, that is 1.']);
  expect(ask(services, 100, 0.9, held(5, 'test'))).toEqual([]);
});

test('of an environment one availability zone is changed at a time', () => {
  const zoned = (name: string, zone?: string): Service => {
    const own = { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-central-1', kind: 'service', id: name };
    return { ...service(name), hands: { kind: 'aws', account: own.account, region: own.region, ...(zone !== undefined && { zone }), target: own } };
  };
  const services = [zoned('a', 'eu-central-1a'), zoned('a2', 'eu-central-1a'), zoned('b', 'eu-central-1b'), zoned('any')];
  const of = (name: string): string => `aws/aws/111122223333/eu-central-1/service/${name}`;
  const refusals = (wanted: string, held: string): string[] =>
    blastRefusals(limits(10, 1), { services }, { environment: 'prod', target: of(wanted) }, [{ target: of(held), environment: 'prod' }]);
  expect(refusals('b', 'a')).toEqual([
    'Something in eu-central-1a is being changed or measured already; one zone is changed at a time, and this is in eu-central-1b.',
  ]);
  expect(refusals('a2', 'a')).toEqual([]);
  expect(refusals('any', 'a')).toEqual([]);
  expect(refusals('a', 'any')).toEqual([]);
});
