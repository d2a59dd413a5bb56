import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AuditFault } from '../../domain/audit';
import type { Anchor } from '../../domain/audit-anchor';
import { headerOf, checkExport } from '../../domain/audit-export-check';
import { checkAuditLines } from '../../domain/audit-file';
import { NightshiftError, errorMessage } from '../../domain/errors';
import { LEDGER_START, LedgerWalk } from '../../domain/ledger-walk';
import { plainText } from '../../domain/plain-text';
import { anchorsAt, keysFrom } from '../anchors';
import { several } from '../arguments';
import { EXIT } from '../exit-codes';
import { findIncident, isWholeId } from '../find-incident';
import type { Run } from '../run';
import { isJson, leaf } from '../run';
import { addAnchorCommands } from './audit-anchor';
import { addExportCommand } from './audit-export';
import { addJoinCommand } from './audit-join';

interface AuditResult {
  readonly checked: number;
  readonly faults: readonly AuditFault[];
  /** End of a file; who kept it elsewhere can see a cut tail. */
  readonly head?: { readonly stream?: string; readonly count: number; readonly hash?: string; readonly at?: string; readonly signed?: boolean };
  /** Signed heads that it was compared with. */
  readonly anchors?: number;
}

interface VerifyOptions {
  readonly file?: string;
  readonly anchor?: readonly string[];
  readonly key?: readonly string[];
}

/** Adds `nightshift audit …`. Faults are data: they go to stdout, and the exit code is 1. */
export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command('audit').description('the tamper-evident history');
  leaf(audit, 'verify', 'check the audit history: all of it, one incident, or a written-out or exported file without the server')
    .argument('[incident]', 'id of the incident')
    .option('--file <path>', 'a written-out .jsonl file, or one of "audit export"; then nothing is asked of the server')
    .option('--anchor <place>', 'signed heads to compare with: a file, a folder or s3://bucket/prefix; may be given several times', several)
    .option('--key <file>', 'public key (PEM) that the heads must be signed with; may be given several times', several)
    .action(async (incident: string | undefined, options: VerifyOptions, command: Command) => {
      const result = await verify(run, command, incident, options);
      run.emit(command, { ok: result.faults.length === 0, ...result }, () => resultText(result));
      if (options.file !== undefined && options.anchor === undefined && result.head?.signed === undefined && !isJson(command))
        run.tell('A tail that was cut at the end of a line shows only without --file, where the server compares, or with --anchor.');
      if (result.head?.signed === false) run.tell('The signature of the export was not checked: name the public key with --key, from somebody whom you trust.');
      if (result.faults.length > 0) run.exitCode = EXIT.failed;
    });
  addAnchorCommands(audit, run);
  addExportCommand(audit, run);
  addJoinCommand(audit, run);
}

async function verify(run: Run, command: Command, incident: string | undefined, { file, anchor: places = [], key = [] }: VerifyOptions): Promise<AuditResult> {
  const given = await keysFrom(key);
  if (file !== undefined) {
    if (places.length > 0 && given.length === 0)
      throw new NightshiftError('invalid_input', 'Without the server --anchor needs --key FILE, the public key of "nightshift audit key".');
    const { anchors, faults } = await anchorsAt(run, command, places, given);
    const result = await checkFile(file, incident, given, anchors);
    return { ...result, faults: [...faults, ...result.faults], ...(places.length > 0 && { anchors: anchors.length }) };
  }
  if (places.length === 0) return askServer(run, incident, command);
  if (incident !== undefined)
    throw new NightshiftError('invalid_input', 'With --anchor the whole history is checked; leave the incident out, or name its file with --file.');
  return checkLedger(run, command, places, given);
}

async function askServer(run: Run, incident: string | undefined, command: Command): Promise<AuditResult> {
  const client = await run.client(command);
  // An incident whose projection was removed must still be checked, so a whole id is not looked up first.
  if (incident === undefined || incident === 'system' || isWholeId(incident)) return client.verifyAudit(incident);
  return client.verifyAudit((await findIncident(client, incident)).incidentId);
}

/** What the server finds, and what shows here when every record is read: the signed heads are compared on this side. */
async function checkLedger(run: Run, command: Command, places: readonly string[], given: readonly string[]): Promise<AuditResult> {
  const client = await run.client(command);
  if (given.length === 0) run.tell('The public key is that of the server; name one that you kept elsewhere with --key.');
  const { anchors, faults } = await anchorsAt(run, command, places, given.length > 0 ? given : [await client.audit.publicKey()]);
  const found = await client.verifyAudit();
  const walk = new LedgerWalk(LEDGER_START, anchors);
  for await (const page of client.audit.records()) for (const record of page) walk.record(record);
  const told = new Set(found.faults.map(placeOf));
  const more = walk.finish({ whole: 'all' }).filter((fault) => !told.has(placeOf(fault)));
  return { ...found, checked: walk.checked, faults: [...faults, ...found.faults, ...more], anchors: anchors.length };
}

function placeOf({ kind, stream, seq, position }: AuditFault): string {
  return JSON.stringify([kind, stream, seq ?? position]);
}

async function checkFile(file: string, incident: string | undefined, keys: readonly string[], anchors: readonly Anchor[]): Promise<AuditResult> {
  if (await isExport(file)) return checkExport(linesOf(file), keys, anchors);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw cannotRead(error);
  });
  const lines = text.split('\n');
  // Every whole line ends in a break; what stands after the last break is a torn line.
  const result = checkAuditLines(lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines, anchors);
  if (incident === undefined || result.head === undefined || result.head.stream === incident) return result;
  const fault: AuditFault = { kind: 'file-differs', stream: incident, message: `the file holds ${result.head.stream}, not ${incident}` };
  return { ...result, faults: [fault, ...result.faults] };
}

async function isExport(file: string): Promise<boolean> {
  for await (const line of linesOf(file)) return headerOf(line) !== undefined;
  return false;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file, 'utf8');
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    throw cannotRead(error);
  } finally {
    input.destroy();
  }
}

function cannotRead(error: unknown): NightshiftError {
  return new NightshiftError('invalid_input', `The file cannot be read: ${errorMessage(error)}`);
}

function resultText({ checked, faults, head, anchors }: AuditResult): string {
  const compared = anchors === undefined ? '' : `; compared with ${anchors} signed heads`;
  if (faults.length === 0) return `${checked} records checked, all whole${compared}${headText(head)}`;
  const lines = faults.map((fault) => {
    const place = [
      fault.stream,
      ...(fault.seq === undefined ? [] : [`number ${fault.seq}`]),
      ...(fault.position === undefined ? [] : [`position ${fault.position}`]),
    ];
    return plainText(`${fault.kind}: ${place.join(', ')}: ${fault.message}`);
  });
  return [`${checked} records checked${compared}, faults: ${faults.length}; the first broken record comes first`, ...lines].join('\n');
}

function headText(head: AuditResult['head']): string {
  if (head === undefined) return '';
  return head.hash === undefined ? `; they lead to the ${head.count} records that were signed on ${head.at ?? ''}` : `; head ${head.hash}`;
}
