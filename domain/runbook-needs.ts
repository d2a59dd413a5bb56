import { COMMANDS, type CommandName } from './command-hands';
import type { Service } from './inventory';
import { partsOf } from './actions/action';
import { specOf } from './actions/table';
import type { ActionName } from './actions/table';
import type { CheckName, Runbook, RunbookStep } from './runbook';

const BY_ACTION: Readonly<Partial<Record<ActionName, readonly CommandName[]>>> = { 'release/deploy': ['deploy', 'current'], 'service/restart': ['restart'] };
const BY_CHECK: Readonly<Record<CheckName, readonly CommandName[]>> = {
  'release/current': ['current'],
  'release/available': ['releases'],
  'service/known': [],
};

/** What a runbook needs and the hands of a service do not have, as in the configuration: `hands.commands.deploy`, `hands.codedeploy`. */
export function missingHands(runbook: Runbook, hands: NonNullable<Service['hands']>): string[] {
  return [...missingCommands(runbook, hands).map((command) => `hands.commands.${command}`), ...missingParts(runbook, hands)];
}

/** Whether a runbook is for hands of this kind: with actions on parts of AWS for those of AWS alone, with those of a supervisor or of commands for the others. */
export function isForKind(runbook: Runbook, { kind }: Pick<NonNullable<Service['hands']>, 'kind'>): boolean {
  const actions = stepsOf(runbook).map(({ uses }) => uses as ActionName);
  return kind === 'aws' ? actions.every((action) => BY_ACTION[action] === undefined) : actions.every((action) => partsOf(specOf(action)).length === 0);
}

/** Parts of AWS, and automations and commands that are named; a name that a parameter gives is looked at when it is known. */
function missingParts(runbook: Runbook, hands: NonNullable<Service['hands']>): string[] {
  const missing = stepsOf(runbook).flatMap(({ uses, with: inputs }) => {
    const parts = partsOf(specOf(uses as ActionName));
    const part = parts.find((each) => hands.kind === 'aws' && hands[each] !== undefined);
    const found = part && hands.kind === 'aws' ? hands[part] : undefined;
    if (!part || found === undefined) return parts.length > 0 ? [parts.map((each) => `hands.${each}`).join(' or ')] : [];
    const [named = ''] = part === 'automations' ? [inputs['automation']] : part === 'commands' ? [inputs['command']] : [];
    return !Array.isArray(found) || named.includes('${{') || found.some(({ name }: { readonly name: string }) => name === named)
      ? []
      : [`hands.${part}.${named}`];
  });
  return [...new Set(missing)];
}

/** Whether more of a service can be run by its hands. */
export function canScale(hands: Service['hands']): boolean {
  return hands?.kind === 'aws' && (hands.autoscaling !== undefined || hands.scaling !== undefined);
}

function stepsOf({ steps, inverse }: Runbook): readonly RunbookStep[] {
  return [...steps, ...(inverse?.steps ?? [])];
}

/** Commands, in the order of the documentation; none for a supervisor, which can do everything. */
export function missingCommands(runbook: Runbook, hands: NonNullable<Service['hands']>): CommandName[] {
  if (hands.kind === 'supervisor') return [];
  const steps = stepsOf(runbook);
  // The names were checked when the runbook was read.
  const needed = [
    ...steps.flatMap((step) => BY_ACTION[step.uses as ActionName] ?? []),
    ...runbook.preconditions.flatMap((each) => BY_CHECK[each.check as CheckName]),
  ];
  return COMMANDS.filter((command) => needed.includes(command) && (hands.kind === 'aws' || hands.commands[command] === undefined));
}
