import { z } from 'zod';
import { errorCode, NightshiftError } from '../errors';
import { cleanText, digestId } from '../outside-text';
import { eventOf, isBatch, isCloudEvents } from './cloudevents-modes';
import type { CloudEvent } from './cloudevents-modes';
import { epochOf } from './instants';
import { ownAlert, ownBuild, ownChange } from './own-json';
import type { OwnReader } from './own-json';
import type { ObjectName, Reading, Source, SourceContext, WireMessage } from './source';
import { readAs, unreadable } from './wire';

/** Our own JSON by the type of the event. */
const OWN: ReadonlyMap<string, OwnReader> = new Map([
  ['dev.nightshift.alert', ownAlert],
  ['dev.nightshift.change', ownChange],
  ['dev.nightshift.build', ownBuild],
]);
const OWN_GIVES: readonly ObjectName[] = ['alert', 'change', 'build'];

/**
 * CloudEvents 1.0 over HTTP in structured, batched and binary mode, JSON only. What an event holds is read by its type or by what the data is:
 * - `dev.nightshift.alert`, `dev.nightshift.change`, `dev.nightshift.build`: the data is one object as in `POST /v1/alerts`, `POST /v1/changes` and `POST /v1/builds`.
 * - Any other type: the data is a message of one of `sources`, such as an event of EventBridge or a webhook, which is read as if it had come by itself, with the ids that it has then.
 * - What none of them knows is left aside with its type.
 *
 * Of our own types `source` and `id` are the identity of what has no `id` of its own, and `time` stands for times that the data leaves out. In a batch what cannot be read is left aside
 * with its reason, unless nothing of it can be read. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function cloudEventsOver(sources: readonly Source[]): Source {
  const one = (event: CloudEvent, context: SourceContext): Reading => read(event, sources, context);
  return {
    name: 'cloudevents',
    title: 'CloudEvents 1.0 in JSON: structured, batched and binary',
    gives: [...new Set([...OWN_GIVES, ...sources.flatMap(({ gives }) => gives)])],
    recognises: isCloudEvents,
    read: (message, context) => (isBatch(message) ? readBatch(message, (event) => one(event, context)) : one(eventOf(message), context)),
  };
}

function readBatch(message: WireMessage, one: (event: CloudEvent) => Reading): Reading {
  const batch = readAs(message, z.array(z.unknown()));
  if (batch.length === 0) return { objects: [], passedOver: ['an empty batch'] };
  const results = batch.map((json, index) => attempt(() => one(eventOf({ ...message, json })), index));
  const readings = results.flatMap(({ reading }) => (reading ? [reading] : []));
  const failed = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (readings.length === 0) throw unreadable(`None of the ${String(batch.length)} events of the batch can be read. ${failed[0] ?? ''}`);
  return { objects: readings.flatMap(({ objects }) => objects), passedOver: [...readings.flatMap(({ passedOver }) => passedOver), ...failed] };
}

function attempt(reading: () => Reading, index: number): { readonly reading?: Reading; readonly error?: string } {
  try {
    return { reading: reading() };
  } catch (error) {
    if (errorCode(error) !== 'unreadable' || !(error instanceof NightshiftError)) throw error;
    const [first] = error.problems;
    return { error: cleanText(`event ${String(index + 1)} of the batch: ${error.message}${first ? ` ${first.path} ${first.message}` : ''}`, 300) };
  }
}

function read(event: CloudEvent, sources: readonly Source[], context: SourceContext): Reading {
  const inner = event.content();
  const at = { ...context, receivedAt: epochOf(event.time) ?? context.receivedAt };
  const own = OWN.get(event.type);
  if (own) {
    const envelope = { source: 'cloudevents', id: digestId('ce', [event.source, event.id]) };
    return { objects: [own({ ...inner, json: { data: inner.json } }, envelope, at)], passedOver: [] };
  }
  const [found, other] = sources.filter((source) => source.recognises(inner));
  if (found && !other) return found.read(inner, at);
  return { objects: [], passedOver: [`an event of the type \`${cleanText(event.type, 100)}\`, whose data is of no source that is known here`] };
}
