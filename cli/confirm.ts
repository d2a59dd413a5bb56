import { createInterface } from 'node:readline/promises';
import type { CliIo } from './deps';

/** Whether a person can be asked: they must see the question and be able to answer it. */
export function canAsk(io: CliIo): boolean {
  return io.stdinIsTty && io.stderrIsTty;
}

/** Asks on stderr and reads one line from stdin. Only `y` and `yes` mean yes; the end of the input means no. */
export async function confirm(io: CliIo, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await answerTo(io, `${question} [y/N] `));
}

/** Shows numbered words and reads a number or a word. Anything else is asked once more; then, as for an empty line and the end of the input, it is none. */
export async function chooseOne<T extends string>(io: CliIo, question: string, words: readonly T[], text: (word: T) => string): Promise<T | undefined> {
  io.stderr.write(`${question}\n${words.map((word, i) => `  ${String(i + 1)}  ${text(word)}\n`).join('')}`);
  for (const prompt of ['Number or word: ', `Give a number from 1 to ${String(words.length)}, one of the words, or nothing: `]) {
    const answer = await answerTo(io, prompt);
    const chosen = words.find((word, i) => answer === word || answer === String(i + 1));
    if (chosen !== undefined || answer === '') return chosen;
  }
  return undefined;
}

async function answerTo(io: CliIo, prompt: string): Promise<string> {
  io.stderr.write(prompt);
  const reader = createInterface({ input: io.stdin, terminal: false });
  try {
    const answer = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => {
        resolve('');
      });
    });
    return answer.trim();
  } finally {
    reader.close();
  }
}
