import { githubRunbooks } from '../adapters/github/runbooks';
import type { NightshiftConfig } from '../config/types';
import { errorMessage } from '../domain/errors';
import { humanDuration } from '../domain/human-time';
import type { RunbookSnapshot } from '../domain/runbook';
import { catalogueAt, unmatchedRules } from '../domain/runbook-source';
import type { Clock } from '../ports/clock';
import type { RepositoryReading } from '../ports/runbooks';
import type { Finding } from './doctor-services';

/** What was found of the repository with runbooks, and its good ones. */
export interface RepositoryFinding {
  readonly findings: readonly Finding[];
  readonly runbooks: readonly RunbookSnapshot[];
}

const CHECK = 'runbooks';

/** Reads the repository that the configuration names as the running system would, and keeps nothing. */
export async function runbookFindings(config: NightshiftConfig, own: readonly RunbookSnapshot[], clock: Clock): Promise<RepositoryFinding> {
  const { github } = config.runbooks;
  if (!github) return { findings: [], runbooks: [] };
  try {
    const reading = await githubRunbooks({ ...github, clock }).read(undefined, AbortSignal.timeout(6 * github.timeoutMs));
    return judged(config, github.repository, reading, own);
  } catch (error) {
    const mend = 'Meanwhile the runbooks that were read last stay in use; at a first start only those of this machine are known.';
    return { findings: [{ check: CHECK, ok: false, detail: errorMessage(error), mend }], runbooks: [] };
  }
}

function judged(config: NightshiftConfig, repository: string, reading: RepositoryReading, own: readonly RunbookSnapshot[]): RepositoryFinding {
  const wrong = (detail: string, mend: string): RepositoryFinding => ({ findings: [{ check: CHECK, ok: false, detail, mend }], runbooks: [] });
  if (reading.kind === 'later') return wrong(`${reading.why}; again in ${humanDuration(reading.waitMs)}`, 'Set runbooks.github.token, or a longer every.');
  if (reading.kind === 'same') return { findings: [], runbooks: [] };
  const { head, files, problems } = reading;
  const { commit } = head;
  const found = problems.length > 0 ? { runbooks: [], problems } : catalogueAt({ repository, commit }, files, own);
  if (found.problems.length > 0)
    return wrong(
      `${repository}@${commit} is refused as a whole: ${found.problems.map((each) => `${each.path}: ${each.message}`).join('; ')}`,
      'Mend it in the repository: npx nightshift runbook lint FILES says the same before a merge.',
    );
  const ids = [...own, ...found.runbooks].map(({ runbook }) => runbook.id);
  const loose = unmatchedRules(config.policy.rules, ids, (id) => `${id} is in no source of runbooks`).map(({ path, message }) => ({
    ...{ check: CHECK, ok: false, detail: `${path}: ${message}` },
    mend: 'Correct the name; as it stands the rule matches nothing.',
  }));
  const detail = `${repository}@${commit}: ${String(found.runbooks.length)} runbook(s)`;
  return { findings: [{ check: CHECK, ok: true, detail }, ...loose], runbooks: found.runbooks };
}
