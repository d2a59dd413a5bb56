import type { ConfirmSubscriptionInput, ConfirmSubscriptionResponse } from '@aws-sdk/client-sns';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { stateKey } from './support';

/** A subscription that was confirmed. */
export interface FakeSubscription {
  readonly topic: string;
  readonly arn: string;
  /** Whether only who has credentials may end it. */
  readonly authenticated: boolean;
}

const WAITING = stateKey('subscriptions that wait', () => new Map<string, string>());
const CONFIRMED = stateKey('subscriptions', () => new Map<string, FakeSubscription>());

/** Makes a subscription to `topic` wait for its token. */
export function putSubscriptionToken(place: Place, { topic, token }: { readonly topic: string; readonly token: string }): void {
  place.state(WAITING).set(token, topic);
}

/** Subscriptions that were confirmed, each once however often it was asked for. */
export function subscriptionsOf(place: Place): FakeSubscription[] {
  return [...place.state(CONFIRMED).values()];
}

function confirmSubscription({ TopicArn = '', Token = '', AuthenticateOnUnsubscribe }: ConfirmSubscriptionInput, { place }: Call): ConfirmSubscriptionResponse {
  if (place.state(WAITING).get(Token) !== TopicArn) throw new AwsError('InvalidParameterException', 'Invalid parameter: Token');
  const all = place.state(CONFIRMED);
  const arn = `${TopicArn}:${String(all.size + 1).padStart(8, '0')}`;
  const made = all.get(Token) ?? { topic: TopicArn, arn, authenticated: AuthenticateOnUnsubscribe === 'true' };
  all.set(Token, made);
  return { SubscriptionArn: made.arn };
}

/** Simple Notification Service, as far as confirming goes. */
export const SNS: FakeService = {
  signedAs: 'sns',
  target: 'AmazonSimpleNotificationService',
  xmlns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  load: () => import('@aws-sdk/client-sns'),
  operations: { ConfirmSubscription: confirmSubscription },
  facts: { token: { put: putSubscriptionToken } },
};
