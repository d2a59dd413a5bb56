import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cli } from '../fakes/cli-harness';

const mark = {
  rule: 'gap',
  severity: 'error',
  environment: 'prod',
  service: 'shop',
  metric: 'm',
  labels: { pod: '1' },
  since: '2026-03-01T09:00:00.000Z',
  detail: 'No point for 2m.',
};
const quality = { checkedAt: '2026-03-01T09:32:00.000Z', series: 7, marks: [mark], more: 2 };
const series = {
  name: 'errors',
  measure: 'error-share',
  madeTo: '2026-03-01T09:32:00.000Z',
  windows: 5,
  remade: 2,
  late: 3,
  overKeys: 1,
  unfit: 0,
  refused: 0,
};

/** Runs a command against an API that gives one answer; tells what was asked too. */
async function run(answer: unknown, ...args: readonly string[]) {
  let asked = '';
  const server = createServer((request, response) => {
    asked = request.url ?? '';
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return { ...(await cli(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ['data', ...args])), asked };
  } finally {
    server.close();
  }
}

test('data quality lists marks with their series, and says what is not shown', async () => {
  const { code, out, asked } = await run(quality, 'quality', '--service', 'shop', '--rule', 'gap');
  expect([code, asked]).toEqual([0, '/v1/data/quality?service=shop&rule=gap']);
  expect(out).toMatch(/gap +error +shop +m\{pod="1"\} .*No point for 2m\./);
  expect(out).toContain('2 more marks are not kept.');
});

test('data quality prints one JSON value', async () => {
  expect((await run(quality, 'quality', '--json')).json()).toEqual(quality);
});

test('data quality says when nothing is wrong, and when nothing was looked at', async () => {
  expect((await run({ ...quality, marks: [], more: 0 }, 'quality')).out).toContain('No marks (7 series');
  expect((await run({ checkedAt: null, series: 0, marks: [], more: 0 }, 'quality')).out).toContain('Nothing was looked at yet');
});

test('data quality knows its rules', async () => {
  expect((await run(quality, 'quality', '--rule', 'colour')).code).toBe(2);
});

test('data series tells how far each is measured and what came late', async () => {
  expect((await run({ series: [series] }, 'series')).out).toMatch(/errors +error-share +2026-03-01T09:32:00\.000Z +5 +2 +3 +1/);
  expect((await run({ series: [] }, 'series')).out).toContain('No series is declared');
});
