import { ACTING_ON, AWS_ACTING } from '../aws/hands';
import type { AwsActing, AwsPart } from '../aws/hands';
import type { Service } from '../inventory';
import { partsOf } from './action';
import type { ActionName } from './table';
import { specOf } from './table';

/** The task queue of a service of AWS beside the one that everything else waits in, so that a service that is slow or throttles holds up no other. */
export function actingQueue(base: string, acting: AwsActing): string {
  return `${base}-aws-${acting}`;
}

/** The task queue that an effect of an action waits in; undefined for that of everything else. */
export function queueOf(action: ActionName, base: string): string | undefined {
  // What one action can act on is acted on by one service.
  const [part] = partsOf(specOf(action));
  return part === undefined ? undefined : actingQueue(base, ACTING_ON[part]);
}

/** Services of AWS that the hands of some service act through, in a fixed order. */
export function actingOf(services: readonly Service[]): readonly AwsActing[] {
  const parts = services.flatMap(({ hands }) => (hands?.kind === 'aws' ? (Object.keys(hands) as AwsPart[]) : []));
  const used = new Set(parts.map((part) => ACTING_ON[part]));
  return AWS_ACTING.filter((acting) => used.has(acting));
}
