import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/**
 * The commands of GitHub's runner: lines on stdout, and files that it names in the environment
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export function createRunner(env, stdout) {
  const command = (name, text) => stdout.write(`::${name}::${escaped(text)}\n`);
  const append = (file, name, value) => {
    // A delimiter that nobody can guess: text from outside cannot set another value.
    const end = `end-${randomUUID()}`;
    if (file) appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
  };
  return {
    mask: (text) => command('add-mask', text),
    warning: (text) => command('warning', text),
    error: (text) => command('error', text),
    /** A line of the log; one that came from elsewhere cannot become a command. */
    say: (text) =>
      stdout.write(
        `${String(text)
          .replace(/[\r\n]+/g, ' ')
          .replace(/^\s*::/, ' ')}\n`,
      ),
    setOutput: (name, value) => append(env.GITHUB_OUTPUT, name, value),
    saveState: (name, value) => append(env.GITHUB_STATE, name, value),
    exportVariable: (name, value) => append(env.GITHUB_ENV, name, value),
  };
}

function escaped(text) {
  return String(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
