import type { ReadAction } from '../../domain/aws/prices';
import { errorCode } from '../../domain/errors';
import type { ReadSettings } from './access';
import { awsError } from './errors';
import { buildProbes, deliveryProbes, watchProbes, workProbes } from './permission-probes';
import type { Probe } from './permission-probes';

/** What credentials may read. */
export interface Permissions {
  /** Actions that IAM refuses. */
  readonly missing: readonly ReadAction[];
  /** Why others could not be tried, a sentence each. */
  readonly unclear: readonly string[];
  /** How many were allowed. */
  readonly allowed: number;
}

/** Tries every kind of reading once, by the cheapest call of each. Whatever AWS answers but a refusal shows that it is allowed. */
export async function readPermissions(settings: ReadSettings, where: string): Promise<Permissions> {
  const groups = await Promise.all([watchProbes(settings), deliveryProbes(settings), buildProbes(settings), workProbes(settings)]);
  try {
    const tried = await Promise.all(groups.flatMap(({ probes }) => probes.map((probe) => tryProbe(probe, where))));
    return {
      missing: tried.flatMap(({ action, verdict }) => (verdict === 'missing' ? [action] : [])),
      unclear: tried.flatMap(({ verdict, told }) => (verdict === 'unclear' ? [told] : [])),
      allowed: tried.filter(({ verdict }) => verdict === 'allowed').length,
    };
  } finally {
    for (const { close } of groups) close();
  }
}

interface Tried {
  readonly action: ReadAction;
  readonly verdict: 'allowed' | 'missing' | 'unclear';
  readonly told: string;
}

async function tryProbe({ action, send }: Probe, where: string): Promise<Tried> {
  try {
    await send();
    return { action, verdict: 'allowed', told: '' };
  } catch (error) {
    const ours = awsError(error, `${action} in ${where}`);
    const code = errorCode(ours);
    if (code === 'forbidden') return { action, verdict: 'missing', told: ours.message };
    // The service judged the request itself: whoever may not ask is refused before.
    const judged = code === 'not_found' || code === 'invalid_input' || isOwnError(error);
    return { action, verdict: judged ? 'allowed' : 'unclear', told: ours.message };
  }
}

function isOwnError(error: unknown): boolean {
  const { $fault, $metadata } = error as { $fault?: string; $metadata?: { httpStatusCode?: number } };
  return (
    $fault === 'client' && $metadata?.httpStatusCode === 400 && !/^(?:Throttl|TooMany|Unrecognized|Expired|InvalidClientToken)/.test((error as Error).name)
  );
}
