import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { CliDeps } from '../../cli/deps';
import { buildProgram } from '../../cli/program';
import { commandsIn, documents, ROOT, textOf } from './markdown';
import type { NamedCommand } from './markdown';

const io = { write: () => undefined };
const program = buildProgram({ version: '0', io: { stdout: io, stderr: io } } as unknown as CliDeps);
const scripts = scriptsOf('package.json');
const BUILT_IN = ['ci', 'install', 'start', 'test'];
const named = documents().flatMap((document) => commandsIn(document, textOf(document)));

function scriptsOf(file: string): readonly string[] {
  return Object.keys((JSON.parse(textOf(file)) as { scripts: Record<string, string> }).scripts);
}

/** What is wrong with `npx nightshift …`; undefined when the command and every option of it exist. */
function complaint(words: readonly string[]): string | undefined {
  let command: Command = program;
  const rest = [...words];
  while (command.commands.length > 0) {
    // A command with others below it may have options of its own.
    if (command !== program && rest[0]?.startsWith('--') === true) break;
    const word = rest.shift();
    if (word === undefined || word === '…') return undefined;
    const options = word.split('|').map((name) => command.commands.find((each) => each.name() === name));
    const [next] = options;
    if (!next || options.includes(undefined)) return `there is no command ${word}`;
    command = next;
  }
  const known = [...command.options, ...program.options].map((option) => option.long);
  // What follows `--` belongs to another program.
  const ours = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  const unknown = ours.filter((word) => word.startsWith('--')).filter((word) => !known.includes(word.split('=')[0]));
  return unknown.length > 0 ? `${command.name()} has no option ${unknown.join(', ')}` : undefined;
}

/** The command of the system that a script of package.json runs, for what follows `--`. */
function npmComplaint(all: readonly string[]): string | undefined {
  // A package of its own in a folder: `npm --prefix infra run synth`.
  const [words, known] = all[0] === '--prefix' ? [all.slice(2), scriptsOf(`${all[1] ?? ''}/package.json`)] : [all, scripts];
  const [verb = '', name = ''] = words;
  const script = verb === 'run' ? name : verb;
  if (verb === 'run' ? !known.includes(script) : !BUILT_IN.includes(verb)) return `there is no npm command ${verb} ${name}`;
  const after = words.slice(words.indexOf('--') + 1);
  return words.includes('--') && ['demo', 'start'].includes(script) ? complaint([script, ...after]) : undefined;
}

function wrong({ document, words }: NamedCommand): string[] {
  const found = words[0] === 'npm' ? npmComplaint(words.slice(1)) : complaint(words.slice(2));
  return found === undefined ? [] : [`${document}: ${words.join(' ')}: ${found}`];
}

test('every command that a document names exists, with its options', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.flatMap(wrong)).toEqual([]);
});

test('a command, an option or a script that does not exist would be found', () => {
  const text =
    'Try `npx nightshift incident explode ID`, `npx nightshift halt on --now` or `npm run nothing`.\n\n```sh\nnpx nightshift incident show ID # fine\n```\n';
  expect(commandsIn('sample', text).flatMap(wrong)).toEqual([
    'sample: npx nightshift incident explode ID: there is no command explode',
    'sample: npx nightshift halt on --now: on has no option --now',
    'sample: npm run nothing: there is no npm command run nothing',
  ]);
});

test('every relative link of a document leads to a file, and one with a fragment to a heading in it', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-');
  const broken = documents().flatMap((document) =>
    [...textOf(document).matchAll(/(?:\]\(|src="|href=")(?!https?:|mailto:)([^)"\s]*)/g)].flatMap((match) => {
      const [path = '', fragment] = (match[1] ?? '').split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return [`${document}: ${target} is missing`];
      if (fragment === undefined) return [];
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map((heading) => slug(heading[1] ?? ''));
      return headings.includes(fragment) ? [] : [`${document}: ${target} has no heading ${fragment}`];
    }),
  );
  expect(broken).toEqual([]);
});
