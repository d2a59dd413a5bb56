import type { FoundResource } from '../../../domain/aws/found-resource';
import { servicesOf } from '../../../domain/aws/found-services';

const PLACE = { account: '111122223333', region: 'eu-central-1' };

function resource(kind: FoundResource['kind'], name: string, more: Partial<FoundResource> = {}): FoundResource {
  const { group = '', region = PLACE.region } = more;
  return { kind, name, ...PLACE, arn: `arn:${kind}:${region}:${group}/${name}`, tags: {}, targets: [], scaled: [], balanced: [], ...more };
}

const found = (...resources: FoundResource[]): string[] =>
  servicesOf(resources, 'production').services.map(({ name, environment, resources: own }) => `${environment}/${name} ${String(own.length)}`);
const notes = (...resources: FoundResource[]): string => servicesOf(resources, 'production').notes.join('\n');

test('the same tags make one service; another environment makes another', () => {
  expect(
    found(
      resource('ecs', 'a', { tags: { Service: 'shop', Environment: 'live' } }),
      resource('lambda', 'b', { tags: { app: 'shop', ENV: 'live' } }),
      resource('lambda', 'c', { tags: { Application: 'shop', Stage: 'test' } }),
    ),
  ).toEqual(['live/shop 2', 'test/shop 1']);
});

test('without a tag of a service the Name is taken, then the own name; both and the missing environment are told', () => {
  const all = [resource('lambda', 'x', { tags: { Name: 'mailer' } }), resource('lambda', 'resize')];
  expect(found(...all)).toEqual(['production/mailer 1', 'production/resize 1']);
  expect(notes(...all)).toContain('1 resource has no tag that names its service (service, app, Name); its own name is taken');
  expect(notes(...all)).toContain('2 resources have no tag that names their environment (environment, env, stage); production is taken');
});

test('names are written as the configuration takes them, two that become one are told, and what has no usable one is left out', () => {
  const all = [
    resource('lambda', 'a', { tags: { service: 'Check Out/API' } }),
    resource('lambda', 'b', { tags: { service: 'check-out-api' } }),
    resource('lambda', 'c', { tags: { service: '日本' } }),
  ];
  expect(found(...all)).toEqual(['production/check-out-api 2']);
  expect(notes(...all)).toContain('Check Out/API is called check-out-api');
  expect(notes(...all)).toContain('Check Out/API and check-out-api are taken for one service');
  expect(notes(...all)).toContain('1 resource has no usable name and is left out: arn:lambda:eu-central-1:/c');
});

test('untagged services of one name in two clusters are two, in two regions one, which is told', () => {
  expect(found(resource('ecs', 'api', { group: 'shop' }), resource('ecs', 'api', { group: 'books' }))).toEqual([
    'production/books-api 1',
    'production/shop-api 1',
  ]);
  const twice = [resource('lambda', 'api'), resource('lambda', 'api', { region: 'us-east-1' })];
  expect(found(...twice)).toEqual(['production/api 2']);
  expect(notes(...twice)).toContain('Only their name makes several resources one service: api');
});

test('what only brings a service there joins the one that it deploys to, or whose name its own contains', () => {
  const ecs = resource('ecs', 'shop', { group: 'main', tags: { env: 'live' } });
  const group = resource('codedeploy', 'anything', { targets: [ecs.arn] });
  const pipeline = resource('codepipeline', 'deploy-shop-live');
  const infra = resource('codepipeline', 'infra');
  expect(found(ecs, group, pipeline, infra)).toEqual(['live/shop 3']);
  expect(notes(ecs, group, pipeline, infra)).toContain('1 resource belongs to no service that was found');
  expect(found(infra)).toEqual([]);
});

test('instances that CodeDeploy deploys to are a service', () => {
  expect(found(resource('codedeploy', 'legacy', { group: 'prod', scaled: ['legacy-asg'] }))).toEqual(['production/legacy 1']);
});

test('environments that may be one are told', () => {
  expect(notes(resource('lambda', 'a', { tags: { env: 'prod' } }), resource('lambda', 'b', { tags: { env: 'production' } }))).toContain(
    'The tags name environments that may be one: prod, production.',
  );
});
