import type { Problem } from '../errors';
import { defined } from '../defined';
import { citationProblems, textProblems } from './citations';
import type { Discarded, Judged, OpinedHypothesis } from './opinion';
import { outsideText } from './outside';
import { readAnswer } from './read-answer';
import type { DraftAnswer, DraftHypothesis } from './read-answer';
import type { ReasoningRequest } from './request';
import { MOST, NONE } from './schema';

/** An answer that was checked, with what the model may be asked to mend; without `judged` nothing of it can be used. */
export interface Verdict {
  readonly judged?: Judged;
  readonly problems: readonly Problem[];
}

/** Checks an answer by the schema and by the evidence that was shown. Whatever cannot be vouched for is left out, with the reason; nothing is taken on the word of the model. */
export function judgeAnswer(request: ReasoningRequest, answer: string): Verdict {
  const read = readAnswer(answer, request.schema);
  if (!read.ok) return { problems: read.problems };
  const { draft } = read;
  const checked = draft.hypotheses.map((hypothesis, i) => ({ hypothesis, what: `hypotheses.${String(i)}`, reasons: citationProblems(request, hypothesis) }));
  const kept = checked.filter(({ reasons }) => reasons.length === 0).map(({ hypothesis }) => opined(request, hypothesis));
  const texts = textsOf(request, draft);
  const discarded: Discarded[] = [...checked, ...texts].filter(({ reasons }) => reasons.length > 0).map(({ what, reasons }) => ({ what, reasons }));
  const good = (what: string): boolean => !discarded.some((each) => each.what === what);
  const summary = good('summary') ? fit(draft.summary, MOST.summary) : '';
  return {
    judged: {
      hypotheses: [...kept].sort((a, b) => b.confidence - a.confidence),
      // A runbook is chosen for a cause: without one that holds there is nothing that it would be for.
      ...defined({ runbook: draft.runbook !== NONE && kept.length > 0 ? draft.runbook : undefined, summary: summary === '' ? undefined : summary }),
      unknowns: draft.unknowns.filter((_, i) => good(`unknowns.${String(i)}`)).flatMap((each) => fit(each, MOST.unknown) || []),
      needsHuman: draft.needs_human,
      discarded,
    },
    problems: discarded.flatMap(({ what, reasons }) => reasons.map((message) => ({ path: what, message }))),
  };
}

function textsOf({ items }: ReasoningRequest, { hypotheses, summary, unknowns }: DraftAnswer): readonly Discarded[] {
  const ids = new Set(hypotheses.flatMap(({ evidence_ids, counter_evidence_ids }) => [...evidence_ids, ...counter_evidence_ids]));
  // A summary of no hypothesis speaks of the evidence as a whole.
  const cited = ids.size === 0 ? items : items.filter(({ id }) => ids.has(id));
  return [
    { what: 'summary', reasons: textProblems(summary, cited) },
    ...unknowns.map((each, i) => ({ what: `unknowns.${String(i)}`, reasons: textProblems(each, items) })),
  ];
}

function opined({ hypotheses }: ReasoningRequest, draft: DraftHypothesis): OpinedHypothesis {
  return {
    ...defined({ statistical: hypotheses[draft.statistical]?.id }),
    cause: draft.cause,
    statement: fit(draft.statement, MOST.statement),
    supporting: draft.evidence_ids,
    contradicting: draft.counter_evidence_ids,
    quotes: draft.quotes.map(({ evidence_id: evidence, text }) => ({ evidence, text })),
    confidence: draft.confidence,
  };
}

/** Whatever a model repeats may be of an outsider. */
function fit(text: string, max: number): string {
  return outsideText(text, max);
}
