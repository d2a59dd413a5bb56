import { invalidInput } from '../domain/batch';
import type { Problem } from '../domain/errors';
import type { Policy } from '../domain/policy-types';
import type { TriageRules } from '../domain/triage-rules';
import { crossCheck } from './cross-checks';
import { defaultsOf } from './defaults';
import { resolvePolicy } from './resolve-incidents';
import { resolveTriage } from './resolve-triage';
import { checkSource } from './schema';
import type { NightshiftConfig } from './types';

/** Keys of a policy section that stands alone. */
const SECTION = ['rules', 'approvals', 'limits', 'brake', 'freezes', 'autonomy'];

/**
 * Policy and triage of a file that is not in use: a policy section alone, or a whole configuration, of which these two sections are taken. What it does not say of triage stays as
 * it runs. Checked as the configuration is, with the services and runbooks of the running system. Throws `invalid_input` with every problem.
 */
export function otherRules(
  written: unknown,
  running: NightshiftConfig,
  runbookIds: readonly string[] | undefined,
): { readonly policy: Policy; readonly triage: TriageRules } {
  const checked = checkSource(isSection(written) ? { policy: written } : written);
  const { source } = checked;
  const empty = source.policy === undefined && source.triage === undefined && checked.problems.length === 0;
  const none: Problem[] = empty ? [{ path: 'policy', message: 'is missing: give a policy section, or a configuration with policy or triage in it' }] : [];
  const policy =
    source.policy === undefined ? running.policy : resolvePolicy(source.policy, defaultsOf(running.profile), running.store.databaseUrl === undefined);
  const triage = source.triage === undefined ? running.triage : resolveTriage(source.triage);
  const own = ({ path }: Problem): boolean => /^(policy|triage)\b/.test(path);
  const facts = { servicePaths: running.services.map((_, i) => `services.${String(i)}`), incomplete: false, runbookIds };
  const crossed = crossCheck({ ...running, policy, triage }, facts).filter(own);
  const problems = [...checked.problems, ...none, ...crossed];
  if (problems.length > 0) throw invalidInput(problems);
  return { policy, triage };
}

function isSection(written: unknown): boolean {
  return typeof written === 'object' && written !== null && Object.keys(written).length > 0 && Object.keys(written).every((key) => SECTION.includes(key));
}
