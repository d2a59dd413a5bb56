import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Repeated } from '../activities/repeat';
import { RunbookBook } from '../activities/runbook-book';
import { runbookShelf } from '../activities/runbook-shelf';
import { watchRunbooks } from '../activities/runbook-watch';
import { githubRunbooks } from '../adapters/github/runbooks';
import type { NightshiftConfig } from '../config/types';
import type { RunbookSnapshot } from '../domain/runbook';
import { isOfRepository } from '../domain/runbook-origin';
import type { Clock } from '../ports/clock';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Store } from '../ports/store';

/** What runbooks are put together from. */
export interface RunbookOptions {
  readonly config: Pick<NightshiftConfig, 'runbooks' | 'policy'>;
  /** Of this machine. */
  readonly catalogue: readonly RunbookSnapshot[];
  readonly store: Pick<Store, 'state' | 'audit'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The one place of this process that says which runbooks there are. */
export function runbookLibrary({ config, catalogue, store, clock, log }: RunbookOptions): RunbookLibrary {
  const { github } = config.runbooks;
  return new RunbookBook({ own: catalogue, repository: github && { place: github, shelf: runbookShelf(github, store.state) }, clock, log });
}

/** Begins to read the repository, in the process that leads; undefined where none is configured. */
export function startRunbooks(options: RunbookOptions, library: RunbookLibrary): Repeated | undefined {
  const { config, catalogue, store, clock, log } = options;
  const { github } = config.runbooks;
  if (!github) return undefined;
  return watchRunbooks({
    ...{ name: github.repository, repository: githubRunbooks({ ...github, clock }), everyMs: github.everyMs, shelf: runbookShelf(github, store.state) },
    ...{ library, own: catalogue, rules: config.policy.rules, audit: store.audit, clock, log },
  });
}

/** Registers how it stands with the repository, where one is configured; without an answer of the store there are no numbers. */
export function measureRunbooks(registry: Registry, config: Pick<NightshiftConfig, 'runbooks'>, library: RunbookLibrary): void {
  const { github } = config.runbooks;
  if (!github) return;
  const gauge = (name: string, help: string, read: () => Promise<number | undefined>): void => {
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        const value = await read().catch(() => undefined);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  };
  gauge('nightshift_runbooks_last_read_timestamp_seconds', 'When the repository with runbooks last said which commit its ref names; 0 for never.', async () => {
    const { checkedAt } = (await library.repository()) ?? {};
    return checkedAt === undefined ? 0 : Date.parse(checkedAt) / 1000;
  });
  gauge('nightshift_runbooks_refused', '1 while the commit that the ref names cannot be used, and those of one before stay.', async () =>
    (await library.repository())?.refused === undefined ? 0 : 1,
  );
  gauge('nightshift_runbooks_from_repository', 'Runbooks of the repository that are in use.', async () => {
    return (await library.current()).filter(({ origin }) => isOfRepository(origin)).length;
  });
}
