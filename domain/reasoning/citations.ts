import type { CauseKind } from '../names';
import { redact } from '../redact';
import { inventedNumbers } from './numbers';
import { outsideText } from './outside';
import type { DraftHypothesis } from './read-answer';
import type { Citable, ReasoningRequest } from './request';
import { NONE } from './schema';

/** A person may be led elsewhere by these; a sentence about a cause needs none of them. */
const LEADS = [/:\/\/|\bwww\.|\]\(|`|\$\(|<[a-z/!]/i, /\b[\w-]{1,63}\.[a-z]{2,12}\/\w/i, /\b(?:curl|wget|sudo|chmod)\b|\brm -/i];

/** What a cause is about must itself be among what is cited for it: a log can speak of a release that there never was. */
const NEEDED: Partial<Readonly<Record<CauseKind, RegExp>>> = {
  'bad-release': /^changes:/,
  'resource-exhaustion': /^resources:/,
  'traffic-surge': /^requests:/,
  'failed-build': /^builds:/,
};

/** What is wrong with a sentence of a model: numbers that stand in none of the items, a secret, a link or a command. */
export function textProblems(text: string, cited: readonly Citable[]): readonly string[] {
  // As a person would read it.
  const shown = outsideText(text, text.length);
  const invented = inventedNumbers(shown, cited.flatMap(linesOfItem));
  return [
    ...(invented.length > 0 ? [`has the numbers ${invented.slice(0, 5).join(', ')}, which stand in no item that it cites`] : []),
    ...(LEADS.some((each) => each.test(shown)) ? ['holds a link, a command or formatting'] : []),
    ...(redact(text) === text ? [] : ['holds what looks like a secret']),
  ];
}

/** What is wrong with a hypothesis by the evidence that was shown; empty when it may be used. */
export function citationProblems(request: ReasoningRequest, hypothesis: DraftHypothesis): readonly string[] {
  const { evidence_ids: ids, counter_evidence_ids: against, quotes, statement, cause, statistical } = hypothesis;
  const known = new Map(request.items.map((item) => [item.id, item]));
  const named = [...ids, ...against, ...quotes.map(({ evidence_id: id }) => id)];
  const missing = [...new Set(named)].filter((id) => !known.has(id));
  const both = ids.filter((id) => against.includes(id));
  const cited = [...new Set(named)].flatMap((id) => known.get(id) ?? []);
  const own = request.hypotheses[statistical];
  return [
    ...(missing.length > 0 ? [`cites ${missing.join(', ')}, which was not shown`] : []),
    ...(both.length > 0 ? [`cites ${both.join(', ')} for it and against it`] : []),
    ...(statistical !== NONE && own === undefined ? [`names ${statistical}, which the statistics do not have`] : []),
    ...(own !== undefined && own.cause !== cause ? [`names ${statistical}, whose cause is ${own.cause} and not ${cause}`] : []),
    ...quotes.flatMap(({ evidence_id: id, text }, i) => quoteProblems(known.get(id), text, i)),
    ...textProblems(statement, cited).map((problem) => `its statement ${problem}`),
    ...(cause === 'undetermined'
      ? []
      : sourceProblems(
          cause,
          ids.flatMap((id) => known.get(id) ?? []),
        )),
  ];
}

/** A cause needs two witnesses, of which one is no outsider. */
function sourceProblems(cause: CauseKind, cited: readonly Citable[]): readonly string[] {
  const witnesses = cited.filter(({ source }) => source !== undefined);
  const sources = new Set(witnesses.map(({ source }) => source));
  const needed = NEEDED[cause];
  return [
    ...(sources.size < 2 ? ['cites fewer than two independent sources for its cause'] : []),
    ...(needed && !witnesses.some(({ source = '' }) => needed.test(source)) ? [`cites no item that shows what the cause ${cause} is about`] : []),
    ...(witnesses.some(({ trust }) => trust !== 'outside') ? [] : ['cites nothing for its cause that was measured or that the platform told']),
  ];
}

function quoteProblems(item: Citable | undefined, text: string, i: number): readonly string[] {
  if (!item) return [];
  return linesOfItem(item).some((line) => line.includes(text)) ? [] : [`its quote ${String(i + 1)} does not stand in ${item.id}`];
}

function linesOfItem({ facts, told }: Citable): readonly string[] {
  return [...facts, ...told];
}
