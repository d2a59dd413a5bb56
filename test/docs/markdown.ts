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
