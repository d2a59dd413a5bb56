import { isEnvironment } from '../sources/aws-names';

/** Parts that a name must keep to stand for a service when its end is left off: `svc` of `svc-4f21-db` stands for anything. */
const LEAST_PARTS = 2;

/**
 * Names by which resources of exactly one service go: teams call the load balancer, the database and the application alike, and tag only some of them. Keys are in lower case.
 */
export function aliasesOf(owners: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, string> {
  const meant = new Map<string, Set<string>>();
  for (const [resource, services] of owners) for (const name of namesIn(resource)) meant.set(name, new Set([...(meant.get(name) ?? []), ...services]));
  return new Map([...meant].flatMap(([name, services]) => (services.size === 1 ? [[name, [...services][0] ?? '']] : [])));
}

/** Names that a resource may share with others of its service: the segments of its id, and these without their last parts. */
export function namesIn(resource: string): string[] {
  return bareId(resource).split(/[/:]/).flatMap(stems);
}

/** A name and what is left of it without its last parts: `svc-4f21-db`, `svc-4f21`. */
export function stems(name: string): string[] {
  const parts = name.toLowerCase().split(/[-_.]/);
  const lengths = Array.from({ length: Math.max(0, parts.length - LEAST_PARTS) }, (_none, i) => parts.length - 1 - i);
  const separator = /[-_.]/.exec(name)?.[0] ?? '-';
  const all = [name.toLowerCase(), ...lengths.map((length) => parts.slice(0, length).join(separator))];
  return all.filter((each) => each.length > 3 && !isEnvironment(each));
}

/** `sg-0a1b` of `arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a1b`; what is no ARN stays as it is. */
export function bareId(resource: string): string {
  return resource.startsWith('arn:')
    ? resource
        .split(':')
        .slice(5)
        .join(':')
        .replace(/^[a-z-]+[/:]/, '')
    : resource;
}
