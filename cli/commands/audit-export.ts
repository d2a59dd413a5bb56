import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { dayBounds, isDate } from '../../domain/archive-export/series';
import type { Anchor } from '../../domain/audit-anchor';
import { ExportPlanner } from '../../domain/audit-export';
import type { ExportChoice, ExportPlan } from '../../domain/audit-export';
import { canonicalJson } from '../../domain/canonical-json';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { AuditClient } from '../client-audit';
import type { Run } from '../run';
import { leaf } from '../run';

interface ExportOptions {
  readonly from: string;
  readonly to: string;
  readonly approver?: string;
  readonly out: string;
}

/** Adds `nightshift audit export`. */
export function addExportCommand(audit: Command, run: Run): void {
  leaf(audit, 'export', 'write the records of a time into a file that can be verified by itself')
    .requiredOption('--from <time>', 'from a day (UTC) or a time such as 2026-03-01T09:30:00Z on', moment('from'))
    .requiredOption('--to <time>', 'until the end of a day (UTC), or until a time', moment('to'))
    .option('--approver <name>', 'only incidents in which this person answered, each of them whole')
    .requiredOption('--out <file>', 'where to; what stands there is replaced once the export is whole')
    .action(async ({ from, to, approver, out }: ExportOptions, command: Command) => {
      if (to <= from) throw new NightshiftError('invalid_input', '--to must lie behind --from.');
      const choice = { from, to, ...(approver === undefined ? {} : { approver }) };
      const done = await exportTo(out, (await run.client(command)).audit, choice);
      run.emit(command, { file: out, ...done }, () => `${out}: ${String(done.records)} records; ${String(done.count)} were signed on ${done.at}.`);
    });
}

function moment(end: 'from' | 'to'): (text: string) => string {
  return (text) => {
    if (isDate(text)) return new Date(end === 'from' ? dayBounds(text).from : dayBounds(text).to + 1).toISOString();
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(at)) throw new InvalidArgumentError('It must be a day such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.');
    return new Date(at).toISOString();
  };
}

async function exportTo(
  file: string,
  client: AuditClient,
  choice: ExportChoice,
): Promise<{ readonly records: number; readonly count: number; readonly at: string }> {
  const part = `${file}.part`;
  try {
    const anchor = await client.head();
    const plan = await planOf(client, anchor, choice);
    await rm(part, { force: true });
    const handle = await open(part, 'wx', 0o600);
    try {
      await writeAll(handle, client, anchor, plan);
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return { records: plan.header.records, count: anchor.count, at: anchor.at };
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    if (!isOfFiles(error)) throw error;
    throw new NightshiftError('invalid_input', `${file} was not written: ${errorMessage(error)}`);
  }
}

async function planOf(client: AuditClient, { count }: Anchor, choice: ExportChoice): Promise<ExportPlan> {
  const planner = new ExportPlanner(choice);
  for await (const page of client.records()) for (const record of page) if (record.position <= count) planner.see(record);
  return planner.plan();
}

/** The ledger is read a second time, so that no more than a page is held at once. */
async function writeAll(handle: FileHandle, client: AuditClient, anchor: Anchor, { header, whole }: ExportPlan): Promise<void> {
  const after = header.start.position;
  await handle.write(`${canonicalJson(header)}\n`);
  for await (const page of client.records(after)) {
    const kept = page.filter(({ position }) => position <= anchor.count);
    const lines = kept.map((record) => canonicalJson(whole(record) ? record : { position: record.position, hash: record.hash }));
    if (lines.length > 0) await handle.write(`${lines.join('\n')}\n`);
    if (kept.length < page.length) break;
  }
  await handle.write(`${canonicalJson({ anchor })}\n`);
}

function isOfFiles(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
