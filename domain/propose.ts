import { defined } from './defined';
import { digestOf } from './digest';
import type { Target } from './inventory';
import type { Proposal, ProposalContent } from './proposal';
import type { RunbookSnapshot } from './runbook';
import { clip } from './plain-text';
import { inverseLines, previewLines, renderRunbook } from './runbook-render';

const LONGEST_ABOUT = 300;

/** What a proposal is built from. */
export interface ProposalInput {
  readonly incidentId: string;
  readonly round: number;
  readonly environment: string;
  readonly service: string;
  /** Service that is acted on. */
  readonly suspect: string;
  /** Id of the hypothesis. */
  readonly hypothesis: string;
  readonly runbook: RunbookSnapshot;
  readonly target: Target;
  readonly parameters: Readonly<Record<string, string>>;
  readonly author?: string | undefined;
  /** What its steps would do in the world as it is. */
  readonly outlook?: readonly string[];
}

/** The exact thing that would be done, with its digest. Throws `invalid_input` when the parameters do not fit the runbook. */
export function buildProposal(input: ProposalInput): Proposal {
  const { runbook, hash } = input.runbook;
  const { parameters } = renderRunbook(runbook, input.parameters);
  const content: ProposalContent = defined({
    incidentId: input.incidentId,
    round: input.round,
    environment: input.environment,
    service: input.service,
    suspect: input.suspect,
    hypothesis: input.hypothesis,
    runbook: { id: runbook.id, version: runbook.version, hash, title: runbook.title, about: clip(runbook.description, LONGEST_ABOUT) },
    target: input.target,
    parameters,
    preview: [...previewLines(runbook, parameters), ...(input.outlook ?? [])],
    inverse: inverseLines(runbook, parameters),
    risk: runbook.risk,
    reversible: runbook.reversible,
    author: input.author,
  });
  return { ...content, digest: proposalDigest(content) };
}

/** The same proposal with a person's parameters, and so with a new digest. Throws `invalid_input` when they do not fit. */
export function editProposal(
  proposal: Proposal,
  runbook: RunbookSnapshot,
  parameters: Readonly<Record<string, string>>,
  outlook: readonly string[] = [],
): Proposal {
  return buildProposal({ ...proposal, runbook, parameters, outlook });
}

/** SHA-256 (hex) over everything in a proposal but its digest. */
export function proposalDigest(content: ProposalContent): string {
  // An undefined member is no member in canonical JSON, so a whole proposal and its content give the same digest.
  return digestOf({ ...content, digest: undefined });
}
