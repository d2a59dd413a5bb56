import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { AuditRecord } from '../../domain/audit';
import { ERRORS, errorCode } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../client';
import { findIncident } from '../find-incident';
import { timelineLine } from '../render/incident';
import type { Run } from '../run';
import { isJson } from '../run';
import { pageOptions } from './page-options';

const DEFAULT_EVERY_MS = 1000;
/** Looks in a row that may fail, as the API restarts, before following is given up. */
const PATIENCE = 60;

/** Prints what happens in an incident until it is resolved: a line for each audit record, or with `--json` one object for each change. */
export async function watchIncident(run: Run, name: string, command: Command): Promise<void> {
  const client = await run.client(command);
  let view = await findIncident(client, name);
  let seen = -1;
  for (;;) {
    const entries = (await patiently(run, () => client.timeline(view.incidentId))).filter((record) => record.seq > seen);
    seen = Math.max(seen, ...entries.map((record) => record.seq));
    tell(run, command, view, entries);
    if (view.status === 'resolved') return;
    view = await nextView(run, client, view);
  }
}

async function nextView(run: Run, client: ApiClient, before: IncidentView): Promise<IncidentView> {
  for (;;) {
    await pause(run.deps.watchEveryMs ?? DEFAULT_EVERY_MS);
    const view = await patiently(run, () => client.incident(before.incidentId));
    if (view.version !== before.version || view.status !== before.status) return view;
  }
}

function tell(run: Run, command: Command, view: IncidentView, entries: readonly AuditRecord[]): void {
  const { incidentId, status, version } = view;
  if (isJson(command)) run.emit(command, { incidentId, status, version, entries }, () => '');
  else run.emit(command, undefined, () => entries.map((record) => `${timelineLine(record, pageOptions(run))}\n`).join(''));
}

/** A restart of the API in the night must not end the watch; errors that cannot pass do at once. */
async function patiently<T>(run: Run, ask: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined || !ERRORS[code].retryable || failures >= PATIENCE) throw error;
      if (failures === 1) run.tell('Nightshift does not answer just now; still watching.');
      await pause(run.deps.watchEveryMs ?? DEFAULT_EVERY_MS);
    }
  }
}
