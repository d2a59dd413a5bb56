import { createInterface } from 'node:readline/promises';
import type { CliIo } from './deps';

/** Whether a person can be asked: they must see the question and be able to answer it. */
export function canAsk(io: CliIo): boolean {
  return io.stdinIsTty && io.stderrIsTty;
}

/** Lines of stdin, one for each question. */
export interface Answers {
  /** Asks on stderr; the answer without blanks around it, empty at the end of the input. */
  next(prompt: string): Promise<string>;
  /** Lets stdin go. */
  close(): void;
}

/** Answers to questions that belong together: what is typed ahead is kept for the next one. */
export function answersOf(io: CliIo): Answers {
  const lines: string[] = [];
  const reader = createInterface({ input: io.stdin, terminal: false });
  let ended = false;
  let wake = (): void => undefined;
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  reader.once('close', () => {
    ended = true;
    wake();
  });
  return {
    async next(prompt) {
      io.stderr.write(prompt);
      if (lines.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      return lines.shift()?.trim() ?? '';
    },
    close: () => reader.close(),
  };
}

/** Asks a question. Only `y` and `yes` mean yes; the end of the input means no. */
export async function confirm(io: CliIo, question: string): Promise<boolean> {
  const answers = answersOf(io);
  try {
    return await confirmBy(answers, question);
  } finally {
    answers.close();
  }
}

/** The same where more is asked after it. */
export async function confirmBy(answers: Answers, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await answers.next(`${question} [y/N] `));
}

/** Shows numbered words and reads a number or a word. Anything else is asked once more; then, as for an empty line and the end of the input, it is none. */
export async function chooseOne<T extends string>(answers: Answers, question: string, words: readonly T[], text: (word: T) => string): Promise<T | undefined> {
  const list = words.map((word, i) => `  ${String(i + 1)}  ${text(word)}\n`).join('');
  for (const prompt of [`${question}\n${list}Number or word: `, `Give a number from 1 to ${String(words.length)}, one of the words, or nothing: `]) {
    const answer = await answers.next(prompt);
    const chosen = words.find((word, i) => answer === word || answer === String(i + 1));
    if (chosen !== undefined || answer === '') return chosen;
  }
  return undefined;
}
