import type { CallCount } from '../call-counts';
import { serviceOf } from '../sources/names';
import type { SourceContext } from '../sources/source';

/** How often something was called in a window; durations in milliseconds. */
export interface GraphCalls {
  readonly requests: number;
  /** Those that ended with a fault (5xx). */
  readonly failed: number;
  readonly durationMs: number;
  /** Of the slowest, where it is told. */
  readonly longestMs?: number;
}

/** A node of a service graph, as X-Ray has it. */
export interface GraphNode {
  readonly id: number;
  /** The names that it is known by, the usual one first. */
  readonly names: readonly string[];
  /** Such as `AWS::ECS::Container`, `client` or `remote`; absent for a service that does not say where it runs. */
  readonly type?: string;
  /** All that came to it. */
  readonly calls?: GraphCalls;
  readonly edges: readonly { readonly to: number; readonly calls?: GraphCalls }[];
}

/** Types whose nodes tell of themselves; of all others (databases, queues, addresses) only their callers tell. */
const TELLING = /^AWS::(?:ApiGateway|AppRunner|AppSync|EC2|ECS|EKS|ElasticBeanstalk|Lambda|StepFunctions)/;
/** Where requests come from that nobody traced. */
const CLIENT = 'client';

/**
 * Calls of a graph, counted at `at` (begin of a minute). Nodes are the services that the configuration knows by one of their names, or else by the first. Lambda is two nodes of one name, a
 * call of which to the other is a step inside the service, and is not a second request to it.
 */
export function graphCalls(nodes: readonly GraphNode[], at: number, context: SourceContext): CallCount[] {
  const { environment } = context;
  const named = new Map(nodes.map((node) => [node.id, serviceOf(node.names, context)]));
  const inner = new Set(nodes.flatMap(({ id, edges }) => edges.filter(({ to }) => to !== id && named.get(to) === named.get(id)).map(({ to }) => to)));
  return nodes.flatMap(({ id, type, calls, edges }) => {
    const own = named.get(id) ?? '';
    if (type === CLIENT) return [];
    const itself = calls && calls.requests > 0 && isTelling(type) && !inner.has(id) ? [{ environment, callee: own, at, ...countOf(calls) }] : [];
    const called = edges.flatMap(({ to, calls: their }): CallCount[] => {
      const callee = named.get(to);
      return callee === undefined || !their || their.requests === 0 ? [] : [{ environment, caller: own, callee, at, ...countOf(their) }];
    });
    return [...itself, ...called];
  });
}

function isTelling(type: string | undefined): boolean {
  return type === undefined || TELLING.test(type);
}

/** Where the slowest is not told, it took at least as long as the mean. */
function countOf({ requests, failed, durationMs, longestMs }: GraphCalls): Pick<CallCount, 'requests' | 'failed' | 'durationMs' | 'longestMs'> {
  return { requests, failed: Math.min(failed, requests), durationMs, longestMs: longestMs ?? durationMs / requests };
}
