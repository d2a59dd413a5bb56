import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import { REDACTED, taggedMask } from '../../domain/redact';
import type { CliDeps, CliIo } from '../deps';
import { EXIT } from '../exit-codes';
import { programFrame, reportFailure } from '../frame';
import { pumpRedacted } from '../redact-pump';
import type { RedactThreads } from '../redact-pump';

const KEY_BYTES = 32;

/** Makes the threads that redact, with the key of their tags. */
export type ThreadsOf = (tagKey: Uint8Array | undefined) => RedactThreads;

/** Adds `nightshift redact`, which needs neither a running system nor a configuration. Without threads beside it, it does everything itself. */
export function addRedactCommand(program: Command, io: CliIo, threadsOf?: ThreadsOf): void {
  program
    .command('redact')
    .description('secrets and personal data taken out of stdin, line by line; needs no running system')
    .option('--tags', 'placeholders with kind and tag, such as [redacted:mail:7f3a9c12]: equal within this run for what is equal')
    .addHelpText('after', '\nExample: kubectl logs shop | nightshift redact > shop.log\nEach line in is a line out; bytes that are no UTF-8 stay as they are.')
    .action(async ({ tags }: { readonly tags?: true }, command: Command) => {
      if (command.optsWithGlobals<{ json?: boolean }>().json === true)
        throw new NightshiftError('invalid_input', 'redact writes lines, not JSON: leave --json out.');
      const tagKey = tags === true ? randomBytes(KEY_BYTES) : undefined;
      const threads = threadsOf?.(tagKey);
      const { unended } = await pumpRedacted({ from: io.stdin, to: io.stdout, mask: tagKey ? taggedMask(tagKey) : () => REDACTED, threads }).finally(() =>
        threads?.close(),
      );
      const { count, line } = unended;
      if (count > 0)
        io.stderr.write(
          `${String(count)} ${count === 1 ? 'key or certificate' : 'keys or certificates'} had no end (the last began on line ${String(line)}); lines that cannot be of it were kept.\n`,
        );
    });
}

/** Runs `nightshift redact` alone and returns the exit code. Nothing of the system is loaded for it, so that it begins at once. */
export async function runRedact(deps: Pick<CliDeps, 'io' | 'version'>, argv: readonly string[], threadsOf?: ThreadsOf): Promise<number> {
  const program = programFrame(deps);
  try {
    addRedactCommand(program, deps.io, threadsOf);
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return reportFailure(deps.io, error, argv.includes('--json'));
  }
}
