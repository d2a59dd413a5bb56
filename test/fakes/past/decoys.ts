import type { Draft } from './draft';
import type { Plan } from './incidents';
import { CALLS } from './services';
import { DAY, HOUR, MINUTE, REGIONS, STAGING, type FakeService } from './world';

/** How long before an incident its own service is left alone by changes that did not cause it: nearer ones could not be told from a cause by anybody. */
const ALONE_MS = 75 * MINUTE;

/** Everything that happens besides: deployments near and far, harmless writes, machines, other accounts and regions, news of the provider. */
export function addDecoys(draft: Draft, plans: readonly Plan[]): void {
  for (const plan of plans) addAround(draft, plan, plans);
  addEverydayDeployments(draft, plans);
  addEverydayWrites(draft, plans);
  addHealth(draft, plans);
}

/** At the very time of an incident, on others; and on its own service what cannot be the cause. */
function addAround(draft: Draft, plan: Plan, plans: readonly Plan[]): void {
  const { dice, services } = draft;
  const { service, onset, kind } = plan;
  const before = (low: number, high: number): number => onset - dice.between(low, high) * MINUTE;
  const strangers = services.filter((each) => each.name !== service.name && !related(each, service) && !isBusy(each, onset, plans));
  for (const other of dice.shuffled(strangers).slice(0, dice.whole(1, 2))) draft.deploy(other, before(0, 12));
  const elsewhere = REGIONS.find((region) => region !== service.region) ?? REGIONS[0];
  if (dice.chance(0.4)) draft.deploy(service, before(2, 15), 'next', { account: STAGING });
  if (dice.chance(0.3)) draft.deploy(service, before(2, 15), 'next', { region: elsewhere });
  if (dice.chance(0.5))
    draft.write({ name: 'CreateTags', product: 'ec2', at: before(1, 15), region: service.region, resources: [service.arns.securityGroup], by: 'console' });
  if (dice.chance(0.4))
    draft.write({ name: 'PutMetricAlarm', product: 'monitoring', at: before(1, 15), region: service.region, resources: [service.arns.ecs], by: 'console' });
  if (dice.chance(0.5))
    draft.write({ name: 'UpdateService', product: 'ecs', at: before(1, 10), region: service.region, resources: [service.arns.ecs], by: 'aws' });
  if (dice.chance(0.4))
    draft.write({
      name: 'UpdateService',
      product: 'ecs',
      at: onset + dice.between(9, 15) * MINUTE,
      region: service.region,
      resources: [service.arns.ecs],
      by: 'console',
    });
  if (kind === 'none' && dice.chance(0.5)) draft.deploy(service, before(3, 20), 'again');
}

/** About one deployment in two days for most services, and one that deploys all day. */
function addEverydayDeployments(draft: Draft, plans: readonly Plan[]): void {
  const { dice, services, span } = draft;
  for (const service of services) {
    const everyMs = service.name === 'web' ? 3 * HOUR : 2 * DAY;
    for (let at = span.from + dice.between(0, everyMs); at < span.to; at += dice.between(0.3, 1.7) * everyMs)
      if (!isBusy(service, at, plans)) draft.deploy(service, at);
  }
}

function addEverydayWrites(draft: Draft, plans: readonly Plan[]): void {
  const { dice, services, span } = draft;
  for (let at = span.from; at < span.to; at += dice.between(0.1, 1.2) * HOUR) {
    const service = dice.pick(services);
    const stranger = { region: service.region, resources: [`sg-${dice.hex(17)}`] };
    draft.write({ name: 'AuthorizeSecurityGroupIngress', product: 'ec2', at, ...stranger, by: dice.chance(0.3) ? 'console' : 'terraform' });
    draft.write({
      name: dice.pick(['CreateSnapshot', 'PutRetentionPolicy', 'ConsoleLogin', 'TagResource']),
      product: 'ec2',
      at,
      region: service.region,
      resources: [service.arns.database],
      by: 'console',
    });
    if (dice.chance(0.05) && !isBusy(service, at, plans))
      draft.write({ name: 'ModifyDBInstance', product: 'rds', at, region: service.region, resources: [service.arns.database], by: 'console' });
  }
}

/** Trouble of products that nobody here uses, or somewhere else, at the time of incidents; and mere notifications. */
function addHealth({ dice, health }: Draft, plans: readonly Plan[]): void {
  for (const { onset, service, kind } of plans) {
    if (kind === 'provider' || !dice.chance(0.35)) continue;
    const [product, region, category] = dice.pick([
      ['WORKSPACES', service.region, 'issue'],
      ['RDS', 'ap-southeast-2', 'issue'],
      ['LAMBDA', service.region, 'accountNotification'],
    ] as const);
    const arn = `arn:aws:health:${region}::event/${product}/AWS_${product}_ISSUE/AWS_${product}_ISSUE_${dice.hex(8)}`;
    const startedAt = Math.round(onset - dice.between(0, 30) * MINUTE);
    health.push({ arn, service: product, code: `AWS_${product}_OPERATIONAL_ISSUE`, category, region, startedAt, endedAt: startedAt + HOUR, entities: [] });
  }
}

function related(a: FakeService, b: FakeService): boolean {
  return CALLS.some(({ service, on }) => (service === a.name && on === b.name) || (service === b.name && on === a.name));
}

/** Whether an incident of the service, or of one that it calls or is called by, is near. */
function isBusy(service: FakeService, at: number, plans: readonly Plan[]): boolean {
  const near = plans.filter(({ onset }) => at > onset - ALONE_MS && at < onset + 4 * HOUR);
  return near.some((plan) => plan.kind === 'provider' || plan.service.name === service.name || related(plan.service, service));
}
