import { rankCauses } from '../../../domain/root-cause/rank';
import { calls, node, ONSET, question, series } from './worked';

const slow = (usual: number, now: number, from = 4) => series('latency', usual, now, from);

test('of a chain in which all are slow the deepest is the root, and is named with high confidence', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.2, 0.8)), node('store', slow(0.05, 0.65))];
  const { verdict, confidence, roots, causes } = rankCauses(question(nodes, calls('shop>orders', 'orders>store')));
  expect({ verdict, confidence, roots }).toEqual({ verdict: 'named', confidence: 'high', roots: ['store'] });
  expect(causes[0]?.supporting).toContainEqual(
    expect.objectContaining({ kind: 'explains', text: expect.stringContaining('2 of the 2') as unknown, nodes: ['shop', 'orders'] }),
  );
});

test('what contradicts a caller is the callee that explains it', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.2, 0.8))];
  const { causes } = rankCauses(question(nodes, calls('shop>orders')));
  const shop = causes.find((each) => each.node === 'shop');
  expect(shop?.contradicting).toContainEqual(expect.objectContaining({ kind: 'explained-by', nodes: ['orders'] }));
});

test('a loud node that nobody in trouble calls is no root', () => {
  const nodes = [node('shop', slow(0.3, 0.6)), node('orders', slow(0.1, 0.4)), node('reports', slow(0.1, 30))];
  const { roots, causes } = rankCauses(question(nodes, calls('shop>orders', 'batch>reports')));
  expect(roots).toEqual(['orders']);
  expect(causes.find((each) => each.node === 'reports')?.contradicting).toContainEqual(expect.objectContaining({ kind: 'symptom' }));
});

test('a callee that was slow long before is no root', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.1, 0.7)), node('mail', slow(0.01, 0.02, 0))];
  expect(rankCauses(question(nodes, calls('shop>orders', 'shop>mail'))).roots).toEqual(['orders']);
});

test('a callee whose extra time is far too little does not explain its caller', () => {
  const nodes = [node('shop', slow(0.3, 1)), node('orders', slow(0.2, 0.9)), node('store', slow(0.001, 0.0015))];
  expect(rankCauses(question(nodes, calls('shop>orders', 'orders>store'))).causes[0]?.node).toBe('orders');
});

test('a node without series of which every caller is in trouble can be the root', () => {
  const failing = series('availability', 1, 0.7);
  const nodes = [node('shop', failing), node('orders', failing), node('search', failing), { id: 'cache', series: [] }];
  const edges = calls('shop>orders', 'shop>search', 'orders>cache', 'search>cache');
  const { causes } = rankCauses(question(nodes, edges, { symptom: { node: 'shop', kind: 'availability' } }));
  expect(causes[0]).toMatchObject({ node: 'cache', supporting: expect.arrayContaining([expect.objectContaining({ kind: 'unmeasured' })]) as unknown });
});

test('a callee that falls silent is the root of its caller’s errors', () => {
  const nodes = [node('shop', series('availability', 1, 0.5)), node('orders', series('requests', 200, 0))];
  expect(rankCauses(question(nodes, calls('shop>orders'), { symptom: { node: 'shop', kind: 'availability' } })).roots).toEqual(['orders']);
});

test('who is not asked any more by a silent caller is not the root', () => {
  const silent = series('requests', 200, 0);
  const nodes = [node('shop', series('availability', 1, 0.5)), node('orders', silent), node('store', silent)];
  const edges = calls('shop>orders', 'orders>store');
  expect(rankCauses(question(nodes, edges, { symptom: { node: 'shop', kind: 'availability' } })).causes[0]?.node).toBe('orders');
});

test('more load from outside makes the entry the root, and not what it overloads', () => {
  const more = series('requests', 200, 900);
  const nodes = [node('shop', more, slow(0.3, 0.9)), node('orders', more, slow(0.2, 0.5)), node('mail', more, slow(0.1, 0.2))];
  expect(rankCauses(question(nodes, calls('shop>orders', 'shop>mail'))).causes[0]?.node).toBe('shop');
});

test('more load than any caller passes on makes the node where it comes in the root', () => {
  const more = series('requests', 200, 700);
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', more, slow(0.2, 0.8)), node('stock', more, slow(0.1, 0.6)), node('mail')];
  expect(rankCauses(question(nodes, calls('shop>orders', 'orders>stock', 'shop>mail'))).causes[0]).toMatchObject({
    node: 'orders',
    supporting: expect.arrayContaining([expect.objectContaining({ text: expect.stringContaining('More load comes in here') as unknown })]) as unknown,
  });
});

test('load that callers make by asking again comes from nobody outside', () => {
  const failing = (share: number) => series('availability', 1, 1 - share);
  const again = series('requests', 200, 400);
  const nodes = [node('shop', failing(0.5)), node('orders', again, failing(0.6)), node('stock', again, failing(0.6))];
  const asked = question(nodes, calls('shop>orders', 'orders>stock'), { symptom: { node: 'shop', kind: 'availability' } });
  expect(rankCauses(asked).causes[0]?.node).toBe('stock');
});

test('a callee that was never called before does not explain its caller', () => {
  const fresh = { id: 'fallback', series: [series('availability', 1, 0, 4), series('requests', 0, 40)] };
  const nodes = [node('shop', series('availability', 1, 0.8)), node('orders', series('availability', 1, 0.7)), fresh];
  const asked = question(nodes, calls('shop>orders', 'orders>fallback'), { symptom: { node: 'shop', kind: 'availability' } });
  expect(rankCauses(asked).roots).toEqual(['orders']);
});

test('an address is another view of a measured callee of the same caller', () => {
  const view = { ...node('orders.example.org', slow(0.1, 0.7)), measuredBy: 'callers' as const };
  const nodes = [node('shop', slow(0.3, 0.9)), view, node('orders', slow(0.1, 0.7))];
  const { causes } = rankCauses(question(nodes, calls('shop>orders.example.org', 'shop>orders')));
  expect(causes[0]?.node).toBe('orders');
  expect(causes.find((each) => each.node === 'orders.example.org')?.contradicting).toContainEqual(expect.objectContaining({ kind: 'view' }));
});

test('of two callees that fit alike the one that was just changed comes first', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.1, 0.7)), node('stock', slow(0.1, 0.7))];
  const changes = [{ id: 'deploy-7', node: 'stock', at: ONSET - 90 }];
  const { causes } = rankCauses(question(nodes, calls('shop>orders', 'shop>stock'), { changes }));
  expect(causes[0]?.node).toBe('stock');
  expect(causes[0]?.supporting).toContainEqual(expect.objectContaining({ kind: 'change', text: expect.stringContaining('deploy-7') as unknown }));
});

test('a change after the trouble was noticed says nothing', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.1, 0.7)), node('stock')];
  const changes = [{ id: 'late', node: 'stock', at: ONSET + 30 }];
  const { causes } = rankCauses(question(nodes, calls('shop>orders', 'shop>stock'), { changes }));
  expect(causes[0]?.node).toBe('orders');
  expect(causes.find((each) => each.node === 'stock')?.supporting.map(({ kind }) => kind)).not.toContain('change');
});

test('two faults at once are both named', () => {
  const nodes = ['shop', 'desk'].map((id) => node(id, slow(0.3, 0.9))).concat(['orders', 'stock'].map((id) => node(id, slow(0.1, 0.7))));
  const { roots } = rankCauses(
    question([...nodes, node('front', slow(0.5, 1.5))], calls('front>shop', 'front>desk', 'shop>orders', 'desk>stock'), {
      symptom: { node: 'front', kind: 'latency' },
    }),
  );
  expect([...roots].sort()).toEqual(['orders', 'stock']);
});

test('where nothing deviates the cause is undetermined', () => {
  const { verdict, roots, reasons } = rankCauses(question([node('shop'), node('orders')], calls('shop>orders')));
  expect({ verdict, roots, reasons }).toEqual({ verdict: 'undetermined', roots: [], reasons: ['No series of any node deviates in the window.'] });
});

test('a circle of calls is ranked too', () => {
  const nodes = [node('shop', slow(0.3, 0.9)), node('orders', slow(0.2, 0.8)), node('stock', slow(0.1, 0.7))];
  expect(rankCauses(question(nodes, calls('shop>orders', 'orders>stock', 'stock>orders'))).causes).toHaveLength(3);
});

test('without nodes there is nothing to name', () => {
  expect(rankCauses(question([], []))).toMatchObject({ verdict: 'undetermined', causes: [] });
});
