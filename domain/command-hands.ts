import type { Problem } from './errors';

/** Commands that a team can give Nightshift to act on a service: two that only look, two that act. */
export const COMMANDS = ['current', 'releases', 'deploy', 'restart'] as const;
/** Name of a command. */
export type CommandName = (typeof COMMANDS)[number];
/** The commands of a service, each a program with its arguments; a set may be partial. */
export type Commands = Readonly<Partial<Record<CommandName, readonly string[]>>>;

/** What a release may be called. It begins with a letter or digit, so that no program takes it for an option. */
export const RELEASE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;

/** Values that a placeholder in an argument stands for. */
export type PlaceholderValues = Readonly<Partial<Record<PlaceholderName, string>>>;

/** Placeholders by command; only commands that act know of an incident and a token. */
const PLACEHOLDERS = {
  current: ['service', 'environment'],
  releases: ['service', 'environment'],
  deploy: ['release', 'token', 'incident', 'service', 'environment'],
  restart: ['token', 'incident', 'service', 'environment'],
} as const satisfies Record<CommandName, readonly string[]>;
/** Name of a placeholder. */
export type PlaceholderName = (typeof PLACEHOLDERS)[CommandName][number];

// A name in double braces is left to the program: `docker inspect --format {{json}}`.
const PLACEHOLDER = /(?<!\{)\{([A-Za-z]+)\}(?!\})/g;

/** What is wrong with the arguments of a command: placeholders that it does not know, or that it lacks. Paths start at `at`. */
export function argumentProblems(command: CommandName, argv: readonly string[], at: string): Problem[] {
  const known: readonly string[] = PLACEHOLDERS[command];
  const used = argv.map((argument) => [...argument.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''));
  const problems = used.flatMap((names, i) =>
    names.flatMap((name): Problem[] => {
      if (i === 0) return [{ path: `${at}.0`, message: 'is the program and cannot hold a placeholder' }];
      const use = `${command} knows ${known.map((each) => `{${each}}`).join(', ')}; write {{${name}}} to pass braces on`;
      return known.includes(name) ? [] : [{ path: `${at}.${i}`, message: `{${name}} is not a placeholder here; ${use}` }];
    }),
  );
  if (command === 'deploy' && !used.flat().includes('release')) {
    problems.push({ path: at, message: "does not say where the release goes; add the argument '{release}'" });
  }
  return problems;
}

/** The arguments with every placeholder filled once. A value stays one argument, whatever it holds, and is never read as a placeholder itself. */
export function fillArguments(argv: readonly string[], values: PlaceholderValues): string[] {
  return argv.map((argument, i) => (i === 0 ? argument : argument.replace(PLACEHOLDER, (whole, name: string) => values[name as PlaceholderName] ?? whole)));
}
