import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadConfig } from '../../config/load';
import { packageRoot } from '../../config/package-root';
import { SOURCES } from '../../domain/sources/recognise';
import type { CliResult } from '../fakes/cli-harness';
import { cli } from '../fakes/cli-harness';

const SAMPLE = join(packageRoot(), 'test', 'samples', 'alertmanager', 'two-alerts.json');
const NAMES = ['HighErrorRate', 'TargetDown'];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-ingest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command line with no API anywhere. */
const preview = (args: readonly string[], typed = ''): Promise<CliResult> =>
  cli('http://127.0.0.1:1', ['ingest', 'preview', ...args], {
    deps: { loadConfig: (file) => loadConfig({ env: {}, cwd: folder, ...(file === undefined ? {} : { file }) }) },
    typed,
  });
const names = ({ out }: CliResult): unknown => (JSON.parse(out) as { name: string }[]).map(({ name }) => name);

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('nightshift ingest preview', () => {
  it('prints what a message holds as a JSON array, and tells what was left aside on stderr', async () => {
    const result = await preview([SAMPLE]);
    expect([result.code, names(result)]).toEqual([0, NAMES]);
    expect(result.err).toContain('Left aside: 3 alerts that Alertmanager left out');
  });

  it('reads stdin, gzip, and a source by its name', async () => {
    expect(names(await preview(['-'], readFileSync(SAMPLE, 'utf8')))).toEqual(NAMES);
    expect(names(await preview([], readFileSync(SAMPLE, 'utf8')))).toEqual(NAMES);
    expect(names(await preview([await file('a.gz', gzipSync(readFileSync(SAMPLE))), '--source', 'alertmanager', '--json']))).toEqual(NAMES);
  });

  it('takes the service of a configuration before one that is only more usual, and its environment for what names none', async () => {
    const config = await file('n.yaml', 'services: [{ name: node, environment: demo, tier: critical }]');
    const { out } = await preview([SAMPLE, '--config', config]);
    expect((JSON.parse(out) as { service: string; environment: string }[]).map(({ service, environment }) => [service, environment])).toEqual([
      ['node', 'staging'],
      ['catalogue-search', 'demo'],
    ]);
  });

  it('says so where a message holds nothing for us, and that is no failure', async () => {
    const result = await preview([await file('none.json', '{"version":"4","groupKey":"x","alerts":[]}')]);
    expect([result.code, JSON.parse(result.out)]).toEqual([0, []]);
    expect(result.err).toContain('It holds nothing for Nightshift.');
  });

  it.each([
    ['cut short', '{"version":"4","groupKey":"x","alerts":[{'],
    ['of a source that is not known', '{"hello":"world"}'],
    ['not as the source sends it', '{"version":"4","groupKey":"x","alerts":[{"status":"odd"}]}'],
    ['empty', ''],
  ])('a message that is %s is exit code 1 and a sentence', async (_name, text) => {
    const result = await preview([await file('bad.json', text)]);
    expect([result.code, result.out]).toEqual([1, '']);
    expect(result.err).toMatch(/^nightshift: [A-Z0-9`][^\n]*\.\n/);
    expect(result.err).not.toMatch(/\bat .*:\d+/);
  });

  it('a source, a file or a header that is none is told as such', async () => {
    expect((await preview([SAMPLE, '--source', 'alertmanger'])).err).toContain('did you mean alertmanager?');
    expect((await preview([join(folder, 'nowhere.json')])).err).toContain('cannot be read');
    expect((await preview([SAMPLE, '--header', 'nonsense'])).code).toBe(2);
  });
});

test('nightshift ingest sources lists every source with what it gives', async () => {
  const { code, out } = await cli('http://127.0.0.1:1', ['ingest', 'sources', '--json'], {});
  expect([code, (JSON.parse(out) as { sources: { name: string }[] }).sources.map(({ name }) => name)]).toEqual([0, SOURCES.map(({ name }) => name)]);
});

test('a source that the configuration maps is listed, and read by its name', async () => {
  const file = join(folder, 'nightshift.yaml');
  await writeFile(file, 'sources: { ci-tool: { mapping: { object: build, fields: { name: job, run: number, result: { value: failed } } } } }');
  const { code, json } = await preview(['--source', 'ci-tool', '--config', file, '-'], '{"job":"unit tests","number":7}');
  expect([code, json()]).toEqual([0, [expect.objectContaining({ object: 'build', source: 'ci-tool', name: 'unit tests', run: '7', result: 'failed' })]]);
  const listed = await cli('http://127.0.0.1:1', ['ingest', 'sources', '--config', file], {
    deps: { loadConfig: (named) => loadConfig({ env: {}, cwd: folder, ...(named === undefined ? {} : { file: named }) }) },
  });
  expect(listed.out).toMatch(/^ci-tool +build/m);
});
