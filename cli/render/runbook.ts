import { relativeTime } from '../../domain/human-time';
import { plainText } from '../../domain/plain-text';
import type { Runbook, RunbookSnapshot, RunbookStep } from '../../domain/runbook';
import type { RepositoryView } from '../../domain/runbook-source';

/** How it stands with the repository that runbooks are read from, a few lines. `now` is epoch milliseconds. */
export function repositoryText({ repository, ref, path, commit, checkedAt, failing, refused }: RepositoryView, now: number): string {
  const place = `${repository}, ${ref}, ${path === '' ? 'its root' : path}`;
  const lines = [
    `${place}: ${commit === undefined ? 'no commit is in use, so only built-in runbooks and those of the folder are known' : `commit ${commit} is in use`}`,
    checkedAt === undefined ? 'it was never read yet' : `last read ${relativeTime(checkedAt, now)}`,
    ...(failing ? [`cannot be read since ${relativeTime(failing.since, now)}: ${failing.why}`] : []),
    ...(refused ? [`commit ${refused.commit} is refused as a whole:`, ...refused.problems.map((each) => `  ${each.path}: ${each.message}`)] : []),
  ];
  return lines.map((line) => line.replace(/^( *)(.*)$/s, (_whole, indent: string, text: string) => `${indent}${plainText(text)}\n`)).join('');
}

/** A runbook on a page. */
export function runbookText({ hash, runbook, origin }: RunbookSnapshot): string {
  const lines: readonly (readonly [string, string])[] = [
    ['From', origin ?? 'unknown'],
    ['Hash', hash],
    ['For', runbook.causes.join(', ')],
    ['Risk', `${runbook.risk}, ${runbook.reversible ? 'reversible' : 'not reversible'}`],
    ...Object.entries(runbook.parameters).map(([name, each]): readonly [string, string] => ['Parameter', `${name}: ${each.description}`]),
    ...runbook.preconditions.map((each): readonly [string, string] => ['Only if', called(each.check, each.with)]),
    ...runbook.steps.map((step, i): readonly [string, string] => [`Step ${String(i + 1)}`, stepText(step)]),
    ...undoOf(runbook).map((step): readonly [string, string] => ['Undo', stepText(step)]),
  ];
  const head = `${runbook.id} v${String(runbook.version)}: ${runbook.title}`;
  return [plainText(head), `  ${plainText(runbook.description)}`, ...lines.map(([label, text]) => `  ${label.padEnd(11)}${plainText(text)}`), ''].join('\n');
}

function undoOf({ inverse }: Runbook): readonly RunbookStep[] {
  return inverse?.steps ?? [];
}

function stepText({ name, uses, with: inputs }: RunbookStep): string {
  return `${name} (${called(uses, inputs)})`;
}

function called(name: string, inputs: Readonly<Record<string, string>>): string {
  return [name, ...Object.entries(inputs).map(([key, value]) => `${key}=${value}`)].join(' ');
}
