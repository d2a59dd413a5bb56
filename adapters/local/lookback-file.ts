import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { PastFact, Span } from '../../domain/lookback/facts';
import type { Clock } from '../../ports/clock';
import type { KeptParts, PartRead } from '../../ports/lookback';

/** An unfinished reading is of use for so long: later, its end is no "now" any more. */
const USEFUL_MS = 24 * 3_600_000;
const FORMAT = 'nightshift-lookback-1';

const header = z.object({ format: z.literal(FORMAT), source: z.string(), from: z.number(), to: z.number(), at: z.number() });
const line = z.object({ part: z.string(), calls: z.record(z.string(), z.number()), facts: z.array(z.object({ kind: z.string() }).loose()) });

/**
 * Keeps the parts of a reading in one file (0600) of JSON lines: a first line that says what it is of, then a line a part, each forced to the disk. A torn last line, as SIGKILL may
 * leave it, is left out. A file that is something else is refused and stays as it is.
 */
export function lookbackFile(path: string, clock: Clock): KeptParts {
  return {
    place: path,
    async load(source) {
      const text = await textOf(path);
      if (text === undefined) return undefined;
      const [first = '', ...rest] = text.split('\n');
      const told = header.safeParse(parsed(first));
      if (!told.success) throw new NightshiftError('invalid_input', `${path} is no unfinished look back; name another file with --resume.`);
      if (told.data.source !== source)
        throw new NightshiftError(
          'invalid_input',
          `${path} holds an unfinished look back of ${told.data.source}, not of ${source}; remove it, or name another file with --resume.`,
        );
      if (clock.now() - told.data.at > USEFUL_MS) return undefined;
      const parts = rest.flatMap((each) => partOf(each));
      await writeAll(path, [first, ...parts.map((part) => JSON.stringify(part))]);
      return { span: { from: told.data.from, to: told.data.to }, parts };
    },
    async begin(source, span: Span) {
      await writeAll(path, [JSON.stringify({ format: FORMAT, source, ...span, at: clock.now() })]);
    },
    async add({ part, calls, facts }) {
      await writing(path, async () => {
        const file = await open(path, 'a', 0o600);
        try {
          await file.write(`${JSON.stringify({ part, calls, facts })}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
      });
    },
    finish: () => rm(path, { force: true }),
  };
}

/** The part of a line; none for a torn one. What a part holds was written by ourselves. */
function partOf(text: string): PartRead[] {
  const told = line.safeParse(parsed(text));
  return told.success ? [{ ...told.data, facts: told.data.facts as unknown as readonly PastFact[] }] : [];
}

async function writeAll(path: string, lines: readonly string[]): Promise<void> {
  await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.part`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.write(lines.map((each) => `${each}\n`).join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  });
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new NightshiftError('internal', `${path} cannot be written: ${errorMessage(error)}. Name another file with --resume.`, [], { cause: error });
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NightshiftError('invalid_input', `${path} cannot be read: ${errorMessage(error)}`, [], { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
