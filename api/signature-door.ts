import type { FastifyBaseLogger } from 'fastify';
import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import type { SnsMessage } from '../domain/sources/sns-signature';
import { inTime } from './guard';
import { refusalLog } from './refusal-log';
import type { SentMessage } from './sent-message';
import { letIn } from './source-entrance';
import type { ApiDeps } from './types';

/** A signed message that may come in. */
export interface SignedIn {
  /** Said of a message that is about the signing itself, and holds nothing else. */
  readonly note?: string;
  /** To be called once what it holds is kept. */
  remember(): Promise<void>;
}

/** The entrance of sources that sign what they send. */
export interface SignatureDoor {
  /** Whether messages of this source are let in by their signature. */
  opens(name: string): boolean;
  /** Throws `unauthenticated` or `unreachable`; why is told to the log alone. */
  letIn(name: string, sent: SentMessage, log: FastifyBaseLogger): Promise<SignedIn>;
}

/** Makes the entrance for the configured sources. */
export function signatureDoor(deps: ApiDeps): SignatureDoor {
  const sources = new Map(deps.sources.signed.map((source) => [source.name as string, source]));
  const refusals = refusalLog(deps.clock);
  return {
    opens: (name) => sources.has(name),
    async letIn(name, sent, log) {
      const source = sources.get(name);
      if (!source) throw new NightshiftError('unauthenticated', 'A key is needed.');
      try {
        const admitted = await letIn(deps, source, sent);
        const note = admitted.sns && (await aboutSubscription(deps, admitted.sns, log));
        return { remember: () => admitted.remember(), ...(note !== undefined && { note }) };
      } catch (error) {
        refusals(log, name, errorMessage(error));
        throw withoutReason(error);
      }
    },
  };
}

/** Confirms a subscription of which SNS asks; undefined for any other message. */
async function aboutSubscription({ sns, settings }: ApiDeps, { Type, TopicArn, Token }: SnsMessage, log: FastifyBaseLogger): Promise<string | undefined> {
  if (Type === 'Notification') return undefined;
  if (Type === 'UnsubscribeConfirmation') {
    log.warn({ topic: TopicArn }, 'a subscription was ended: this topic sends nothing more');
    return `the end of the subscription to ${TopicArn}`;
  }
  await inTime(() => sns.subscriptions.confirm(TopicArn, Token ?? ''), settings.doorTimeoutMs);
  log.warn({ topic: TopicArn }, 'a subscription was confirmed');
  return `a subscription to ${TopicArn}, which is confirmed now`;
}

/** Whoever tries to get in learns nothing of how near that was. */
function withoutReason(error: unknown): unknown {
  switch (errorCode(error)) {
    case 'unauthenticated':
      return new NightshiftError('unauthenticated', 'The message is refused.');
    case 'unreachable':
      return new NightshiftError('unreachable', 'The message cannot be checked now. Send it again.');
    default:
      return error;
  }
}
