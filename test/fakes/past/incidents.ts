import type { PastAlarm } from '../../../domain/lookback/aws/alarms';
import type { Draft } from './draft';
import { CALLS } from './services';
import { DAY, HOUR, MINUTE, type FakeService, type TrueIncident } from './world';

/** An incident that is to be made: its kind, service, onset and how many pages it has. */
export interface Plan {
  readonly kind: TrueIncident['kind'] | 'flapping' | 'self-healed';
  readonly service: FakeService;
  readonly onset: number;
  readonly pages: number;
}

/** Makes the incident, its cause included, and writes down the truth. */
export function makeIncident(draft: Draft, plan: Plan): void {
  const { kind, service, onset } = plan;
  if (kind === 'flapping') return note(draft, plan, flap(draft, plan));
  if (kind === 'self-healed') return note(draft, plan, selfHeal(draft, plan));
  const cause = causeOf(draft, plan);
  const others = kind === 'provider' ? sharers(draft, service) : kind === 'none' ? [] : callers(draft, service);
  const lasts = draft.dice.between(25, 110) * MINUTE;
  note(draft, plan, burn(draft, plan, [service, ...others], lasts), cause);
  if (kind === 'deployment') mend(draft, service, onset + lasts);
}

function note({ truth }: Draft, { kind, service }: Plan, pages: readonly string[], cause?: string): void {
  const of = kind === 'flapping' || kind === 'self-healed' ? 'none' : kind;
  truth.push({ kind: of, service: service.name, pages, ...(cause !== undefined && { cause }) });
}

function causeOf(draft: Draft, { kind, service, onset }: Plan): string | undefined {
  const { dice } = draft;
  // Mostly soon before, some only after a while: caches, leaks, traffic that comes later.
  const lead = (dice.chance(0.3) ? dice.between(12, 22) : dice.between(0.3, 9)) * MINUTE;
  if (kind === 'deployment') return draft.deploy(service, onset - lead);
  if (kind === 'console') {
    const { securityGroup, lambda, database } = service.arns;
    const write = dice.pick([
      { name: 'RevokeSecurityGroupIngress', product: 'ec2', resources: [securityGroup.split('/').at(-1) ?? ''] },
      { name: 'UpdateFunctionConfiguration20150331v2', product: 'lambda', resources: [lambda] },
      { name: 'ModifyDBInstance', product: 'rds', resources: [database] },
    ]);
    return draft.write({ ...write, at: onset - lead, region: service.region, by: 'console' });
  }
  if (kind !== 'provider') return undefined;
  const { region } = service;
  const arn = `arn:aws:health:${region}::event/RDS/AWS_RDS_OPERATIONAL_ISSUE/AWS_RDS_OPERATIONAL_ISSUE_${dice.hex(8)}`;
  // The provider often tells a begin that is later than the first pain.
  const startedAt = Math.round(onset + dice.between(-12, 6) * MINUTE);
  draft.health.push({
    arn,
    service: 'RDS',
    code: 'AWS_RDS_OPERATIONAL_ISSUE',
    category: 'issue',
    region,
    startedAt,
    endedAt: startedAt + 3 * HOUR,
    entities: [],
  });
  return `health:${arn}`;
}

/** One or two others of the region, whose databases are the same product. */
function sharers({ services, dice }: Draft, { name, region }: FakeService): FakeService[] {
  return dice.shuffled(services.filter((each) => each.region === region && each.name !== name && each.name !== 'web')).slice(0, dice.whole(1, 2));
}

/** A caller that pages too, now and then. */
function callers({ services, dice }: Draft, { name }: FakeService): FakeService[] {
  const calling = CALLS.filter(({ on }) => on === name).map(({ service }) => service as string);
  return dice.chance(0.6) ? services.filter((each) => calling.includes(each.name)).slice(0, 1) : [];
}

/** Pages over the time of the trouble: each service's alarms begin within minutes, some end and come again. */
function burn(draft: Draft, { kind, onset, pages }: Plan, services: readonly FakeService[], lasts: number): string[] {
  const { dice } = draft;
  const ids: string[] = [];
  const used = new Map<string, number>();
  const queue = services.flatMap((service, i) => alarmsOf(draft, service, kind).slice(0, i === 0 ? 4 : 2));
  // Every service pages at least once, and first the one that it began on.
  const order = [...services.map((service) => alarmsOf(draft, service, kind)[0] as PastAlarm), ...queue];
  for (let i = 0; ids.length < pages; i++) {
    const alarm = order[i % order.length] as PastAlarm;
    const before = used.get(alarm.arn);
    if (i < services.length || before === undefined) {
      if (before !== undefined) continue;
      const begin = onset + (alarm.looksAtMs ?? 0) + dice.between(10, 60) * 1000 + (i === 0 ? 0 : dice.between(0, 4) * MINUTE);
      const stays = dice.between(0.2, 0.9) * lasts;
      ids.push(draft.fire(alarm, begin, stays));
      used.set(alarm.arn, begin + stays);
    } else {
      const begin = before + dice.between(4, 22) * MINUTE;
      const stays = dice.between(4, 25) * MINUTE;
      ids.push(draft.fire(alarm, begin, stays));
      used.set(alarm.arn, begin + stays);
    }
  }
  return ids;
}

function alarmsOf({ alarms }: Draft, { name }: FakeService, kind: Plan['kind']): readonly PastAlarm[] {
  const own = alarms.get(name) ?? [];
  // Trouble of a database shows on the database's alarm too.
  return kind === 'provider' ? [...own].sort((a, b) => Number(isDatabase(b)) - Number(isDatabase(a))) : own;
}

function isDatabase({ metrics }: PastAlarm): boolean {
  return metrics.some(({ namespace }) => namespace === 'AWS/RDS');
}

function flap(draft: Draft, { service, onset, pages }: Plan): string[] {
  const alarm = draft.dice.pick(draft.alarms.get(service.name) ?? []);
  let at = onset + (alarm.looksAtMs ?? 0);
  return Array.from({ length: pages }, () => {
    const stays = draft.dice.between(40, 80) * 1000;
    const id = draft.fire(alarm, at, stays);
    at += stays + draft.dice.between(40, 100) * 1000;
    return id;
  });
}

function selfHeal(draft: Draft, { service, onset, pages }: Plan): string[] {
  const alarms = draft.dice.shuffled(draft.alarms.get(service.name) ?? []).slice(0, pages);
  return alarms.map((alarm) => draft.fire(alarm, onset + (alarm.looksAtMs ?? 0), draft.dice.between(1, 3.5) * MINUTE));
}

/** People roll back, or fix forward, or it just ends. */
function mend(draft: Draft, service: FakeService, end: number): void {
  const how = draft.dice.between(0, 3);
  if (how < 2 && end < draft.span.to - DAY / 24) draft.deploy(service, end - 6 * MINUTE, how < 1 ? 'back' : 'next');
}
