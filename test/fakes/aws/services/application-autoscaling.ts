import { isDeepStrictEqual } from 'node:util';
import type {
  DeleteScheduledActionRequest,
  DescribeScalableTargetsRequest,
  DescribeScalableTargetsResponse,
  DescribeScheduledActionsRequest,
  DescribeScheduledActionsResponse,
  PutScheduledActionRequest,
  RegisterScalableTargetRequest,
  RegisterScalableTargetResponse,
  ScalableTarget,
  ScalableTargetAction,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { AwsError, invalid } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { setDesiredCount } from './ecs-store';
import { found, idOf, stateKey } from './support';

type Named = Partial<Pick<ScalableTarget, 'ServiceNamespace' | 'ResourceId' | 'ScalableDimension'>>;

const TARGETS = stateKey('scalable targets', () => new Map<string, ScalableTarget>());
const ACTIONS = stateKey('scheduled actions', () => new Map<string, ScheduledAction>());
const PAGE = 50;
const MOST_ACTIONS = 200;
const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const RECURRING = /^(rate\(\d+ (minutes?|hours?|days?)\)|cron\([^)]+\))$/;

/** Adds a scalable target, or puts it in the place of the one of its namespace, resource and dimension. */
export function putScalableTarget(place: Place, target: Omit<ScalableTarget, 'CreationTime'>): void {
  const arn = place.arn('application-autoscaling', `scalable-target/${idOf(place)}`);
  place.state(TARGETS).set(keyOf(target), { CreationTime: new Date(place.world.clock.now()), ScalableTargetARN: arn, ...target });
}

/** ARN of a target; of one that is not there yet, one that no other has. */
export function targetArn(place: Place, named: Named): string {
  return place.state(TARGETS).get(keyOf(named))?.ScalableTargetARN ?? place.arn('application-autoscaling', 'scalable-target/new');
}

function keyOf({ ServiceNamespace, ResourceId, ScalableDimension }: Named): string {
  return [ServiceNamespace, ResourceId, ScalableDimension].join('|');
}

function registerScalableTarget(input: RegisterScalableTargetRequest, call: Call): RegisterScalableTargetResponse {
  const { place } = call;
  const before = place.state(TARGETS).get(keyOf(input));
  const { Tags: _tags, ...given } = input;
  if (!before && (input.MinCapacity === undefined || input.MaxCapacity === undefined)) throw invalid('Both a minimum and a maximum are needed at first.');
  const target = { ...before, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) } as ScalableTarget;
  checkRange(target);
  if (!before) putScalableTarget(place, target);
  else place.state(TARGETS).set(keyOf(input), target);
  const now = place.state(TARGETS).get(keyOf(input)) as ScalableTarget;
  if (!isDeepStrictEqual(before, now)) {
    call.effect({
      kind: 'application-autoscaling.target',
      id: now.ScalableTargetARN ?? '',
      target: input.ResourceId ?? '',
      detail: { from: limitsOf(before), to: limitsOf(now) },
    });
    follow(call, now, call.now);
  }
  return { ScalableTargetARN: now.ScalableTargetARN };
}

function checkRange({ MinCapacity = 0, MaxCapacity = 0 }: ScalableTargetAction): void {
  if (MinCapacity > MaxCapacity) throw invalid(`The minimum ${String(MinCapacity)} is above the maximum ${String(MaxCapacity)}.`);
}

function limitsOf(target: ScalableTarget | undefined): readonly (number | undefined)[] {
  return [target?.MinCapacity, target?.MaxCapacity];
}

/** The capacity of what is scaled comes between its limits. */
function follow(call: Call, { ServiceNamespace, ResourceId = '', MinCapacity = 0, MaxCapacity = 0 }: ScalableTarget, at: number): void {
  const [, cluster = '', service = ''] = ResourceId.split('/');
  const clamp = (count: number): number => Math.min(Math.max(count, MinCapacity), MaxCapacity);
  const moved = ServiceNamespace === 'ecs' ? setDesiredCount(call.place, cluster, service, clamp) : undefined;
  if (moved) call.effect({ kind: 'application-autoscaling.capacity', id: ResourceId, target: ResourceId, at, detail: moved });
}

function describeScalableTargets(input: DescribeScalableTargetsRequest, call: Call): DescribeScalableTargetsResponse {
  const { ServiceNamespace, ResourceIds, ScalableDimension, MaxResults, NextToken } = input;
  const asked = (target: ScalableTarget): boolean =>
    target.ServiceNamespace === ServiceNamespace &&
    (ResourceIds === undefined || ResourceIds.includes(target.ResourceId ?? '')) &&
    (ScalableDimension === undefined || target.ScalableDimension === ScalableDimension);
  const items = (): ScalableTarget[] => [...call.place.state(TARGETS).values()].filter((target) => asked(target) && call.visible(target.ResourceId ?? ''));
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { ScalableTargets: page.items, NextToken: page.next };
}

function targetOf({ place }: Call, named: Named): ScalableTarget {
  const none = `No scalable target registered for service namespace: ${named.ServiceNamespace ?? ''}, resource ID: ${named.ResourceId ?? ''}, scalable dimension: ${named.ScalableDimension ?? ''}`;
  return found(place.state(TARGETS).get(keyOf(named)), 'ObjectNotFoundException', none);
}

function putScheduledAction(input: PutScheduledActionRequest, call: Call): object {
  const { place, now } = call;
  targetOf(call, input);
  const key = `${keyOf(input)}|${input.ScheduledActionName ?? ''}`;
  const before = place.state(ACTIONS).get(key);
  if (input.ScalableTargetAction) checkRange({ MaxCapacity: Infinity, ...input.ScalableTargetAction });
  if (!before && (input.Schedule === undefined || !input.ScalableTargetAction)) throw invalid('A new scheduled action needs a schedule and an action.');
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const action = { ...before, ...given } as ScheduledAction;
  const time = timeOf(action, now);
  if (!before && place.state(ACTIONS).size >= MOST_ACTIONS) throw new AwsError('LimitExceededException', 'There are too many scheduled actions');
  if (before && isDeepStrictEqual(before, action)) return {};
  const arn = place.arn(
    'autoscaling',
    `scheduledAction:${idOf(place)}:resource/${action.ServiceNamespace ?? ''}/${action.ResourceId ?? ''}:scheduledActionName/${action.ScheduledActionName ?? ''}`,
  );
  const kept: ScheduledAction = { ...action, CreationTime: action.CreationTime ?? new Date(now), ScheduledActionARN: action.ScheduledActionARN ?? arn };
  place.state(ACTIONS).set(key, kept);
  const { ScheduledActionName: id = '', ResourceId: target = '', Schedule, ScalableTargetAction } = kept;
  const effect = { kind: 'application-autoscaling.scheduled', id, target, detail: { schedule: Schedule, ...ScalableTargetAction } };
  if (before) call.effect(effect);
  else call.made(effect);
  if (time !== undefined) place.world.agenda.at(time, (at) => fire(call, key, kept, at));
  return {};
}

/** When an action of one time is due; undefined for one that recurs. */
function timeOf({ Schedule = '', Timezone = 'UTC' }: ScheduledAction, now: number): number | undefined {
  if (RECURRING.test(Schedule)) return undefined;
  const [, local] = AT.exec(Schedule) ?? [];
  if (local === undefined) throw invalid(`The schedule ${Schedule} is not of the form at(), rate() or cron().`);
  if (!/^(Etc\/)?(UTC|GMT)$/.test(Timezone)) throw new AwsError('NotImplemented', `The fake knows no time but UTC, and not ${Timezone}.`, 501);
  const time = Date.parse(`${local}Z`);
  if (Number.isNaN(time) || time <= now) throw invalid(`The schedule ${Schedule} is not in the future.`);
  return time;
}

/** The time has come: the limits of the target become those of the action, and stay so. */
function fire(call: Call, key: string, planned: ScheduledAction, at: number): void {
  const { place } = call;
  // An action that was put again or deleted has another plan, or none.
  if (place.state(ACTIONS).get(key) !== planned) return;
  place.state(ACTIONS).delete(key);
  const before = place.state(TARGETS).get(keyOf(planned));
  if (!before || before.SuspendedState?.ScheduledScalingSuspended === true) return;
  const { MinCapacity = before.MinCapacity, MaxCapacity = before.MaxCapacity } = planned.ScalableTargetAction ?? {};
  const now = { ...before, MinCapacity, MaxCapacity };
  place.state(TARGETS).set(keyOf(planned), now);
  const { ScheduledActionName: id = '', ResourceId: target = '' } = planned;
  call.effect({ kind: 'application-autoscaling.fired', id, target, at, detail: { from: limitsOf(before), to: limitsOf(now) } });
  follow(call, now, at);
}

function describeScheduledActions(input: DescribeScheduledActionsRequest, call: Call): DescribeScheduledActionsResponse {
  const { ServiceNamespace, ScheduledActionNames, ResourceId, ScalableDimension, MaxResults, NextToken } = input;
  const asked = (action: ScheduledAction): boolean =>
    action.ServiceNamespace === ServiceNamespace &&
    (ScheduledActionNames === undefined || ScheduledActionNames.includes(action.ScheduledActionName ?? '')) &&
    (ResourceId === undefined || action.ResourceId === ResourceId) &&
    (ScalableDimension === undefined || action.ScalableDimension === ScalableDimension);
  const items = (): ScheduledAction[] =>
    [...call.place.state(ACTIONS).values()].filter((action) => asked(action) && call.visible(action.ScheduledActionName ?? ''));
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { ScheduledActions: page.items, NextToken: page.next };
}

function deleteScheduledAction(input: DeleteScheduledActionRequest, call: Call): object {
  const { ScheduledActionName: id = '', ResourceId: target = '' } = input;
  const deleted = call.place.state(ACTIONS).delete(`${keyOf(input)}|${id}`);
  if (!deleted) throw new AwsError('ObjectNotFoundException', `No scheduled action found for the name: ${id}`);
  call.effect({ kind: 'application-autoscaling.unscheduled', id, target });
  return {};
}

/** Application Auto Scaling. */
export const APPLICATION_AUTOSCALING: FakeService = {
  signedAs: 'application-autoscaling',
  target: 'AnyScaleFrontendService',
  load: () => import('@aws-sdk/client-application-auto-scaling'),
  operations: {
    RegisterScalableTarget: registerScalableTarget,
    DescribeScalableTargets: describeScalableTargets,
    PutScheduledAction: putScheduledAction,
    DescribeScheduledActions: describeScheduledActions,
    DeleteScheduledAction: deleteScheduledAction,
  },
  facts: { target: { shape: 'ScalableTarget', put: putScalableTarget } },
};
