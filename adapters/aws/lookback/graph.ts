import type { GetServiceGraphCommandOutput, Service } from '@aws-sdk/client-xray';
import type { PastFact } from '../../../domain/lookback/facts';
import { nameOf } from '../../../domain/sources/names';
import { wholeList } from './kind';
import type { PastKind } from './kind';

/** The longest time that one graph may be of. https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html */
const WINDOW_MS = 6 * 3_600_000;

/** Who calls whom, as X-Ray saw it in the last hours of the span: one graph is enough, as callers seldom change. */
export const graph: PastKind = {
  name: 'graph',
  async plan({ settings, span }, ask) {
    const { GetServiceGraphCommand, XRayClient } = await import('@aws-sdk/client-xray');
    const client = new XRayClient(settings);
    const range = { StartTime: new Date(Math.max(span.from, span.to - WINDOW_MS)), EndTime: new Date(span.to) };
    const services = await wholeList<Service>(async (NextToken) => {
      const answer: GetServiceGraphCommandOutput = await ask('xray:GetServiceGraph', (options) =>
        client.send(new GetServiceGraphCommand({ ...range, NextToken }), options),
      );
      return { items: answer.Services ?? [], next: answer.NextToken };
    });
    return { parts: [], facts: dependenciesOf(services), close: () => client.destroy() };
  },
};

function dependenciesOf(services: readonly Service[]): PastFact[] {
  const names = new Map(services.map(({ ReferenceId, Name }) => [ReferenceId, nameOf(Name ?? '')]));
  return services.flatMap(({ Name, Type, Edges = [] }): PastFact[] => {
    const service = nameOf(Name ?? '');
    // Browsers and phones are no services.
    if (service === undefined || Type === 'client') return [];
    return Edges.flatMap(({ ReferenceId }) => {
      const on = names.get(ReferenceId);
      return on === undefined || on === service ? [] : [{ kind: 'dependency' as const, service, on }];
    });
  });
}
