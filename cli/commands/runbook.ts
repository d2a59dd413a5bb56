import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { suggestion } from '../../domain/nearest';
import { plainText } from '../../domain/plain-text';
import { shortOrigin } from '../../domain/runbook-origin';
import { EXIT } from '../exit-codes';
import { repositoryText, runbookText } from '../render/runbook';
import { table } from '../render/table';
import type { Run } from '../run';
import { configOf, leaf } from '../run';
import { addRunbookMatch } from './runbook-match';

/** Adds `nightshift runbook list|show|lint`. */
export function addRunbookCommands(program: Command, run: Run): void {
  const runbook = program.command('runbook').description('the remedies that Nightshift knows');
  leaf(runbook, 'list', 'list the runbooks of the running system').action(async (_options: unknown, command: Command) => {
    const list = await (await run.client(command)).runbooks();
    const rows = list.runbooks.map(({ hash, runbook: r, origin }) => [
      r.id,
      `v${r.version}`,
      r.risk,
      r.reversible ? 'yes' : 'no',
      r.causes.join(', '),
      hash.slice(0, 12),
      shortOrigin(origin ?? '-'),
      r.title,
    ]);
    run.emit(command, { ...list }, () => {
      const all = table(['ID', 'VERSION', 'RISK', 'REVERSIBLE', 'FOR', 'HASH', 'FROM', 'TITLE'], rows, run.width);
      return list.repository === undefined ? all : `${all}\n${repositoryText(list.repository, run.deps.clock.now())}`;
    });
  });
  leaf(runbook, 'show', 'show a runbook of the running system: where it is from, and what it does')
    .argument('<id>', 'its id')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { runbooks } = await (await run.client(command)).runbooks();
      const found = runbooks.find((each) => each.runbook.id === id);
      const ids = runbooks.map((each) => each.runbook.id);
      if (!found) throw new NightshiftError('unknown_runbook', `There is no runbook "${id}"; ${suggestion(id, ids)}`);
      run.emit(command, { ...found }, () => runbookText(found));
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
  addRunbookMatch(runbook, run);
}
