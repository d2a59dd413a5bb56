import { callGraphOf } from '../../../domain/root-cause/call-graph';
import { waysOf } from '../../../domain/root-cause/explain';
import { signsOf } from '../../../domain/root-cause/node-signs';
import type { CauseNode } from '../../../domain/root-cause/types';
import { calls, node, question, series } from './worked';

const silent = series('requests', 200, 0);
const failing = (share: number) => series('availability', 1, 1 - share);

/** How likely the silence of `store` is the doing of `orders`. */
function blamed(nodes: readonly CauseNode[], ...edges: string[]): number {
  const asked = question(nodes, calls(...edges));
  const ids = nodes.map(({ id }) => id);
  const ways = waysOf(
    callGraphOf(ids, asked.calls),
    nodes.map((each) => signsOf(each, asked)),
    new Set(),
    60,
  );
  return ways[ids.indexOf('store')]?.find(({ from }) => from === ids.indexOf('orders'))?.weight ?? 0;
}

test('a silent caller leaves its callees silent', () => {
  expect(blamed([node('orders', silent), node('store', silent)], 'orders>store')).toBeGreaterThan(0.8);
});

test('it hardly does where another caller asks as before', () => {
  const nodes = [node('orders', silent), node('search', failing(0.3)), node('store', silent)];
  expect(blamed(nodes, 'orders>store', 'search>store')).toBeLessThan(0.4);
});

test('a caller that fails little goes on asking', () => {
  const of = (share: number): number => blamed([node('orders', failing(share)), node('store', silent)], 'orders>store');
  expect(of(0.2)).toBeLessThan(of(0.9) / 3);
});
