import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Root of the repository. */
export const ROOT = join(__dirname, '..', '..');

/** Text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths, from the root, of the documents that people read: those at the root, in `docs/` and in `examples/`. */
export function documents(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const below = ['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => relative(ROOT, join(ROOT, folder, path))),
  );
  return [...top, ...below].sort();
}

/** A command line that a document names, with the document. */
export interface NamedCommand {
  readonly document: string;
  readonly words: readonly string[];
}

/** Every `npx nightshift …` and `npm …` in code of a document: in fences line by line, and in code spans. Comments, pipes and further commands end one. */
export function commandsIn(document: string, text: string): NamedCommand[] {
  const fences = [...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].flatMap((match) => (match[1] ?? '').replaceAll('\\\n', ' ').split('\n'));
  const prose = text.replace(/^ *```[^\n]*\n[\s\S]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  return [...fences, ...spans].flatMap((line) =>
    [...line.matchAll(/\b(?:npx nightshift|npm)\b[^#|;&)]*/g)].map((match) => ({ document, words: match[0].trim().split(/\s+/) })),
  );
}

/** The commands of one document as a test runs them: each is taken in the words in which it stands there. */
export interface Page {
  /** Marks a command as run. Throws when the page does not have it in these words. */
  take(command: string): void;
  /** Commands that nobody took yet. */
  left(): readonly string[];
}

/** What a span of code begins with when it is a command to be typed. */
const TYPED = /^(npx|npm|node|sh|docker|docker-compose|temporal|psql|curl|systemctl) /;

/** Opens a document: the lines of its shell blocks without remarks, and where `spans` is set the commands in its prose too. */
export function openPage(document: string, { spans = false }: { readonly spans?: boolean } = {}): Page {
  const text = textOf(document);
  const blocks = [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gm)].flatMap((match) => (match[1] ?? '').replace(/\\\n\s*/g, '').split('\n'));
  const prose = text.replace(/^ *```[^\n]*\n[^]*?^ *```/gm, '');
  const typed = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '').filter((span) => TYPED.test(span));
  const lines = [...blocks, ...(spans ? typed : [])].map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  const commands = new Set(lines.filter((line) => line !== ''));
  const left = new Set(commands);
  return {
    take(command) {
      if (!commands.has(command)) throw new Error(`${document} has no command ${command}; it has\n${[...commands].join('\n')}`);
      left.delete(command);
    },
    left: () => [...left],
  };
}

/** Words of a command line; quotes hold words together. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(([word, double, single]) => double ?? single ?? word);
}
