import type { Command } from 'commander';
import { defined } from '../../domain/defined';
import { shadowPage } from '../render/shadow';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

interface ShadowOptions {
  readonly since: string;
  readonly runbook?: string;
  readonly environment?: string;
  readonly service?: string;
}

/** Adds `nightshift shadow`. */
export function addShadowCommand(program: Command, run: Run): void {
  leaf(program, 'shadow', 'show what Nightshift would have done beside what people did, and how far they agree')
    .option('--since <time>', 'how long ago, such as 30d, or a time', '30d')
    .option('--runbook <id>', 'of this runbook alone')
    .option('--environment <name>', 'in this environment alone')
    .option('--service <name>', 'where this service would have been acted on')
    .action(async ({ since, runbook, environment, service }: ShadowOptions, command: Command) => {
      const client = await run.client(command);
      const page = await client.shadow.list({ since, ...defined({ runbook, environment, service }) });
      run.emit(command, { since, ...page }, () => shadowPage(page, run.width));
      if (isJson(command)) return;
      if (page.entries.length === 0) run.tell('Nothing would have been done in that time that a person could agree with or not.');
      if (page.more) run.tell('There are more rounds than are counted; choose a shorter time or one runbook.');
    });
}
