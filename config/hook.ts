import { parseDuration } from '../domain/duration';
import { errorMessage, NightshiftError } from '../domain/errors';
import type { Problem } from '../domain/errors';
import type { Environment } from './types';

/** Settings of the function that reports builds. */
export interface HookConfig {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  /** How long a verdict is waited for, milliseconds. */
  readonly waitMs: number;
  readonly service?: string;
  readonly environment?: string;
}

const WAIT = '20s';
const LONGEST_WAIT_MS = 60_000;

/** The function's settings, all of them variables of its environment. Throws `invalid_config` with everything that is missing or wrong; values are not repeated. */
export function hookConfig(env: Environment): HookConfig {
  const problems: Problem[] = [];
  const text = (name: string): string => env[name]?.trim() ?? '';
  const url = text('NIGHTSHIFT_URL').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    problems.push({ path: 'NIGHTSHIFT_URL', message: 'must be the address of Nightshift, such as https://nightshift.example.com' });
  const key = text('NIGHTSHIFT_KEY');
  if (key === '') problems.push({ path: 'NIGHTSHIFT_KEY', message: 'must be a key of the role responder' });
  const waitMs = waitOf(text('NIGHTSHIFT_WAIT') || WAIT, problems);
  if (problems.length > 0) {
    throw new NightshiftError(
      'invalid_config',
      `The function is not set up: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}.`,
      problems,
    );
  }
  const service = text('NIGHTSHIFT_SERVICE');
  const environment = text('NIGHTSHIFT_ENVIRONMENT');
  return { url, key, waitMs, ...(service !== '' && { service }), ...(environment !== '' && { environment }) };
}

function waitOf(text: string, problems: Problem[]): number {
  try {
    const ms = parseDuration(text);
    if (ms > LONGEST_WAIT_MS) problems.push({ path: 'NIGHTSHIFT_WAIT', message: 'must be at most 60s' });
    return ms;
  } catch (error) {
    problems.push({ path: 'NIGHTSHIFT_WAIT', message: errorMessage(error) });
    return 0;
  }
}
