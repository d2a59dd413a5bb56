import { z } from 'zod';
import { cleanText } from '../outside-text';
import { detailTypeOf, eventFields, everyPart, maybe, nothing, readParts } from './aws-envelope';
import { awsTime } from './aws-times';
import type { Normalised, Reading, Source, SourceContext, WireMessage } from './source';
import { readAs, unreadable } from './wire';

/** An event of EventBridge with its detail as a schema has it. */
export interface ToldEvent<Detail> {
  readonly detail: Detail;
  /** Epoch milliseconds. */
  readonly at: number | undefined;
  /** Empty where the event names none. */
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
}

/** Reads one kind of event. Throws `unreadable`. */
export type EventReader = (part: WireMessage, context: SourceContext) => Reading;

const LONGEST_WHY = 400;

/** A text that may be missing. */
export const text = maybe(z.string());

/** A reader of events whose detail has this shape; what it gives as a text is why the event holds nothing. */
export function eventReader<Detail>(
  schema: z.ZodType<Detail>,
  read: (event: ToldEvent<Detail>, context: SourceContext) => readonly Normalised[] | string,
): EventReader {
  const event = z.looseObject({ ...eventFields, resources: maybe(z.array(z.string())), detail: schema });
  return (part, context) => {
    const { detail, time, account = '', region = '', resources = [] } = readAs(part, event);
    const given = read({ detail: detail, at: awsTime(time), account, region, resources }, context);
    return typeof given === 'string' ? nothing(cleanText(given, LONGEST_WHY)) : { objects: given, passedOver: [] };
  };
}

/** A source of the events of one service by EventBridge (or by SNS, from there): each kind by its reader, all others are left aside for the reason given. */
export function eventSource({
  service,
  readers,
  otherwise,
  ...facts
}: Pick<Source, 'name' | 'title' | 'gives'> & {
  /** As in `aws.ecs`. */
  readonly service: string;
  readonly readers: Readonly<Record<string, EventReader>>;
  readonly otherwise: string;
}): Source {
  const byType = new Map(Object.entries(readers));
  return {
    ...facts,
    recognises: (message) => everyPart(message, (json) => detailTypeOf(json, service) !== undefined),
    read: (message, context) =>
      readParts(message, context, (part, its) => {
        const type = detailTypeOf(part.json, service);
        if (type === undefined) throw unreadable(`It is no event of ${service}.`);
        return byType.get(type)?.(part, its) ?? nothing(`"${cleanText(type, 100)}", ${otherwise}`);
      }),
  };
}
