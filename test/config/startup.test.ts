import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCatalogue, readRunbooks } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-startup-'));
  mkdirSync(join(folder, 'ours'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const own = (name: string, text: string) => {
  writeFileSync(join(folder, 'ours', name), text);
};
const flush = `{ id: flush, version: 1, title: F, description: F., for: { causes: [bad-release] }, risk: low, reversible: false, steps: [{ id: s, name: S, uses: service/restart }] }`;
const start = (text: string) => {
  writeFileSync(join(folder, 'nightshift.yaml'), text);
  return loadStartup({ env: {}, cwd: folder, root: packageRoot() });
};
const ids = (runbooks: readonly { readonly runbook: { readonly id: string } }[]) => runbooks.map((each) => each.runbook.id);

describe('the catalogue', () => {
  const builtIn = ids(readCatalogue({ root: packageRoot() }).runbooks);

  it('built in has its runbooks without a problem', () => {
    const { runbooks, problems } = readCatalogue({ root: packageRoot() });
    expect(problems).toEqual([]);
    const files = readdirSync(join(packageRoot(), 'runbooks')).filter((name) => name.endsWith('.yaml'));
    expect(ids(runbooks).map((id) => `${id}.yaml`)).toEqual(files.sort());
  });

  it('takes a team its own runbooks, and other files in the folder do not matter', () => {
    own('flush.yml', flush);
    own('README.md', '# ours');
    expect(ids(start('runbooks: { directory: ours }\npolicy: { rules: [{ runbook: flush, mode: observe }] }').catalogue)).toEqual(['flush', ...builtIn].sort());
  });

  it('with problems stops the start, told together with those of the configuration', () => {
    own('bad.yaml', flush.replace('service/restart', 'service/reboot'));
    const path = join(folder, 'ours', 'bad.yaml');
    expect(() => start('runbooks: { directory: ours }\ninbox: { limit: 0 }')).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        problems: [
          expect.objectContaining({ path: 'inbox.limit' }),
          expect.objectContaining({ path: `${path}: steps.0.uses`, message: expect.stringContaining('did you mean service/restart?') as string }),
        ],
      }),
    );
  });

  it('in a folder that is not there is told', () => {
    expect(() => start('runbooks: { directory: gone }')).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: 'runbooks.directory' })] }),
    );
    expect(readRunbooks([join(folder, 'gone.yaml')]).problems).toHaveLength(1);
  });
});
