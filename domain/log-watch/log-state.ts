import { z } from 'zod';
import type { ConditionState } from '../detection/condition';
import type { ToldLine } from './line-news';

/** Name under which it is saved how far lines were judged and what was told of them. */
export const LOG_WATCH_STATE = 'log-watch';
/** Names of the checkpoints of services begin so. */
export const LOG_CHECKPOINTS = `${LOG_WATCH_STATE}:`;

const condition = z.object({ firingSince: z.number().nullable(), rows: z.number(), rowsSince: z.number() });
const told = z.object({ line: z.string(), text: z.string(), since: z.number(), lastAt: z.number(), alert: z.enum(['none', 'firing', 'ended']) });
const service = z.object({ environment: z.string(), service: z.string(), condition, told: z.array(told) });
const watch = z.object({ judgedTo: z.number(), services: z.array(service) });
const checkpoint = z.object({ judgedTo: z.number(), feedback: z.int().min(0), condition, before: z.array(z.number()), watch: z.string() });

/** What was told of one service and may not be over. */
export interface KeptService {
  readonly environment: string;
  readonly service: string;
  readonly condition: ConditionState;
  readonly told: readonly ToldLine[];
}

/** How far lines were judged (epoch milliseconds, the end of a minute), and what was told. Plain JSON. */
export interface KeptLogWatch {
  readonly judgedTo: number;
  readonly services: readonly KeptService[];
}

/** What is known of the error lines of one service after the minute that ended at `judgedTo`. Plain JSON. */
export interface LogCheckpoint {
  readonly judgedTo: number;
  /** Id of the last feedback that it has taken in. */
  readonly feedback: number;
  readonly condition: ConditionState;
  readonly before: readonly number[];
  /** Snapshot of the detector, compressed, in base64. */
  readonly watch: string;
}

/** Reads back what was saved; undefined for anything else. */
export function readLogWatch(value: unknown): KeptLogWatch | undefined {
  return watch.safeParse(value).data;
}

/** Name under which the checkpoint of a service is saved. */
export function logCheckpointName(environment: string, name: string): string {
  return `${LOG_CHECKPOINTS}${environment}/${name}`;
}

/** Reads back a checkpoint; undefined for anything else. */
export function readLogCheckpoint(value: unknown): LogCheckpoint | undefined {
  return checkpoint.safeParse(value).data;
}
