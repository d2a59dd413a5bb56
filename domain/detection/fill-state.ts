import { z } from 'zod';
import type { Service } from '../inventory';

/** How far the history of a service has been filled from whoever kept its past. */
export interface FillState {
  /** Length of the rows, milliseconds; rows of another length are filled anew. */
  readonly rowMs: number;
  /** Down to this time (epoch milliseconds) it was asked for. */
  readonly to: number;
  /** Whether anything was found so far. */
  readonly added: boolean;
  /** `filled`: all is there and waits to be learnt; `learnt`: nothing is left to do. */
  readonly phase: 'filling' | 'filled' | 'learnt';
}

const schema = z.object({ rowMs: z.number(), to: z.number(), added: z.boolean(), phase: z.enum(['filling', 'filled', 'learnt']) });

/** Name under which it is saved. */
export function fillName({ environment, name }: Pick<Service, 'environment' | 'name'>): string {
  return `measures-filled:${environment}/${name}`;
}

/** What was saved; undefined for anything else, and for rows of another length. */
export function readFill(saved: unknown, rowMs: number): FillState | undefined {
  const found = schema.safeParse(saved);
  return found.success && found.data.rowMs === rowMs ? found.data : undefined;
}
