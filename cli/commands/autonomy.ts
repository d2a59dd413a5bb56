import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { grantEnd, grantScope } from '../../domain/confidence/grant';
import type { GrantShown } from '../../domain/confidence/grant';
import type { StandingView } from '../../domain/confidence/standing-view';
import { defined } from '../../domain/defined';
import { durationComplaint, parseDuration } from '../../domain/duration';
import { NightshiftError } from '../../domain/errors';
import { oneOf, several } from '../arguments';
import { standingsText } from '../render/autonomy';
import { table } from '../render/table';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

interface ListOptions {
  readonly runbook?: string;
  readonly service?: readonly string[];
  readonly environment?: string;
}

interface GrantOptions extends Pick<ListOptions, 'service' | 'environment'> {
  readonly mode: 'veto' | 'auto';
  readonly until: string;
  readonly reason: string;
}

/** Adds `nightshift autonomy` and the commands about grants of people. */
export function addAutonomyCommands(program: Command, run: Run): void {
  const autonomy = leaf(program, 'autonomy', 'where runbooks stand: what each may do by itself, why, and what is missing for more')
    .option('--runbook <id>', 'of this runbook')
    .option('--service <name>', 'on this service; may be given again', several)
    .option('--environment <name>', 'in this environment')
    .action(async ({ runbook, service = [], environment }: ListOptions, command: Command) => {
      const client = await run.client(command);
      const places = service.length === 0 ? [{}] : service.map((name) => ({ service: name }));
      const standings: StandingView[] = [];
      for (const place of places) standings.push(...(await client.autonomy.standings({ ...defined({ runbook, environment }), ...place })));
      run.emit(command, { standings }, () => standingsText(standings, run));
    });
  addGrantCommand(autonomy, run);
  leaf(autonomy, 'revoke', 'take a grant back; it counts no more at once')
    .argument('<id>', 'id of the grant, from "nightshift autonomy grants"')
    .option('--reason <text>', 'why, for the audit')
    .action(async (id: string, { reason }: { reason?: string }, command: Command) => {
      await (await run.client(command)).autonomy.revoke(id, reason);
      run.emit(command, { id, revoked: true }, () => `revoked ${id}`);
    });
  leaf(autonomy, 'grants', 'list the grants of people, those that ended too').action(async (_options: unknown, command: Command) => {
    const grants = await (await run.client(command)).autonomy.grants();
    run.emit(command, { grants }, () => grantTable(grants, run));
  });
}

function addGrantCommand(autonomy: Command, run: Run): void {
  leaf(autonomy, 'grant', 'let a reversible runbook of low risk act without an answer, until a time; needs an admin')
    .argument('<runbook>', 'id of the runbook; the grant is for its present version')
    .option('--service <name>', 'a service; may be given again', several)
    .option('--environment <name>', 'environment')
    .requiredOption('--mode <mode>', 'veto: after a time in which people may object; auto: at once', oneOf(['veto', 'auto']))
    .requiredOption('--until <time>', 'until when, such as 2026-03-01T06:00:00Z, or for how long, such as 30d; 90 days at most', untilOption)
    .requiredOption('--reason <text>', 'why, for the audit')
    .action(async (runbook: string, _options: unknown, command: Command) => {
      // `autonomy` has options of the same names, and takes them wherever they stand.
      const { service = [], environment, mode, until, reason } = command.optsWithGlobals<GrantOptions>();
      if (environment === undefined || service.length === 0)
        throw new NightshiftError('invalid_input', 'A grant is for named services of one environment: give --environment NAME and --service NAME.');
      const body = { runbook, services: [...service], environment, mode, until: endOf(until, run.deps.clock.now()), reason };
      const made = await (await run.client(command)).autonomy.grant(body);
      run.emit(command, made, () => made.id);
      if (!isJson(command)) run.tell(`Granted ${grantScope(made)} until ${made.until}. Policy stays the ceiling, and the first harm ends it.`);
    });
}

function untilOption(value: string): string {
  if (durationComplaint(value) === undefined || !Number.isNaN(Date.parse(value))) return value;
  throw new InvalidArgumentError('It must be a time such as 2026-03-01T06:00:00Z, or a duration such as 30d or 12h.');
}

function endOf(until: string, now: number): string {
  return new Date(durationComplaint(until) === undefined ? now + parseDuration(until) : Date.parse(until)).toISOString();
}

function grantTable(grants: readonly GrantShown[], run: Run): string {
  if (grants.length === 0) return 'nobody has granted anything';
  const now = run.deps.clock.now();
  const rows = grants.map((each) => [each.id, each.person, grantEnd(each, now), grantScope(each), each.reason]);
  return table(['ID', 'BY', 'STATE', 'WHAT', 'WHY'], rows, run.width);
}
