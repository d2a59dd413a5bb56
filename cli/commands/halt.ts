import type { Command } from 'commander';
import { relativeTime } from '../../domain/human-time';
import { plainText } from '../../domain/plain-text';
import type { HaltState } from '../client';
import type { Run } from '../run';
import { leaf } from '../run';

/** Adds `nightshift halt on|off|status`. No reason is demanded: in an emergency the switch comes first. */
export function addHaltCommands(program: Command, run: Run): void {
  const halt = program.command('halt').description('the kill switch: nothing is changed anywhere while it is on');
  addSwitch(halt, run, true, 'stop all actions; what is under way ends at its next safe point');
  addSwitch(halt, run, false, 'allow actions again (admins only)');
  leaf(halt, 'status', 'say whether the kill switch is on').action(async (_options: unknown, command: Command) => {
    const state = await (await run.client(command)).halt();
    run.emit(command, state, () => haltText(state, run.deps.clock.now()));
  });
}

function addSwitch(halt: Command, run: Run, on: boolean, description: string): void {
  leaf(halt, on ? 'on' : 'off', description)
    .option('--reason <text>', 'why, for the audit', 'no reason was given')
    .action(async (options: { reason: string }, command: Command) => {
      const state = await (await run.client(command)).setHalt(on, options.reason);
      run.emit(command, state, () => haltText(state, run.deps.clock.now()));
    });
}

function haltText(state: HaltState, now: number): string {
  const by = state.by === undefined ? '' : ` by ${state.by}`;
  const at = state.at === undefined ? '' : ` ${relativeTime(state.at, now)}`;
  const reason = state.reason === undefined || state.reason === '' ? '' : `: ${state.reason}`;
  return plainText(`The kill switch is ${state.on ? 'ON' : 'off'}${by}${at}${reason}`);
}
