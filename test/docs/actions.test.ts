import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCatalogue } from '../../config/catalogue';
import { ACTIONS, specOf, type ActionName } from '../../domain/actions/table';
import { chooseRunbook } from '../../domain/choose-runbook';
import type { Hypothesis } from '../../domain/diagnosis';
import { renderRunbook } from '../../domain/runbook-render';
import { ROOT, textOf } from './markdown';

const rows = textOf('docs/actions.md')
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the table of actions names each with its inputs and what it does', () => {
  const told = rows.map(([, name = '', inputs = '', what]) => [name.replaceAll('`', ''), [...inputs.matchAll(/`([^`]+)`/g)].map(([, input]) => input), what]);
  const names = Object.keys(ACTIONS) as ActionName[];
  expect(told).toEqual(names.map((name) => [name, Object.keys(specOf(name).inputs), specOf(name).summary]));
});

test('the runbook that reruns failed jobs is a good one, and is chosen for a failed run of GitHub Actions before the built-in ones', () => {
  const [example = '', ...others] = [...textOf('docs/actions.md').matchAll(/^```yaml\n(id: [^]*?)^```/gm)].map(([, text]) => text);
  expect(others).toEqual([]);
  const directory = mkdtempSync(join(tmpdir(), 'nightshift-docs-'));
  writeFileSync(join(directory, 'example.yaml'), example);
  const { runbooks, problems } = readCatalogue({ root: ROOT, directory });
  rmSync(directory, { recursive: true });
  expect(problems).toEqual([]);
  const failed: Hypothesis = {
    ...{ id: 'build:1', cause: 'failed-build', title: 'ci failed', score: 0.7, supporting: ['E01'], contradicting: [], suspect: 'checkout' },
    ...{ runbook: 'rerun-build', parameters: { run: '7000000001' } },
  };
  const remedy = chooseRunbook(runbooks, failed, []);
  expect(remedy?.runbook.runbook.id).toBe('rerun-failed-jobs');
  const steps = remedy && renderRunbook(remedy.runbook.runbook, remedy.parameters).steps;
  expect(steps).toMatchObject([{ uses: 'github.rerun-failed-jobs', with: { run: '7000000001' } }]);
});
