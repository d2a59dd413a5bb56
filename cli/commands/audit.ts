import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AuditFault } from '../../domain/audit';
import { checkAuditLines } from '../../domain/audit-file';
import { NightshiftError, errorMessage } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { EXIT } from '../exit-codes';
import { findIncident, isWholeId } from '../find-incident';
import type { Run } from '../run';
import { isJson, leaf } from '../run';

interface AuditResult {
  readonly checked: number;
  readonly faults: readonly AuditFault[];
  /** Last hash of a file; who kept it elsewhere can see a cut tail. */
  readonly head?: { readonly stream: string; readonly count: number; readonly hash: string };
}

/** Adds `nightshift audit verify`. Faults are data: they go to stdout, and the exit code is 1. */
export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command('audit').description('the tamper-evident history');
  leaf(audit, 'verify', 'check the audit history: all of it, one incident, or a written-out file without the server')
    .argument('[incident]', 'id of the incident')
    .option('--file <path>', 'a written-out .jsonl file; then nothing is asked of the server')
    .action(async (incident: string | undefined, options: { file?: string }, command: Command) => {
      const result = options.file === undefined ? await askServer(run, incident, command) : await checkFile(options.file, incident);
      run.emit(command, { ok: result.faults.length === 0, ...result }, () => resultText(result));
      if (options.file !== undefined && !isJson(command))
        run.tell('A tail that was cut at the end of a line shows only without --file, where the server compares.');
      if (result.faults.length > 0) run.exitCode = EXIT.failed;
    });
}

async function askServer(run: Run, incident: string | undefined, command: Command): Promise<AuditResult> {
  const client = await run.client(command);
  // An incident whose projection was removed must still be checked, so a whole id is not looked up first.
  if (incident === undefined || incident === 'system' || isWholeId(incident)) return client.verifyAudit(incident);
  return client.verifyAudit((await findIncident(client, incident)).incidentId);
}

async function checkFile(file: string, incident: string | undefined): Promise<AuditResult> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `The file cannot be read: ${errorMessage(error)}`);
  });
  const lines = text.split('\n');
  // Every whole line ends in a break; what stands after the last break is a torn line.
  const result = checkAuditLines(lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines);
  if (incident === undefined || result.head === undefined || result.head.stream === incident) return result;
  const fault: AuditFault = { kind: 'file-differs', stream: incident, message: `the file holds ${result.head.stream}, not ${incident}` };
  return { ...result, faults: [fault, ...result.faults] };
}

function resultText({ checked, faults, head }: AuditResult): string {
  if (faults.length === 0) return `${checked} records checked, all whole${head === undefined ? '' : `; head ${head.hash}`}`;
  const lines = faults.map((fault) => {
    const place = [
      fault.stream,
      ...(fault.seq === undefined ? [] : [`number ${fault.seq}`]),
      ...(fault.position === undefined ? [] : [`position ${fault.position}`]),
    ];
    return plainText(`${fault.kind}: ${place.join(', ')}: ${fault.message}`);
  });
  return [`${checked} records checked, faults: ${faults.length}; the first broken record comes first`, ...lines].join('\n');
}
