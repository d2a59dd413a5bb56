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

/** What policy and the record said of a proposal, with the rule that decided. */
export interface PolicyVerdict {
  /** The mode for this incident: policy's, or what of it the record allows. */
  readonly mode: PolicyMode;
  readonly reason: string;
  /** Policy's own mode, where the record was asked. */
  readonly ceiling?: PolicyMode;
  /** Probability of verified recovery that is proven, 0 to 1, and the outcomes (effective, after decay) that prove it. */
  readonly confidence?: number;
  readonly outcomes?: number;
  /** How the mode came about, a sentence each. */
  readonly reasons?: readonly string[];
  /** Person whose grant it acts on, where its record alone would not do. */
  readonly grantedBy?: string;
  /** Two sources that do not depend on each other support the cause. */
  readonly corroborated?: boolean;
  /** The diagnosis' own score, 0 to 1. */
  readonly score?: number;
  /** Under `veto`: milliseconds between telling and acting. */
  readonly vetoMs?: number;
  readonly quorum: number;
  readonly approvers: readonly string[];
  readonly notAuthor: boolean;
  readonly remindAfterMs: number;
  readonly expireAfterMs: number;
  readonly escalateTo: string;
}
