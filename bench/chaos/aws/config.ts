import { stringify } from 'yaml';
import type { AwsAutomation, AwsCommand, AwsParts } from '../../../domain/aws/hands';
import { CASES } from './scenarios';

/** Where every service of the harness is, each in an account of its own. */
export const REGION = 'eu-central-1';
/** The account of Nightshift's own keys. */
export const OWN_ACCOUNT = '999988887777';
/** What the role that acts wants to hear. */
export const EXTERNAL_ID = 'chaos';
/** How long an effect may take to come to show, and how long one try may take. */
const [SETTLE, TIMEOUT] = ['1s', '400ms'];

/** Name of the role that acts there. */
export const ACTUATOR = 'nightshift-actuator';

/** The configuration of a worker: a service for each action, short times, and none of the limits that many seeds on one target would reach. */
export function configText({ home, environment, endpoint }: { readonly home: string; readonly environment: string; readonly endpoint: string }): string {
  return stringify({
    ...{ home, profile: 'fast', temporal: { taskQueue: environment } },
    aws: {
      ...{ endpoint, timeout: TIMEOUT, acting: { poll: '50ms', pollMost: '200ms', settle: SETTLE, perSecond: 1000 } },
      accounts: CASES.map(({ account }) => ({
        id: account,
        regions: [REGION],
        environment,
        role: 'nightshift-observer',
        actuator: { role: ACTUATOR, externalId: { env: 'CHAOS_EXTERNAL_ID' } },
      })),
    },
    services: CASES.map(({ service, account, variant }) => ({
      ...{ name: service, environment, tier: 'standard' },
      hands: { kind: 'aws', account, region: REGION, ...asWritten(variant.parts) },
    })),
    incidents: {
      activity: { quick: { timeout: '3s' }, effect: { first: '50ms', max: '250ms', attempts: 100, grace: '1s', heartbeat: '1s' } },
    },
    policy: {
      approvals: { allowUnverified: true },
      limits: { actionsPerHour: 1_000_000, attemptsPerTargetPerDay: 1_000_000, targetsAtOnce: 1_000_000, shareOfFleet: 1 },
      brake: { incidents: 1_000_000 },
    },
  });
}

function asWritten({ automations, commands, ...parts }: AwsParts): object {
  const plain = (all: readonly (AwsAutomation | AwsCommand)[]): object[] =>
    all.map((each) => ({ ...each, parameters: Object.fromEntries(Object.entries(each.parameters).map(([name, values]) => [name, [...values]])) }));
  return { ...parts, ...(automations && { automations: plain(automations) }), ...(commands && { commands: plain(commands) }) };
}
