import { errorMessage, NightshiftError } from '../../domain/errors';
import { regionOf } from '../../domain/sources/signed-source';
import type { SnsSubscriptions } from '../../ports/sns';

/** Where and how long AWS is asked. */
export interface SnsOptions {
  /** Of one try, in milliseconds. */
  readonly timeoutMs: number;
  /** Another address than that of the topic's region. */
  readonly endpoint?: string;
}

const TRIES = 2;

/**
 * Subscriptions by the API of SNS, with the credentials that the AWS SDK finds and in the region of the topic. The same token again gives the same subscription. Only who has
 * credentials may end it. https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 */
export function snsSubscriptions({ timeoutMs, endpoint }: SnsOptions): SnsSubscriptions {
  return {
    async confirm(topicArn, token) {
      // Loaded when it is needed first: most teams never need it.
      const { ConfirmSubscriptionCommand, SNSClient } = await import('@aws-sdk/client-sns');
      const requestHandler = { requestTimeout: timeoutMs, connectionTimeout: timeoutMs };
      const client = new SNSClient({ region: regionOf(topicArn), maxAttempts: TRIES, requestHandler, ...(endpoint !== undefined && { endpoint }) });
      try {
        await client.send(new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }));
      } catch (error) {
        const name = error instanceof Error ? error.name : 'an error';
        throw new NightshiftError('unreachable', `AWS did not confirm the subscription to ${topicArn}: ${name}: ${errorMessage(error)}`);
      } finally {
        client.destroy();
      }
    },
  };
}
