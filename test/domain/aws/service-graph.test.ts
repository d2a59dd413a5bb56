import { graphCalls } from '../../../domain/aws/service-graph';
import type { GraphNode } from '../../../domain/aws/service-graph';

const AT = Date.parse('2026-03-01T11:00:00Z');
const context = {
  environment: 'production',
  receivedAt: AT,
  services: new Map([
    ['checkout.internal', 'checkout'],
    ['cart', 'cart'],
  ]),
};
const calls = { requests: 10, failed: 2, durationMs: 500 };
const counted = { requests: 10, failed: 2, durationMs: 500, longestMs: 50 };

function edges(nodes: readonly GraphNode[]): string[] {
  return graphCalls(nodes, AT, context).map(({ caller = '-', callee, requests }) => `${caller} ${callee} ${String(requests)}`);
}

test('calls of one service by another, and what each says of itself, have its name in the configuration', () => {
  const nodes: GraphNode[] = [
    { id: 0, names: ['checkout-stack', 'checkout.internal'], type: 'AWS::ECS::Container', calls, edges: [{ to: 1, calls: { ...calls, longestMs: 90 } }] },
    { id: 1, names: ['Cart'], calls, edges: [] },
  ];
  expect(graphCalls(nodes, AT, context)).toEqual([
    { environment: 'production', callee: 'checkout', at: AT, ...counted },
    { environment: 'production', caller: 'checkout', callee: 'cart', at: AT, ...counted, longestMs: 90 },
    { environment: 'production', callee: 'cart', at: AT, ...counted },
  ]);
});

test('clients call nobody, and of databases only their callers tell', () => {
  const nodes: GraphNode[] = [
    { id: 0, names: ['client'], type: 'client', edges: [{ to: 1, calls }] },
    { id: 1, names: ['cart'], type: 'AWS::EC2::Instance', edges: [{ to: 2, calls }] },
    { id: 2, names: ['carts'], type: 'AWS::DynamoDB::Table', calls, edges: [] },
  ];
  expect(edges(nodes)).toEqual(['cart carts 10']);
});

test('the two nodes of a Lambda function count a request to it once', () => {
  const nodes: GraphNode[] = [
    { id: 0, names: ['cart'], type: 'AWS::Lambda', calls, edges: [{ to: 1, calls }] },
    { id: 1, names: ['cart'], type: 'AWS::Lambda::Function', calls, edges: [] },
  ];
  expect(edges(nodes)).toEqual(['- cart 10', 'cart cart 10']);
});
