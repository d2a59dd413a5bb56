import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';
import type { Startup } from '../../config/startup';
import type { NightshiftError } from '../../domain/errors';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-runbooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string): Startup {
  writeFileSync(join(folder, 'nightshift.yaml'), text);
  return loadStartup({ env: { RUNBOOKS_TOKEN: 'secret-token' }, cwd: folder, root: packageRoot() });
}
const github = (members: string): Startup['config']['runbooks'] => load(`runbooks: { github: { ${members} } }`).config.runbooks;
const wrong = (members: string): readonly string[] => {
  try {
    github(members);
    return [];
  } catch (error) {
    return (error as NightshiftError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

test('a repository alone is enough: the branch main, its folder runbooks, every five minutes', () => {
  const defaults = { ref: 'main', path: 'runbooks', url: 'https://api.github.com', everyMs: 300_000, timeoutMs: 10_000 };
  expect(github('repository: acme/ops')).toEqual({ github: { repository: 'acme/ops', ...defaults } });
});

test('ref, folder, token, times and the address of GitHub Enterprise can be set', () => {
  const all =
    "repository: acme/.ops, ref: release/v1.2, path: ops/night, token: { env: RUNBOOKS_TOKEN }, every: 1m, timeout: 2s, url: 'https://github.example.com/api/v3/'";
  expect(github(all).github).toEqual({
    ...{ repository: 'acme/.ops', ref: 'release/v1.2', path: 'ops/night', url: 'https://github.example.com/api/v3', everyMs: 60_000, timeoutMs: 2_000 },
    token: 'secret-token',
  });
  expect(github("repository: acme/ops, path: ., url: 'http://127.0.0.1:3000'").github).toMatchObject({ path: '', url: 'http://127.0.0.1:3000' });
});

test.each(['acme', 'acme/ops/more', 'https://github.com/acme/ops', '-acme/ops', 'acme/..', 'acme/o ps'])('%s is no repository', (name) => {
  expect(wrong(`repository: '${name}'`)).toEqual([expect.stringContaining('write owner/name') as string]);
});

test.each(['../x', '-x', 'a..b', 'a b', 'x/', 'x.lock', 'x@{1}', 'a//b', 'x:y', 'a?b', '/x', 'a/.b'])('%s is no ref', (ref) => {
  expect(wrong(`repository: acme/ops, ref: '${ref}'`)).toEqual([expect.stringContaining('is not a branch, a tag or a commit') as string]);
});

test.each(['/runbooks', '..', 'a/../b', 'a/', 'a//b', './a', ''])('"%s" is no folder of a repository', (path) => {
  expect(wrong(`repository: acme/ops, path: '${path}'`)).toEqual([expect.stringContaining('runbooks.github.path: is not a folder') as string]);
});

test('nothing is read in the clear from another machine, and a secret is never written out', () => {
  expect(wrong("repository: acme/ops, url: 'http://github.example.com/api/v3'")).toEqual([
    expect.stringContaining('runbooks.github.url: must begin with https://') as string,
  ]);
  expect(wrong("repository: acme/ops, url: 'https://github.example.com/?a=b'")).toEqual([expect.stringContaining('more than the address') as string]);
  expect(wrong('repository: acme/ops, token: ghp_abc')).toEqual([expect.stringMatching(/^runbooks\.github\.token: (?!.*ghp_abc).*is a secret/) as string]);
  expect(wrong('repository: acme/ops, token: { env: NOT_SET }')).toEqual([expect.stringContaining('has no variable NOT_SET') as string]);
});

test('a rule for a runbook that may be in the repository is a warning, and without a repository a mistake', () => {
  const rules = 'policy: { rules: [{ mode: observe, runbook: flush }, { mode: observe, runbook: restart-service }] }';
  expect(load(`runbooks: { github: { repository: acme/ops } }\n${rules}`).config.warnings).toEqual([
    { path: 'policy.rules.0.runbook', message: 'flush is not on this machine; if it is not in acme/ops either, this rule matches nothing' },
  ]);
  expect(() => load(rules)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ path: 'policy.rules.0.runbook' })] }));
});
