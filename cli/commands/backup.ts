import { basename } from 'node:path';
import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { canAsk, confirm } from '../confirm';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

/** Adds `nightshift backup FILE` and `nightshift restore FILE`. */
export function addBackupCommands(program: Command, run: Run): void {
  leaf(program, 'backup', 'write a copy of everything in the store to a file (admins only)')
    .argument('<file>', 'where to; what stands there is replaced once the copy is whole')
    .action(async (file: string, _options: unknown, command: Command) => {
      const bytes = await (await run.client(command)).backup(file);
      run.emit(command, { file, bytes }, () => `${file}: ${String(bytes)} bytes. It holds secrets; keep it as you keep a password.`);
    });
  leaf(program, 'restore', 'replace everything in the store by a backup; Nightshift must be stopped')
    .argument('<file>', 'a file that "nightshift backup" wrote')
    .option('--yes', 'do not ask', false)
    .action(async (file: string, options: { yes: boolean }, command: Command) => {
      await mustBeMeant(run, file, options.yes);
      const config = configOf(command);
      const restored = await run.deps.launchers.restore({ file, ...(config === undefined ? {} : { config }) });
      run.emit(command, restored, () =>
        [
          `Restored ${String(restored.rows)} rows as of ${restored.at}.`,
          ...(restored.keptIn === undefined ? [] : [`What was there before is in ${restored.keptIn}.`]),
          'The kill switch is on: at the next start open effects are looked up first; "nightshift halt off" allows actions again.',
        ].join('\n'),
      );
    });
}

async function mustBeMeant(run: Run, file: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!canAsk(run.deps.io))
    throw new NightshiftError('invalid_input', 'A restore replaces everything in the store; without a terminal to ask on, say that it is meant by --yes.');
  if (await confirm(run.deps.io, `Replace everything in the store by ${basename(file)}?`)) return;
  throw new NightshiftError('refused', 'Nothing was changed.');
}
