import type { Command } from 'commander';
import { relativeTime } from '../../domain/human-time';
import { ROLES } from '../../domain/names';
import type { Role } from '../../domain/names';
import { oneOf } from '../arguments';
import { table } from '../render/table';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

/** Adds `nightshift key …`. */
export function addKeyCommands(program: Command, run: Run): void {
  const key = program.command('key').description('make, revoke and list the keys that name people');
  leaf(key, 'create', 'make a key for a person; it is shown this once')
    .argument('<name>', 'name of the person, as it will stand in the audit')
    .requiredOption('--role <role>', `what the key may do: ${ROLES.join(', ')}, each with what is before it`, oneOf(ROLES))
    .action(async (name: string, options: { role: Role }, command: Command) => {
      const made = await (await run.client(command)).createKey(name, options.role);
      run.emit(command, made, () => made.key);
      if (!isJson(command)) run.tell(`Key ${made.info.id} of ${made.info.name} (${made.info.role}). It is shown this once; keep it as a secret.`);
    });
  leaf(key, 'revoke', 'revoke a key; it stops working at once')
    .argument('<id>', 'id of the key, from "nightshift key list"')
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await run.client(command)).revokeKey(id);
      run.emit(command, { id, revoked: true }, () => `revoked ${id}`);
    });
  leaf(key, 'list', 'list keys, without their secrets').action(async (_options: unknown, command: Command) => {
    const keys = await (await run.client(command)).keys();
    const now = run.deps.clock.now();
    const rows = keys.map((k) => [
      k.id,
      k.name,
      k.role,
      relativeTime(k.createdAt, now),
      k.revokedAt === undefined ? '' : `revoked ${relativeTime(k.revokedAt, now)}`,
    ]);
    run.emit(command, { keys }, () => table(['ID', 'NAME', 'ROLE', 'MADE', 'STATE'], rows, run.width));
  });
}
