import { setTimeout as pause } from 'node:timers/promises';
import { NightshiftError, errorCode } from '../../../domain/errors';
import { bodyText, causeMessage } from '../../local/http';
import { fieldsOf } from './events';
import type { SentBuild } from './finished-builds';

/** Nightshift as builds are sent to it. */
export interface Door {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  /** How long a verdict is waited for, milliseconds. */
  readonly waitMs: number;
  /** Pauses before further tries, milliseconds. */
  readonly pausesMs?: readonly number[];
}

/** What is said of the builds together. */
export interface DoorVerdict {
  readonly verdict: string;
  readonly reason: string;
}

const PAUSES_MS = [500, 2000];
/** All tries together take no longer than this and the wait. */
const ANSWER_MS = 15_000;
const LARGEST_BYTES = 1 << 20;

/** Sends builds until Nightshift has them, and waits for what it says of them: their ids make a second telling harmless. Throws `unreachable` where it does not answer in time, else what it refuses. */
export async function sendBuilds(door: Door, builds: readonly SentBuild[], deadline: AbortSignal): Promise<DoorVerdict> {
  const pauses = door.pausesMs ?? PAUSES_MS;
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(door.waitMs + ANSWER_MS)]);
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(door, builds, signal);
    } catch (error) {
      const wait = pauses[tries];
      if (errorCode(error) !== 'unreachable' || wait === undefined) throw error;
      const woken = await pause(wait, true, { signal }).catch(() => false);
      if (!woken) throw error;
    }
  }
}

async function sendOnce({ url, key, waitMs }: Door, builds: readonly SentBuild[], signal: AbortSignal): Promise<DoorVerdict> {
  const { status, json } = await answerOf(`${url}/v1/builds?wait=${String(waitMs)}ms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ builds }),
    // The key goes nowhere else.
    redirect: 'manual',
    signal,
  });
  const { verdict, reason, detail } = fieldsOf(json);
  if (status === 200 && typeof verdict === 'string') return { verdict, reason: typeof reason === 'string' ? reason : '' };
  if (status === 429 || status >= 500) throw new NightshiftError('unreachable', `Nightshift answered ${String(status)}.`);
  const said = typeof detail === 'string' ? detail : 'What answers there is not Nightshift.';
  throw new NightshiftError('refused', `Nightshift answered ${String(status)}: ${said}`);
}

async function answerOf(url: string, request: RequestInit): Promise<{ readonly status: number; readonly json: unknown }> {
  try {
    const response = await fetch(url, request);
    const text = await bodyText(response, LARGEST_BYTES);
    return { status: response.status, json: parsed(text) };
  } catch (error) {
    throw new NightshiftError('unreachable', `Nightshift does not answer: ${causeMessage(error)}`, [], { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
