import { COMMANDS, type CommandName } from './command-hands';
import type { Service } from './inventory';
import type { ActionName } from './actions/table';
import type { CheckName, Runbook } from './runbook';

const BY_ACTION: Readonly<Partial<Record<ActionName, readonly CommandName[]>>> = { 'release/deploy': ['deploy', 'current'], 'service/restart': ['restart'] };
const BY_CHECK: Readonly<Record<CheckName, readonly CommandName[]>> = {
  'release/current': ['current'],
  'release/available': ['releases'],
  'service/known': [],
};

/** Commands that a runbook needs and the hands of a service do not have, in the order of the documentation; none for a supervisor, which can do everything. */
export function missingCommands(runbook: Runbook, hands: NonNullable<Service['hands']>): CommandName[] {
  if (hands.kind === 'supervisor') return [];
  const steps = [...runbook.steps, ...(runbook.inverse?.steps ?? [])];
  // The names were checked when the runbook was read.
  const needed = [
    ...steps.flatMap((step) => BY_ACTION[step.uses as ActionName] ?? []),
    ...runbook.preconditions.flatMap((each) => BY_CHECK[each.check as CheckName]),
  ];
  return COMMANDS.filter((command) => needed.includes(command) && hands.commands[command] === undefined);
}
