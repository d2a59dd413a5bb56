import { createInterface } from 'node:readline/promises';
import type { CliIo } from './deps';

/** Whether a person can be asked: they must see the question and be able to answer it. */
export function canAsk(io: CliIo): boolean {
  return io.stdinIsTty && io.stderrIsTty;
}

/** Asks on stderr and reads one line from stdin. Only `y` and `yes` mean yes; the end of the input means no. */
export async function confirm(io: CliIo, question: string): Promise<boolean> {
  io.stderr.write(`${question} [y/N] `);
  const reader = createInterface({ input: io.stdin, terminal: false });
  try {
    const answer = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => {
        resolve('');
      });
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
