import { cleanText } from '../outside-text';
import { eventOf, nothing } from './aws-envelope';
import type { Source, WireMessage } from './source';
import { unreadable } from './wire';

/**
 * Events of EventBridge of any service, as a queue or another target gets them (by SNS too): the one of `others` that knows an event reads it. What none of them knows cannot be
 * read by this version, and may be by a later one; only the ticks of a schedule hold nothing for anybody.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
 */
export function eventBridgeOf(others: readonly Source[]): Source {
  const known = (message: WireMessage): readonly Source[] => others.filter((source) => source.recognises(message));
  return {
    name: 'eventbridge',
    title: 'Amazon EventBridge, events of any service that is known here',
    gives: [...new Set(others.flatMap(({ gives }) => gives))],
    recognises: (message) => isTick(message) && known(message).length === 0,
    read(message, context) {
      const [one, other] = known(message);
      if (one && other) throw unreadable(`The event could be of ${one.name} or ${other.name}.`);
      if (one) return one.read(message, context);
      if (isTick(message)) return nothing('a tick of a schedule');
      const event = eventOf(message.json);
      throw unreadable(
        event
          ? `No source here knows the event "${cleanText(event.type, 100)}" of ${cleanText(event.source, 100)}; leave it out of the rule, or keep it for a later version.`
          : 'It is no event of EventBridge that is known here.',
      );
    },
  };
}

function isTick({ json }: WireMessage): boolean {
  const event = eventOf(json);
  return event?.type === 'Scheduled Event' && /^aws\.(?:events|scheduler)$/.test(event.source);
}
