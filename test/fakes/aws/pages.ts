import { randomUUID } from 'node:crypto';
import { AwsError } from './errors';

/** A list that is read in pages. */
export interface Listing<T> {
  /** Everything, in its order; read only for a first page, later ones go on with what was there then. */
  readonly items: () => readonly T[];
  readonly token: string | undefined;
  /** How many are asked for. */
  readonly size?: number | undefined;
  /** How many the service gives at most, and when nothing is asked for. */
  readonly max: number;
  /** Name of the error of a token that is none; `ValidationException` without it. */
  readonly badToken?: string;
  /** Only a limit of this very operation makes its pages smaller, as for points of a series. */
  readonly many?: boolean;
}

/** A page. */
export interface Page<T> {
  readonly items: T[];
  /** Leads to the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** Reads lists in pages, with tokens that mean something here only. */
export interface Pages {
  /** `scope` is what a token is good for: an operation, an account and a region; `operation` is such as `codedeploy.ListDeployments`. */
  page<T>(scope: string, listing: Listing<T>, operation: string): Page<T>;
  /** Pages hold at most so many, whatever is asked for; undefined: as many as the service gives. `operation` (`codedeploy.ListDeployments`) narrows it to one. */
  limit(size: number | undefined, operation?: string): void;
}

/** Pages of at most `size` items. */
export function makePages(size: number | undefined): Pages {
  const tokens = new Map<string, { readonly scope: string; readonly items: readonly unknown[]; readonly from: number }>();
  const limits = new Map<string, number | undefined>();
  let limit = size;
  return {
    page<T>(scope: string, { items, token, size: asked, max, badToken = 'ValidationException', many = false }: Listing<T>, operation: string): Page<T> {
      const at = token === undefined ? { scope, items: items(), from: 0 } : tokens.get(token);
      if (at?.scope !== scope) throw new AwsError(badToken, 'The token is not one that this operation gave.', 400);
      const most = (limits.has(operation) || many ? limits.get(operation) : limit) ?? max;
      const to = at.from + Math.max(1, Math.min(asked ?? max, max, most));
      let next: string | undefined;
      if (to < at.items.length) tokens.set((next = randomUUID()), { ...at, from: to });
      return { items: at.items.slice(at.from, to) as T[], next };
    },
    limit(to, operation) {
      if (operation === undefined) limit = to;
      else limits.set(operation, to);
    },
  };
}
