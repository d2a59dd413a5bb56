import { actingOf, queueOf } from '../../../domain/actions/queue';
import { paceOf } from '../../../domain/actions/timing';
import { specOf } from '../../../domain/actions/table';
import type { AwsParts } from '../../../domain/aws/hands';
import type { Service } from '../../../domain/inventory';

const service = (parts: AwsParts): Service => ({
  ...{ name: 'shop', environment: 'production', tier: 'critical', dependsOn: [] },
  hands: {
    ...{ kind: 'aws', account: '111122223333', region: 'eu-central-1', ...parts },
    target: { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-central-1', kind: 'service', id: 'production/shop' },
  },
});

test('what acts on AWS waits in the queue of its service, and everything else in the one of all work', () => {
  expect([queueOf('codebuild.rerun', 'nightshift'), queueOf('lambda.alias', 'n'), queueOf('http.call', 'nightshift')]).toEqual([
    'nightshift-aws-codebuild',
    'n-aws-lambda',
    undefined,
  ]);
});

test('a queue is served for each service of AWS that some hands act through', () => {
  const services = [
    service({ lambda: { function: 'f', alias: 'live' } }),
    service({ autoscaling: { group: 'g' }, scaling: { namespace: 'ecs', resource: 'service/a/b', dimension: 'ecs:service:DesiredCount' } }),
    { ...service({}), hands: undefined as never },
  ];
  expect(actingOf(services)).toEqual(['lambda', 'autoscaling']);
});

test('what is far away is looked at as its configuration says, and what is near at once', () => {
  const far = { pollMs: 2_000, pollMostMs: 30_000 };
  expect(paceOf(specOf('codebuild.rerun'), far)).toEqual({ ...far, settleMs: 30_000 });
  expect(paceOf(specOf('codebuild.rerun'), { ...far, settleMs: 1_000 }).settleMs).toBe(1_000);
  expect(paceOf(specOf('http.call'), { ...far, settleMs: 1_000 })).toEqual({ pollMs: 250, pollMostMs: 2_000, settleMs: 0 });
});
