import { z } from 'zod';
import type { BuildResult } from '../build';
import { serviceOf } from './names';
import type { SourceContext, WireMessage } from './source';
import { firstOf } from './to-change';
import { hasMembers, jsonOf } from './wire';

/** A text that may be missing. */
export const text = z.string().nullish();
/** An id: GitHub's are numbers. */
export const id = z.union([z.number(), z.string().min(1)]).transform(String);
/** A person or an app that acts. */
export const actor = z.looseObject({ login: text }).nullish();
/** The repository of an event. */
export const repository = z.looseObject({ full_name: z.string().min(1), name: text });

/** Events that are read. The order matters where no header tells: an event also holds what caused it, so that a deployment status may hold a `workflow_run`. */
const READ = ['deployment_status', 'workflow_job', 'workflow_run', 'check_run'] as const;
/** Name of an event that is read. */
export type EventName = (typeof READ)[number];

/** How GitHub's conclusions end a build. A neutral, skipped or stale one ends nothing. */
const RESULTS: Readonly<Record<string, BuildResult>> = {
  success: 'succeeded',
  failure: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
  timed_out: 'timed-out',
};

/** The event by its header or else by what the body holds. Undefined for a body that is of no event. */
export function eventOf({ headers, json: body }: Pick<WireMessage, 'headers' | 'json'>): string | undefined {
  const named = headers['x-github-event']?.trim().toLowerCase();
  if (named) return named;
  if (!hasMembers(body)) return undefined;
  if (Object.hasOwn(body, 'zen') && Object.hasOwn(body, 'hook_id')) return 'ping';
  const found = Object.hasOwn(body, 'repository') ? READ.find((name) => hasMembers(body[name])) : undefined;
  return found ?? (Object.hasOwn(body, 'sender') ? 'unnamed' : undefined);
}

/** Whether an event is one that is read. */
export function isRead(event: string): event is EventName {
  return READ.some((name) => name === event);
}

/** The message with the body as JSON: a webhook of the content type `application/x-www-form-urlencoded` has it in the field `payload`. */
export function withBody(message: WireMessage): WireMessage {
  if (message.json !== undefined || message.bytes[0] !== 'p'.charCodeAt(0)) return message;
  const payload = new URLSearchParams(new TextDecoder().decode(message.bytes)).get('payload');
  return payload === null ? message : { ...message, json: jsonOf(payload) };
}

/** The result of a conclusion, or undefined where it is none of a build. */
export function resultOf(conclusion: string | null | undefined): BuildResult | undefined {
  return conclusion && Object.hasOwn(RESULTS, conclusion) ? RESULTS[conclusion] : undefined;
}

/** The service of a repository: by its name, or by owner and name where the configuration knows it so. */
export function repositoryService({ name, full_name: full }: z.output<typeof repository>, context: SourceContext): string {
  return serviceOf([firstOf([name]) ?? full.split('/').at(-1), full], context);
}
