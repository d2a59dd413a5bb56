import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { joinCalls } from '../../domain/audit-join';
import type { Join, JoinLine } from '../../domain/audit-join';
import { readTrail } from '../../domain/cloudtrail';
import type { TrailRecord } from '../../domain/cloudtrail';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { several } from '../arguments';
import { EXIT } from '../exit-codes';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

/** A call comes at most so long after its intent, which is written when it has been approved. */
const REACH_MS = 86_400_000;

interface JoinOptions {
  readonly cloudtrail: readonly string[];
  readonly role?: readonly string[];
}

/** Adds `nightshift audit join`. */
export function addJoinCommand(audit: Command, run: Run): void {
  leaf(audit, 'join', 'lay intents beside the calls that CloudTrail recorded, line by line')
    .requiredOption('--cloudtrail <files...>', 'files as CloudTrail delivers them to S3, packed by gzip or plain')
    .option(
      '--role <name>',
      'a role or session that acts for Nightshift; those that begin with "nightshift" when left out; may be given several times',
      several,
    )
    .action(async ({ cloudtrail, role }: JoinOptions, command: Command) => {
      const records = (await Promise.all(cloudtrail.map(recordsIn))).flat();
      const times = records.map(({ eventTime }) => Date.parse(eventTime));
      if (times.length === 0) throw new NightshiftError('not_found', 'The files hold no record, so that there is no time to look at.');
      const [from, to] = times.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [Infinity, -Infinity]);
      const client = await run.client(command);
      const intents = await client.audit.intents(new Date(from - REACH_MS).toISOString(), new Date(to).toISOString());
      const isOurs = role === undefined ? (name: string) => /^nightshift/i.test(name) : (name: string) => role.includes(name);
      const join = joinCalls(intents, records, { from, to, isOurs });
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      run.emit(command, { ...span, ...join }, () => joinText(join, span, run.width));
      if (join.intentOnly + join.callOnly > 0) run.exitCode = EXIT.failed;
    });
}

async function recordsIn(file: string): Promise<readonly TrailRecord[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new NightshiftError('invalid_input', `${file} cannot be read: ${errorMessage(error)}`);
  });
  return readTrail(bytes, file);
}

const WORDS: Readonly<Record<JoinLine['what'], string>> = { matched: 'matched', 'intent-only': 'NO CALL', 'call-only': 'NO INTENT' };

function joinText(join: Join, { from, to }: { readonly from: string; readonly to: string }, width: number): string {
  const rows = join.lines.map(({ what, intent, call }) => [
    WORDS[what],
    call?.at ?? (intent === undefined ? '' : new Date(intent.intendedAt).toISOString()),
    intent?.incidentId ?? '',
    intent?.step ?? '',
    call === undefined ? `${intent?.state ?? ''}: ${intent?.target ?? ''}` : `${call.call}${call.error === undefined ? '' : ` (${call.error})`}`,
    call?.where ?? '',
    call?.by ?? '',
  ]);
  const sums = [
    `${String(join.matched)} calls with their intent`,
    `${String(join.intentOnly)} intents without a call`,
    `${String(join.callOnly)} calls without an intent`,
    ...(join.ownParts > 0 ? [`${String(join.ownParts)} that keep Nightshift's own parts`] : []),
    ...(join.elsewhere > 0 ? [`${String(join.elsewhere)} intents outside of AWS`] : []),
  ];
  const head = rows.length === 0 ? '' : table(['', 'AT', 'INCIDENT', 'STEP', 'CALL', 'WHERE', 'BY'], rows, width);
  return `${head}${from} to ${to}: ${sums.join(', ')}.`;
}
