import type { Target } from './inventory';
import type { PolicyMode } from './names';

/** One exact thing that Nightshift would do. The digest covers every other field of `ProposalContent`. */
export interface Proposal extends ProposalContent {
  readonly digest: string;
}

/** What a person approves, whole. */
export interface ProposalContent {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  /** Service that is acted on (often the same). */
  readonly suspect: string;
  readonly hypothesis: string;
  /** `about` is the start of the runbook's description: what it does, and what it does not mend. `origin` says where it was read; what runs is the content of that hash. */
  readonly runbook: {
    readonly id: string;
    readonly version: number;
    readonly hash: string;
    readonly title: string;
    readonly about?: string;
    readonly origin?: string;
  };
  readonly target: Target;
  readonly parameters: Readonly<Record<string, string>>;
  /** Lines that say exactly what will be done. */
  readonly preview: readonly string[];
  /** Lines that say how it is undone; empty when it cannot be. */
  readonly inverse: readonly string[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly reversible: boolean;
  /** Author of the suspected change, where known. */
  readonly author?: string;
}

/** What policy said of a proposal, with the rule that decided. */
export interface PolicyVerdict {
  readonly mode: PolicyMode;
  readonly reason: string;
  readonly quorum: number;
  readonly approvers: readonly string[];
  readonly notAuthor: boolean;
  readonly remindAfterMs: number;
  readonly expireAfterMs: number;
  readonly escalateTo: string;
}
