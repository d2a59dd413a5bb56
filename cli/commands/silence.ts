import type { Command } from 'commander';
import { defined } from '../../domain/defined';
import { relativeTime } from '../../domain/human-time';
import { SEVERITIES, type Severity } from '../../domain/names';
import { assignment, someOf } from '../arguments';
import type { SilenceBody, SilenceShown } from '../client-quiet';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

interface AddOptions {
  readonly service?: string;
  readonly environment?: string;
  readonly title?: string;
  readonly severity?: readonly Severity[];
  readonly label?: Readonly<Record<string, string>>;
  readonly for?: string;
  readonly until?: string;
  readonly reason: string;
  readonly owner?: string;
}

/** Adds `nightshift silence …` and `nightshift alerts held`. */
export function addSilenceCommands(program: Command, run: Run): void {
  const silence = program.command('silence').description('times in which some alerts page nobody and nothing is done about them');
  leaf(silence, 'add', 'silence what fits all that is given; * stands for any characters')
    .option('--service <name>', 'service')
    .option('--environment <name>', 'environment')
    .option('--title <text>', 'name of the alert')
    .option('--severity <list>', `some of ${SEVERITIES.join(', ')}`, someOf(SEVERITIES))
    .option('--label <name=value>', 'a label; may be given again', assignment)
    .option('--for <duration>', 'how long, such as 2h')
    .option('--until <time>', 'or until when, such as 2026-03-01T06:00:00Z')
    .requiredOption('--reason <text>', 'why')
    .option('--owner <name>', 'person or team that answers for it; you without it')
    .action(async (options: AddOptions, command: Command) => {
      const made = await (await run.client(command)).quiet.addSilence(bodyOf(options));
      run.emit(command, made, () => `${made.id}: silent until ${made.endsAt}: ${made.scope}`);
    });
  leaf(silence, 'list', 'list silences that have not ended').action(async (_options: unknown, command: Command) => {
    const silences = await (await run.client(command)).quiet.silences();
    run.emit(command, { silences }, () => silenceTable(silences, run));
  });
  leaf(silence, 'end', 'end a silence now; what still fires is taken up')
    .argument('<id>', 'id of the silence, from "nightshift silence list"')
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await run.client(command)).quiet.endSilence(id);
      run.emit(command, { id, ended: true }, () => `ended ${id}`);
    });
  addHeldCommand(program, run);
}

function bodyOf({ service, environment, title, severity, label, reason, owner, until, ...rest }: AddOptions): SilenceBody {
  const match = defined({ service, environment, title, severity, labels: label });
  return { match, reason, ...defined({ owner, for: rest.for, endsAt: until }) };
}

function silenceTable(silences: readonly SilenceShown[], run: Run): string {
  const now = run.deps.clock.now();
  const rows = silences.map((one) => [one.id, one.origin, one.owner, relativeTime(one.endsAt, now), one.scope, one.reason]);
  return silences.length === 0 ? 'nothing is silenced' : table(['ID', 'ORIGIN', 'OWNER', 'ENDS', 'WHAT', 'WHY'], rows, run.width);
}

function addHeldCommand(program: Command, run: Run): void {
  const alerts = program.command('alerts').description('alerts between the door and their incidents');
  leaf(alerts, 'held', 'list alerts that are held back on purpose, why and until when').action(async (_options: unknown, command: Command) => {
    const found = await (await run.client(command)).quiet.held();
    const now = run.deps.clock.now();
    run.emit(command, found, () => {
      const rows = found.held.map((one) => [one.service, one.environment, one.severity, one.name, relativeTime(one.until, now), one.why]);
      const flapping = found.flapping.map((one) => [one.service, one.environment, '', one.name, '', `flaps since ${one.since}; ${String(one.folded)} folded`]);
      const folded = Object.entries(found.folded).map(([why, count]) => `${why} ${String(count)}`);
      const list =
        rows.length + flapping.length === 0
          ? 'nothing is held back\n'
          : table(['SERVICE', 'ENVIRONMENT', 'SEV', 'ALERT', 'UNTIL', 'WHY'], [...rows, ...flapping], run.width);
      return `${list}${found.count > rows.length ? `${String(found.count)} in all\n` : ''}${folded.length > 0 ? `folded so far: ${folded.join(', ')}\n` : ''}`;
    });
  });
}
