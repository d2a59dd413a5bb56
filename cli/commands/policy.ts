import type { Command } from 'commander';
import type { NightshiftConfig } from '../../config/types';
import { NightshiftError } from '../../domain/errors';
import { humanDuration } from '../../domain/human-time';
import { findService } from '../../domain/inventory';
import type { Tier } from '../../domain/names';
import { TIERS } from '../../domain/names';
import { plainText } from '../../domain/plain-text';
import type { Judgement } from '../../domain/policy';
import { judge } from '../../domain/policy';
import { oneOf } from '../arguments';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

interface PolicyOptions {
  readonly runbook?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly tier?: Tier;
}

interface Question {
  readonly runbook: string;
  readonly environment: string;
  readonly service: string;
  readonly tier: Tier;
}

/** Adds `nightshift policy check`: is the policy valid, and what would it say? Needs no running system. */
export function addPolicyCommands(program: Command, run: Run): void {
  const policy = program.command('policy').description('the rules for what Nightshift may do');
  leaf(policy, 'check', 'check the policy; with a runbook, an environment and a service also say what it would answer now')
    .option('--runbook <id>', 'the runbook that would run')
    .option('--environment <name>', 'the environment it would run in')
    .option('--service <name>', 'the service that it would act on')
    .option('--tier <tier>', `tier of a service that is not in the configuration: ${TIERS.join(', ')}`, oneOf(TIERS))
    .action(async (options: PolicyOptions, command: Command) => {
      const config = await run.deps.loadConfig(configOf(command));
      const question = await questionOf(run, config, options, command);
      if (question === undefined) {
        const { rules, freezes } = config.policy;
        run.emit(
          command,
          { ok: true, rules: rules.length, freezes: freezes.length },
          () => `The policy is valid; rules: ${rules.length}, freezes: ${freezes.length}.`,
        );
        return;
      }
      const verdict = judge(config.policy, question, run.deps.clock.now());
      run.emit(command, { ok: true, question, verdict }, () => verdictText(question, verdict));
    });
}

async function questionOf(run: Run, config: NightshiftConfig, options: PolicyOptions, command: Command): Promise<Question | undefined> {
  const { runbook, environment, service } = options;
  if (runbook === undefined && environment === undefined && service === undefined) return undefined;
  if (runbook === undefined || environment === undefined || service === undefined) {
    throw new NightshiftError('invalid_input', 'To ask what policy would say, give --runbook, --environment and --service.');
  }
  // What a repository holds is not known here.
  if (config.runbooks.github === undefined) await checkRunbook(run, runbook, command);
  const known = findService({ services: config.services }, environment, service);
  const tier = known?.tier ?? options.tier;
  if (tier === undefined) {
    const names = config.services.map((s) => `${s.environment}/${s.name}`).join(', ');
    throw new NightshiftError(
      'invalid_input',
      `${environment}/${service} is not in the configuration (${names === '' ? 'it names no service' : names}); give its --tier to ask all the same.`,
    );
  }
  return { runbook, environment, service, tier };
}

async function checkRunbook(run: Run, id: string, command: Command): Promise<void> {
  const config = configOf(command);
  const { runbooks } = await run.deps.loadCatalogue(config === undefined ? {} : { config });
  const ids = runbooks.map((snapshot) => snapshot.runbook.id);
  if (!ids.includes(id)) throw new NightshiftError('unknown_runbook', `There is no runbook "${id}"; there are ${ids.join(', ')}.`);
}

function verdictText(question: Question, verdict: Judgement): string {
  const approvers = verdict.approvers.length === 0 ? 'nobody in scope' : verdict.approvers.join(', ');
  const rows = [
    ['why', verdict.reason],
    ['approvals', `${verdict.quorum} of ${approvers}${verdict.notAuthor ? ', not the author of the change' : ''}`],
    [
      'waits',
      `reminder after ${humanDuration(verdict.remindAfterMs)}, expires after ${humanDuration(verdict.expireAfterMs)}, then calls ${verdict.escalateTo}`,
    ],
    ['freezes', verdict.freezes.length === 0 ? 'none now' : `${verdict.freezes.map((f) => f.name).join(', ')}: nothing is changed while it lasts`],
  ] as const;
  const head = plainText(`${question.runbook} on ${question.environment}/${question.service} (${question.tier}): ${verdict.mode}`);
  return [head, ...rows.map(([label, text]) => `  ${label.padEnd(11)}${plainText(text)}`)].join('\n');
}
