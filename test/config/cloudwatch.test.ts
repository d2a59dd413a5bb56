import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectConfig } from '../../config/load';
import { awsCosts, queryBudgetUsd } from '../../config/resolve-cloudwatch';
import type { NightshiftConfig } from '../../config/types';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:shop';
const of = (name: string): object => ({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'shop' } });
const RESOURCE = { resource: ARN, requests: of('Invocations'), errors: of('Errors'), latency: { ...of('Duration'), unit: 'milliseconds' } };
const AWS = { accounts: [{ id: '123456789012', regions: ['eu-central-1'] }] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-cloudwatch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(metrics: object, more: object = { aws: AWS }): { config: NightshiftConfig; problems: string[] } {
  const services = [{ name: 'shop', environment: 'production', metrics }];
  writeFileSync(join(folder, 'nightshift.yaml'), JSON.stringify({ services, ...more }));
  const { config, problems } = inspectConfig({ cwd: folder, env: {} });
  return { config, problems: problems.map(({ path, message }) => `${path} ${message}`) };
}

test('a resource is where its ARN says; counts are sums and latency the 95th percentile, each minute', () => {
  const saturation = [{ name: 'cpu', used: { namespace: 'AWS/ECS', name: 'CPUUtilization' }, limit: 100 }];
  const { config, problems } = read({ cloudwatch: [{ ...RESOURCE, saturation }] });
  const metric = (name: string, stat: string): object => ({ namespace: 'AWS/Lambda', name, stat, dimensions: { FunctionName: 'shop' } });
  expect(problems).toEqual([]);
  expect(config.services[0]?.metrics).toMatchObject({
    everyMs: 60_000,
    saturation: [{ name: 'cpu' }],
    cloudwatch: [
      {
        ...{ resource: ARN, account: '123456789012', region: 'eu-central-1', requests: metric('Invocations', 'Sum'), errors: metric('Errors', 'Sum') },
        latency: { ...metric('Duration', 'p95'), unit: 'milliseconds' },
        saturation: [{ name: 'cpu', metric: { namespace: 'AWS/ECS', name: 'CPUUtilization', stat: 'Average', dimensions: {} }, limit: 100 }],
      },
    ],
  });
});

test.each([
  ['a place that no account has', { cloudwatch: [RESOURCE] }, {}, 'is in 123456789012/eu-central-1, which is not among aws.accounts'],
  ['half a minute', { every: '90s', cloudwatch: [RESOURCE] }, { aws: AWS }, 'metrics.every must be whole minutes'],
  ['two sources', { url: 'http://127.0.0.1:1', cloudwatch: [RESOURCE] }, { aws: AWS }, 'needs either url'],
  ['latency of nothing', { cloudwatch: [{ resource: ARN, latency: of('Duration') }] }, { aws: AWS }, 'is weighed by requests'],
  ['something that tells nothing', { cloudwatch: [{ resource: ARN }] }, { aws: AWS }, 'tells nothing; name requests or saturation'],
  ['what is no ARN', { cloudwatch: [{ ...RESOURCE, resource: 'shop' }] }, { aws: AWS }, 'is not the ARN of a resource'],
  ['what costs too much', { cloudwatch: [RESOURCE] }, { aws: { ...AWS, monthlyUsd: 1 } }, 'would cost about 1.30 USD a month (0.01 of it once, for the past)'],
  ['a past without end', { cloudwatch: [RESOURCE] }, { aws: { ...AWS, backfill: true } }, 'must be false, or how far back'],
])('%s is told', (_what, metrics, more, problem) => {
  expect(read(metrics, more).problems).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
});

test('the past costs what it is read, once, as far back as rows are kept, and nothing when it is switched off', () => {
  const once = (section: object, retention: object = {}): (string | undefined)[] => {
    const { config } = read({ cloudwatch: [RESOURCE] }, { aws: { ...AWS, ...section }, retention });
    return config.aws ? awsCosts({ ...config, aws: config.aws }).flatMap((each) => (each.once ? [each.basis] : [])) : [];
  };
  expect([once({}), once({ backfill: '60d' }), once({ backfill: '30d' }, { measures: '10d' }), once({ backfill: false })]).toEqual([
    ['72 reads'],
    // 35 days of rows are kept.
    ['168 reads'],
    ['48 reads'],
    [],
  ]);
});

test('queries of Logs Insights are left what the numbers of services and their past do not cost', () => {
  const logQueries = [{ name: 'declined', groups: ['/ecs/shop'], query: 'stats count(*)', service: 'shop' }];
  const { config, problems } = read({ cloudwatch: [RESOURCE] }, { aws: { ...AWS, logQueries, monthlyUsd: 2 } });
  expect([problems, config.aws && queryBudgetUsd({ ...config, aws: config.aws })]).toEqual([[], expect.closeTo(0.7, 6)]);
});
