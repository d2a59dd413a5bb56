/** What a change can be. */
export const CHANGE_KINDS = ['deployment', 'rollback', 'restart', 'configuration', 'flag', 'infrastructure'] as const;
/** What a change can be. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something that was altered on a service: a deployment, a restart, a configuration, a feature flag. Times are ISO 8601. */
export interface Change {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly environment: string;
  readonly service: string;
  readonly at: string;
  /** Person or system that made it. */
  readonly author: string;
  readonly summary: string;
  /** Version before, where known. */
  readonly from?: string;
  /** Version after, where known. */
  readonly to?: string;
  readonly link?: string;
}
