import type { Change } from '../change';

/** What a sync was made to: a revision, or one for each source of an application of several. */
export interface Revisions {
  readonly revision?: string | null | undefined;
  readonly revisions?: readonly string[] | null | undefined;
}

/** What a sync put in place of what. */
export interface Release {
  readonly kind: Extract<Change['kind'], 'deployment' | 'rollback'>;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The release of a sync that succeeded. The history has the oldest first and, as a rule, this sync last. A sync to the revision that runs already has it in `from` too;
 * one to a revision that ran before the one in `from` is a rollback.
 */
export function releaseOf(result: Revisions | null | undefined, history: readonly Revisions[]): Release {
  const all = history.map(nameOf).filter((name) => name !== undefined);
  const to = nameOf(result ?? {}) ?? all.at(-1);
  const before = all.at(-1) === to ? all.slice(0, -1) : all;
  const from = before.at(-1);
  const back = to !== undefined && from !== to && before.includes(to);
  return { kind: back ? 'rollback' : 'deployment', ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function nameOf({ revision, revisions }: Revisions): string | undefined {
  return [revision, revisions?.join(', ')].map((name) => name?.trim()).find((name) => name);
}
