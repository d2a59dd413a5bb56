import type { AwsAnswer, FakeService } from './server';

/** A service that speaks SNS's Query protocol as far as `ConfirmSubscription` goes, with the answers and errors that its reference gives. */
export interface FakeSns extends FakeService {
  /** Tokens that wait to be confirmed, with their topic. */
  readonly waiting: Map<string, string>;
  /** Subscriptions by token, each confirmed once however often it is asked for. */
  readonly confirmed: Map<string, { readonly topic: string; readonly arn: string; readonly authenticated: boolean }>;
  /** Code of an error that is answered instead, such as `AuthorizationError`. */
  failWith: string | undefined;
}

/** Makes one. */
export function fakeSns(): FakeSns {
  const waiting: FakeSns['waiting'] = new Map();
  const confirmed: FakeSns['confirmed'] = new Map();
  return {
    name: 'sns',
    waiting,
    confirmed,
    failWith: undefined,
    answer({ body }) {
      const asked = new URLSearchParams(body);
      const [topic, token] = [asked.get('TopicArn') ?? '', asked.get('Token') ?? ''];
      if (this.failWith !== undefined) return failure(this.failWith, 'Not now.');
      if (asked.get('Action') !== 'ConfirmSubscription') return failure('InvalidAction', 'This is only a little of SNS.');
      if (waiting.get(token) !== topic) return failure('InvalidParameter', 'Invalid parameter: Token');
      const there = confirmed.get(token);
      const made = there ?? {
        topic,
        arn: `${topic}:${String(confirmed.size + 1).padStart(8, '0')}`,
        authenticated: asked.get('AuthenticateOnUnsubscribe') === 'true',
      };
      confirmed.set(token, made);
      return xml(
        200,
        `<ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ConfirmSubscriptionResult><SubscriptionArn>${made.arn}</SubscriptionArn></ConfirmSubscriptionResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></ConfirmSubscriptionResponse>`,
      );
    },
  };
}

function failure(code: string, message: string): AwsAnswer {
  return xml(
    400,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, body: string): AwsAnswer {
  return { status, type: 'text/xml', body };
}
