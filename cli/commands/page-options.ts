import type { PageOptions } from '../render/incident';
import type { Run } from '../run';

/** How pages are drawn in this run; `apiUrl` adds the API's addresses to what can be copied. */
export function pageOptions(run: Run, apiUrl?: string): PageOptions {
  return { now: run.deps.clock.now(), width: run.width, style: run.style, ...(apiUrl === undefined ? {} : { apiUrl }) };
}
