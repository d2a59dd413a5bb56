import { createExecutionActivities } from '../../../../activities/execution';
import type { ExecutionDeps } from '../../../../activities/execution';
import { createActuator } from '../../../../adapters/aws/hands/actuator';
import { createAwsCarriers } from '../../../../adapters/aws/hands/carriers';
import { createAwsHands } from '../../../../adapters/aws/hands/describe';
import { specOf } from '../../../../domain/actions/table';
import type { AwsActionName } from '../../../../domain/actions/table';
import type { AwsHands, AwsParts } from '../../../../domain/aws/hands';
import type { AwsAccount } from '../../../../domain/aws/place';
import { ERRORS, errorCode } from '../../../../domain/errors';
import { targetId } from '../../../../domain/inventory';
import type { Service } from '../../../../domain/inventory';
import type { ExecuteInput, Executed } from '../../../../domain/steps';
import { effectToken } from '../../../../domain/tokens';
import type { Effect, Hands, Wanted } from '../../../../ports/hands';
import { testClock } from '../../../fakes/aws/clock';
import type { TestClock } from '../../../fakes/aws/clock';
import { keysOf } from '../../../fakes/aws/identity';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putRole } from '../../../fakes/aws/services/sts';
import type { Place } from '../../../fakes/aws/world';
import { MemoryStore } from '../../../fakes/memory-store';

/** When the world begins. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** Where the service is. */
export const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'] as const;
/** The account that Nightshift's own keys are of. */
const OWN = '999988887777';

/** The steps that a test is about: an action with inputs. */
export interface Asked {
  readonly action: AwsActionName;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly incidentId?: string;
  /** Id of the step, where one runbook has two with the action. */
  readonly step?: string;
  readonly idempotent?: true;
  readonly timeoutMs?: number;
  /** No intent is written, as if the store were older. */
  readonly unrecorded?: true;
}

/** A service on a fake AWS, with the hands of the product and a store. */
export interface HandsWorld {
  readonly aws: FakeAws;
  /** Stands until something waits. */
  readonly clock: TestClock;
  readonly place: Place;
  readonly service: Service;
  readonly hands: Hands;
  readonly store: MemoryStore;
  /** The effect as carriers get it, without its intent. */
  effect(asked: Asked): Effect;
  wanted(asked: Asked): Wanted;
  /** Writes the intent down and carries it out as the product does; an attempt that failed and may be tried again is, up to `attempts` times in all. */
  execute(asked: Asked, attempts?: number): Promise<Executed>;
  /** The same, cancelled while it is waited for; what its intent says then. */
  cancel(asked: Asked): Promise<string | undefined>;
  /** Nobody goes on with it: what is told of it. */
  callOff(asked: Asked): Promise<Executed>;
  close(): Promise<void>;
}

/** Starts one; the role that acts is the account's own and knows its external id. */
export async function handsWorld(parts: AwsParts, more: Partial<Pick<AwsHands, 'account' | 'region' | 'zone'>> = {}): Promise<HandsWorld> {
  const clock = testClock(NOW);
  const aws = await startFakeAws({ clock, pageSize: 3 });
  const { accessKeyId, secretAccessKey } = keysOf(OWN);
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  const { account = ACCOUNT, region = REGION } = more;
  const actuator = { arn: `arn:aws:iam::${account}:role/nightshift-actuator-production`, externalId: 'ours' };
  putRole(aws.place(region, account), actuator);
  const target = { provider: 'aws', partition: 'aws', account, region, kind: 'service', id: 'production/shop' };
  const service: Service = {
    ...{ name: 'shop', environment: 'production', tier: 'critical', dependsOn: [] },
    hands: { kind: 'aws', account, region, ...more, ...parts, target },
  };
  const accounts: AwsAccount[] = [{ id: account, regions: [region], environment: 'production', actuator }];
  const store = new MemoryStore();
  const deps = { actuator: createActuator({ accounts, timeoutMs: 300, endpoint: aws.endpoint }, clock), clock, state: store.state };
  const carriers = createAwsCarriers(deps);
  const own = createAwsHands(deps.actuator);
  const hands: Hands = {
    describe: own.describe,
    look: async (of, effect) => carriers[effect.action as AwsActionName].look(of, effect),
    act: async (of, effect) => carriers[effect.action as AwsActionName].act(of, effect),
    async stop(of, effect) {
      const carrier = carriers[effect.action as AwsActionName];
      await carrier.stop?.(of, effect);
      return carrier.stop !== undefined;
    },
    unmet: async (of, effect) => carriers[effect.action as AwsActionName].unmet?.(of, effect),
    preview: async (of, effect) => carriers[effect.action as AwsActionName].preview?.(of, effect),
  };
  const execution = (more: Partial<ExecutionDeps> = {}) =>
    createExecutionActivities({
      ...{ intents: store.intents, killSwitch: store.killSwitch, hands, inventory: { services: [service] }, clock },
      ...{ heartbeat: () => undefined, beatEveryMs: 60_000, pause: async (ms: number) => clock.advance(ms), ...more },
    });
  const effect = ({ action, inputs = {}, incidentId = 'inc-a', timeoutMs = 600_000, idempotent, step = action }: Asked): Effect => {
    const token = effectToken({ incidentId, round: 1, step, target: targetId(target) });
    return { token, incidentId, action, inputs, target, intendedAt: clock.now(), timeoutMs, approval: 'ana', ...(idempotent && { idempotent }) };
  };
  const prepared = async (asked: Asked): Promise<ExecuteInput> => {
    const { intendedAt, incidentId, ...wanted } = effect(asked);
    const named = { round: 1, step: asked.step ?? asked.action, target: targetId(target), runbook: 'a-runbook' };
    if (!asked.unrecorded) await store.intents.prepare([{ token: wanted.token, incidentId, intendedAt, ...named }], () => []);
    return { incidentId, environment: 'production', service: 'shop', target, step: { id: 'do', name: specOf(asked.action).summary, ...wanted } };
  };
  return {
    ...{ aws, clock, place: aws.place(region, account), service, hands, store, effect },
    wanted: (asked) => effect(asked),
    async execute(asked, attempts = 5) {
      const input = await prepared(asked);
      const { execute } = execution();
      return tried(() => execute(input), attempts);
    },
    async cancel(asked) {
      const input = await prepared(asked);
      const { execute } = execution({ cancelled: () => true, pause: () => Promise.reject(new Error('cancelled')) });
      await execute(input).catch(() => undefined);
      return (await store.intents.get(input.step.token))?.detail;
    },
    callOff: async (asked) => execution().callOff({ ...(await prepared(asked)), stop: false, why: 'given up' }),
    close: () => aws.close(),
  };
}

/** As Temporal does it: what may get better is tried again. */
async function tried(run: () => Promise<Executed>, attempts: number): Promise<Executed> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      const code = errorCode(error);
      if (left <= 1 || (code !== undefined && !ERRORS[code].retryable)) throw error;
    }
  }
}
