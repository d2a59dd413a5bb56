/** Names of workflows and incidents. Workflow code imports this file: no zod, no Node builtins. */

/** Service name of an incident that collects alerts of services that the inventory does not know. */
export const UNROUTED = 'unrouted';

/** What a workflow id of ours says. */
export type WorkflowName =
  | { readonly kind: 'incident'; readonly environment: string; readonly service: string }
  | { readonly kind: 'unrouted'; readonly environment: string; readonly source: string }
  | { readonly kind: 'remediation'; readonly target: string };

/** `incident:<environment>:<service>`: one open incident a service. Colons inside a name are escaped, so that every id parses back. */
export function incidentWorkflowId(environment: string, service: string): string {
  return `incident:${escapePart(environment)}:${escapePart(service)}`;
}

/** `incident:<environment>:unrouted:<source>`: where alerts of unknown services meet. */
export function unroutedWorkflowId(environment: string, source: string): string {
  return `incident:${escapePart(environment)}:${UNROUTED}:${escapePart(source)}`;
}

/** `heartbeat:<environment>`: carries the synthetic alert. */
export function heartbeatWorkflowId(environment: string): string {
  return `heartbeat:${escapePart(environment)}`;
}

/** `remediation:<target>`: the id is the lock of the target. */
export function remediationWorkflowId(target: string): string {
  return `remediation:${target}`;
}

/** Reads a workflow id of ours, or undefined when it is none. */
export function parseWorkflowId(id: string): WorkflowName | undefined {
  if (id.startsWith('remediation:')) {
    const target = id.slice('remediation:'.length);
    return target === '' ? undefined : { kind: 'remediation', target };
  }
  const [word, environment, service, source, ...rest] = id.split(':');
  if (word !== 'incident' || !environment || !service || rest.length > 0) return undefined;
  if (source === undefined) return { kind: 'incident', environment: unescapePart(environment), service: unescapePart(service) };
  if (service !== UNROUTED || source === '') return undefined;
  return { kind: 'unrouted', environment: unescapePart(environment), source: unescapePart(source) };
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const RUN_ID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/** `inc-` and 16 base32 characters: the last 80 bits of the first execution's run id. Throws a TypeError when that is not a UUID. */
export function incidentIdOf(firstExecutionRunId: string): string {
  if (!RUN_ID.test(firstExecutionRunId)) throw new TypeError(`a run id is a UUID, not "${firstExecutionRunId}"`);
  const hex = firstExecutionRunId.replaceAll('-', '').slice(-20);
  let text = '';
  for (let at = 0; at < hex.length; at += 5) {
    const bits = parseInt(hex.slice(at, at + 5), 16);
    for (const shift of [15, 10, 5, 0]) text += BASE32.charAt((bits >> shift) & 31);
  }
  return `inc-${text}`;
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}

function unescapePart(part: string): string {
  return part.replaceAll('%3A', ':').replaceAll('%25', '%');
}
