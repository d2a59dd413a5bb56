import { setFlagsFromString } from 'node:v8';
import type { Environment } from '../config/types';

/**
 * Lets the heap grow by half of what is alive before it is swept, where V8's default is up to four times as much: a storm of alerts makes much that is garbage at once, and memory that
 * was taken once is not given back for long.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/** The environment of the embedded Temporal server: Go's collector keeps a heap of one and a half times of what is alive instead of twice, unless somebody decided otherwise. */
export function frugalServer(env: Environment): Environment {
  return { GOGC: '50', ...env };
}
