import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedCase } from '../../../bench/rca/generator/generate';
import { readScenario, scenariosIn } from '../../../bench/rca/petshop';
import { scoreSet } from '../../../bench/rca/score';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rca-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** A web page that calls a store, in PetShop's layout; the store is slow in the issue. */
async function scenario(): Promise<string> {
  const root = join(dir, 'corner-shop', 'quiet');
  const head =
    'microservice,web,web,store,store\nmetric,latency,availability,latency,availability\nstatistic,Average,Average,Average,Average\nunix_timestamp,,,,\n';
  const rows = (from: number, count: number, slow: number): string =>
    Array.from({ length: count }, (_each, i) => {
      const more = i >= slow ? 0.5 : 0;
      const wobble = 0.001 * (i % 5);
      return `${from + 300 * i}.0,${0.2 + more + wobble},100,${0.1 + more + wobble},${i === 1 ? '' : 99.5}\n`;
    }).join('');
  for (const [path, text] of [
    ['graph.csv', ',web,store\nweb,0.0,1.0\nstore,0.0,0.0\n'],
    ['noissue/metrics.csv', head + rows(900_000, 40, Infinity)],
    ['test/issue_0/metrics.csv', head + rows(600_000, 5, 2)],
    [
      'test/issue_0/target.json',
      JSON.stringify({ target: { node: 'web', metric: 'latency', agg: 'Average', timestamp: 600_500 }, root_cause: { node: 'store', metric: null } }),
    ],
  ] as const) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

test('an issue in PetShop’s layout is read with its calls, shares and normal time, and its root is found', async () => {
  const root = await scenario();
  expect(await scenariosIn(dir)).toEqual([root]);
  const [issue] = await readScenario(root, dir);
  expect(issue).toMatchObject({ name: 'corner-shop/quiet/test/issue_0', roots: ['store'] });
  expect(issue?.question).toMatchObject({ calls: [{ caller: 'web', callee: 'store' }], symptom: { node: 'web', kind: 'latency' }, onset: 600_500 });
  expect(issue?.question.normal.to).toBe(issue?.question.window.from);
  expect(issue?.question.nodes[1]?.series[1]?.values[0]?.value).toBe(0.995);
  expect(scoreSet(issue ? [issue] : [])).toMatchObject({ top1: 1, abstained: 0, taken: 1, takenWrong: 0 });
});

test('a generated case is the same for a seed, and its roots are nodes of it', () => {
  const one = generatedCase(5, 3);
  expect(generatedCase(5, 3)).toEqual(one);
  const ids = one.question.nodes.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...one.roots]));
});
