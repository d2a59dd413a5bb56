import { z } from 'zod';
import { eventOf, everyPart, nothing, readParts } from './aws-envelope';
import { cleanText } from '../outside-text';
import { changeOfCall, trailRecord } from './cloudtrail-record';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { readAs } from './wire';

const event = z.looseObject({ detail: trailRecord });
/** What people and programs did; sign-ins alter nothing. */
const CALLS = ['AWS API Call via CloudTrail', 'AWS Console Action via CloudTrail'];

/**
 * Calls that altered something in an account, by whomever, as CloudTrail tells EventBridge: a change each, with who, what and where. Reads, calls that failed, calls on data (a
 * message, an object) and sign-ins are left aside. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const cloudtrail: Source = {
  name: 'cloudtrail',
  title: 'AWS CloudTrail, calls that alter something by EventBridge',
  gives: ['change'],
  recognises: (message) => everyPart(message, (json) => eventOf(json)?.type.endsWith(' via CloudTrail') === true),
  read: (message, context) => readParts(message, context, readPart),
};

function readPart(part: WireMessage, context: SourceContext): Reading {
  const type = eventOf(part.json)?.type ?? '';
  if (type !== '' && !CALLS.includes(type)) return nothing(`"${cleanText(type, 100)}", as only calls that alter something are kept`);
  const change = changeOfCall(readAs(part, event).detail, context);
  return typeof change === 'string' ? nothing(change) : { objects: [change], passedOver: [] };
}
