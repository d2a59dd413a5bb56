import type { Command } from 'commander';
import { invalidInput } from '../../domain/batch';
import { defined } from '../../domain/defined';
import { NightshiftError } from '../../domain/errors';
import { readYaml } from '../../domain/yaml-text';
import { textOfFile } from '../file-or-stdin';
import { findIncident, INCIDENT_ID } from '../find-incident';
import { replayPage } from '../render/replay';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

interface ReplayOptions {
  readonly incident?: string;
  readonly since?: string;
  readonly policy: string;
}

/** Adds `nightshift replay`: recorded rounds are judged again by another policy, by the running system, without asking or changing anything. */
export function addReplayCommand(program: Command, run: Run): void {
  leaf(program, 'replay', 'judge recorded incidents again by another policy, and show what would change; nothing is asked, done or written')
    .option('--incident <id>', INCIDENT_ID)
    .option('--since <time>', 'all that were opened since: how long ago, such as 30d, or a time')
    .requiredOption('--policy <file>', 'a policy section, or a whole configuration, in YAML; - reads it from stdin')
    .action(async ({ incident, since, policy: file }: ReplayOptions, command: Command) => {
      if ((incident === undefined) === (since === undefined)) throw new NightshiftError('invalid_input', 'Give --incident ID or --since TIME, one of the two.');
      const policy = await policyIn(run, file);
      const client = await run.client(command);
      const id = incident === undefined ? undefined : (await findIncident(client, incident)).incidentId;
      const report = await client.shadow.replay({ ...defined({ incident: id, since }), policy });
      run.emit(command, { ...report }, () => replayPage(report, run.width));
      if (isJson(command)) return;
      if (report.more) run.tell('Older incidents of that time were not judged: choose a shorter time to see that these are all.');
    });
}

async function policyIn(run: Run, file: string): Promise<unknown> {
  const { value, problems } = readYaml(await textOfFile(run, file));
  if (problems.length > 0) throw invalidInput(problems);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new NightshiftError(
    'invalid_input',
    `${file} holds no policy: give a section with rules:, approvals: or freezes:, or a configuration with policy: in it.`,
  );
}
