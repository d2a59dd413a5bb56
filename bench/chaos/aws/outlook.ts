import { outlookOf } from '../../../activities/outlook';
import { createAwsCarriers } from '../../../adapters/aws/hands/carriers';
import type { AwsAccess } from '../../../adapters/aws/access';
import type { Service } from '../../../domain/inventory';
import type { RunbookSnapshot } from '../../../domain/runbook';
import { keysOf } from '../../../test/fakes/aws/identity';
import { NO_STATE } from '../../../workers/senses';
import type { Case } from './scenarios';

/** What a proposal shows of an action in the world as it was laid, which is the same in each run. */
export type Outlooks = (on: Case, service: Service, snapshot: RunbookSnapshot) => Promise<readonly string[]>;

/** Asks the fake at an endpoint once for each case. */
export function outlooks(endpoint: string): Outlooks {
  const known = new Map<Case, readonly string[]>();
  const handler = { requestTimeout: 10_000, connectionTimeout: 10_000, throwOnRequestTimeout: true } as const;
  const access: AwsAccess = {
    accounts: [],
    reading: async ({ account, region }) => ({ region, endpoint, credentials: async () => keysOf(account), maxAttempts: 1, requestHandler: handler }),
  };
  const acts = async (): Promise<never> => Promise.reject(new Error('whoever looks does not act'));
  const carriers = createAwsCarriers({ actuator: { access, acts }, clock: { now: () => Date.now() }, state: NO_STATE });
  return async (on, service, { runbook }) => {
    const { hands } = service;
    if (!hands) return [];
    const found = known.get(on) ?? (await outlookOf(carriers[on.action], service, { runbook, parameters: {}, target: hands.target }));
    known.set(on, found);
    return found;
  };
}
