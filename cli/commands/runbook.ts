import type { Command } from 'commander';
import { plainText } from '../../domain/plain-text';
import { EXIT } from '../exit-codes';
import { table } from '../render/table';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

/** Adds `nightshift runbook list|lint`. */
export function addRunbookCommands(program: Command, run: Run): void {
  const runbook = program.command('runbook').description('the remedies that Nightshift knows');
  leaf(runbook, 'list', 'list the runbooks of the running system').action(async (_options: unknown, command: Command) => {
    const runbooks = await (await run.client(command)).runbooks();
    const rows = runbooks.map(({ hash, runbook: r }) => [
      r.id,
      `v${r.version}`,
      r.risk,
      r.reversible ? 'yes' : 'no',
      r.causes.join(', '),
      hash.slice(0, 12),
      r.title,
    ]);
    run.emit(command, { runbooks }, () => table(['ID', 'VERSION', 'RISK', 'REVERSIBLE', 'FOR', 'HASH', 'TITLE'], rows, run.width));
  });
  leaf(runbook, 'lint', 'check runbook files, or the whole catalogue where none is named; needs no running system')
    .argument('[files...]', 'runbook files')
    .action(async (files: readonly string[], _options: unknown, command: Command) => {
      const config = configOf(command);
      const { runbooks, problems } = await run.deps.loadCatalogue({ ...(files.length === 0 ? {} : { files }), ...(config === undefined ? {} : { config }) });
      const good = runbooks.map(({ hash, runbook: r }) => ({ id: r.id, version: r.version, hash }));
      run.emit(command, { ok: problems.length === 0, runbooks: good, problems }, () =>
        [...problems.map((p) => plainText(`${p.path}: ${p.message}`)), ...good.map((g) => plainText(`${g.id} v${g.version}: good`))].join('\n'),
      );
      if (problems.length > 0) run.exitCode = EXIT.failed;
    });
}
