import type { Edge, Service } from '@aws-sdk/client-xray';
import type { GraphCalls, GraphNode } from '../../domain/aws/service-graph';
import { defined } from '../../domain/defined';
import type { ServiceGraph } from '../../ports/service-graph';
import type { AwsAccess } from './access';
import { awsClients } from './clients';

/** The service graph of X-Ray. https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html */
export function xrayGraph(access: AwsAccess): ServiceGraph {
  const clients = awsClients(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { XRayClient } = await import('@aws-sdk/client-xray');
    return new XRayClient(settings);
  });
  return {
    async nodes(place, { from, to }, signal) {
      const { GetServiceGraphCommand } = await import('@aws-sdk/client-xray');
      const found: Service[] = [];
      let NextToken: string | undefined;
      do {
        // The end is part of what X-Ray takes.
        const command = new GetServiceGraphCommand({ StartTime: new Date(from), EndTime: new Date(to - 1), NextToken });
        const page = await clients.ask(place, 'xray:GetServiceGraph', (client) => client.send(command, { abortSignal: signal }));
        found.push(...(page.Services ?? []));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found.flatMap(nodeOf);
    },
  };
}

function nodeOf({ ReferenceId, Name, Names = [], Type, SummaryStatistics, ResponseTimeHistogram, Edges = [] }: Service): GraphNode[] {
  if (ReferenceId === undefined) return [];
  const names = [...new Set([...(Name === undefined ? [] : [Name]), ...Names])];
  const edges = Edges.flatMap(({ ReferenceId: to, SummaryStatistics: summary, ResponseTimeHistogram: times }) =>
    to === undefined ? [] : [defined({ to, calls: callsOf(summary, times) })],
  );
  return [defined({ id: ReferenceId, names, type: Type, calls: callsOf(SummaryStatistics, ResponseTimeHistogram), edges })];
}

/** X-Ray counts in seconds; the values of its histograms are those of single requests, rounded. */
function callsOf(summary: Edge['SummaryStatistics'], times: Edge['ResponseTimeHistogram']): GraphCalls | undefined {
  if (summary?.TotalCount === undefined) return undefined;
  const longest = times?.reduce((most: number | undefined, { Value = 0 }) => Math.max(Value * 1000, most ?? 0), undefined);
  const { TotalCount, FaultStatistics, TotalResponseTime = 0 } = summary;
  return defined({ requests: TotalCount, failed: FaultStatistics?.TotalCount ?? 0, durationMs: TotalResponseTime * 1000, longestMs: longest });
}
