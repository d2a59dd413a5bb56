import type { Allowed } from '../domain/actions/allowed';
import { chooseRunbook } from '../domain/choose-runbook';
import type { Remedy } from '../domain/choose-runbook';
import type { Attempt, Hypothesis } from '../domain/diagnosis';
import type { Service, Target } from '../domain/inventory';
import type { Runbook, RunbookSnapshot } from '../domain/runbook';
import { rankCandidates } from '../domain/runbook-match/candidates';
import { choiceOf } from '../domain/runbook-match/choice';
import type { RunbookChoice } from '../domain/runbook-match/choice';
import { missingFor } from '../domain/runbook-match/missing';
import type { Demotions } from '../domain/shadow/demotion';
import type { EvidenceText } from '../domain/runbook-match/texts';
import { matchTexts } from '../domain/runbook-match/text-match';
import type { TextMatches } from '../domain/runbook-match/text-match';
import { isForKind } from '../domain/runbook-needs';
import { renderRunbook } from '../domain/runbook-render';
import type { RenderedStep } from '../domain/runbook-render';
import type { Hands } from '../ports/hands';

/** What a remedy is chosen from and for. */
export interface ChoiceQuestion {
  readonly runbooks: readonly RunbookSnapshot[];
  readonly hypothesis: Hypothesis;
  readonly suspect: string;
  readonly service: Service | undefined;
  readonly attempts: readonly Attempt[];
  readonly texts: readonly EvidenceText[];
  readonly allowed: Allowed;
  /** How far runbooks fall as people rejected them. */
  readonly demotions?: Demotions;
}

/** A remedy with the target that it is for, or the reason why there is none; and why this one and not another. */
export type ChosenRemedy = { readonly choice: RunbookChoice } & (
  { readonly remedy: Remedy; readonly service: Service; readonly target: Target } | { readonly none: string }
);

/** Chooses among the runbooks that are declared for the hypothesis; texts only order these. */
export async function chooseRemedy(hands: Pick<Hands, 'unmet'>, question: ChoiceQuestion): Promise<ChosenRemedy> {
  const { runbooks, hypothesis, service, attempts, allowed } = question;
  const matches = matchTexts(runbooks, question.texts);
  const missing = (runbook: Runbook): string[] => missingFor(runbook, service, allowed);
  const possible = runbooks.filter(({ runbook }) => missing(runbook).length === 0);
  const refused = new Map<string, string>();
  const wanted = wantedOf(question, matches);
  const remedy =
    wanted && service?.hands ? await firstThatMay(hands, service, { ...question, possible, matches, refused, target: service.hands.target }) : undefined;
  const own = service?.hands;
  const kin = new Set(runbooks.filter(({ runbook }) => !own || isForKind(runbook, own)).map(({ runbook }) => runbook.id));
  const choice = choiceOf(rankCandidates({ catalogue: runbooks, matches, hypothesis, attempts, missing, refused, demotions: question.demotions }), (id) =>
    kin.has(id),
  );
  if (remedy && service?.hands) return { choice, remedy, service, target: service.hands.target };
  return { choice, none: noneText(question, wanted, refused, missing) };
}

/** What is made for hands of this kind is told first, where none is possible. */
function wantedOf({ runbooks, hypothesis, attempts, service, demotions }: ChoiceQuestion, matches: TextMatches): Remedy | undefined {
  const own = service?.hands;
  const kin = own ? runbooks.filter(({ runbook }) => isForKind(runbook, own)) : [];
  return chooseRunbook(kin, hypothesis, attempts, matches, demotions) ?? chooseRunbook(runbooks, hypothesis, attempts, matches, demotions);
}

function noneText(
  { hypothesis, suspect, service }: ChoiceQuestion,
  wanted: Remedy | undefined,
  refused: ReadonlyMap<string, string>,
  missing: (runbook: Runbook) => string[],
): string {
  if (!wanted) return `${hypothesis.title}. No runbook of the catalogue is left for it.`;
  if (!service?.hands) return `${hypothesis.title}. The configuration gives Nightshift no hands on ${suspect}.`;
  const why = [...refused].map(([id, reason]) => `${id}: ${reason}`);
  if (why.length > 0) return `${hypothesis.title}. No runbook can be carried out now: ${why.join(' ')}`;
  const { runbook } = wanted.runbook;
  return `${hypothesis.title}. The runbook ${runbook.id} fits and is not proposed: it needs ${missing(runbook).join(', ')}, which ${suspect} does not have. Add it to the configuration.`;
}

interface Possible extends ChoiceQuestion {
  readonly possible: readonly RunbookSnapshot[];
  readonly matches: TextMatches;
  readonly target: Target;
  /** Filled with why steps may not begin now. */
  readonly refused: Map<string, string>;
}

/** The runbook that is chosen, of those whose steps may begin as the world is: nobody is woken for what would do nothing. What cannot be asked keeps nothing back. */
async function firstThatMay(hands: Pick<Hands, 'unmet'>, service: Service, question: Possible): Promise<Remedy | undefined> {
  const { hypothesis, attempts, matches, target, refused, demotions } = question;
  for (let left = question.possible; ;) {
    const remedy = chooseRunbook(left, hypothesis, attempts, matches, demotions);
    if (!remedy) return undefined;
    const { runbook } = remedy.runbook;
    const reason = await firstUnmet(hands, service, renderRunbook(runbook, remedy.parameters).steps, target);
    if (reason === undefined) return remedy;
    refused.set(runbook.id, reason);
    left = left.filter((each) => each !== remedy.runbook);
  }
}

async function firstUnmet(hands: Pick<Hands, 'unmet'>, service: Service, steps: readonly RenderedStep[], target: Target): Promise<string | undefined> {
  for (const { uses: action, with: inputs, timeoutMs } of steps) {
    const reason = await hands.unmet?.(service, { action, inputs, timeoutMs, target }).catch(() => undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
