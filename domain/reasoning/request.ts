import type { Diagnosis, Hypothesis } from '../diagnosis';
import { NightshiftError } from '../errors';
import type { EvidenceBundle, EvidenceItem } from '../evidence';
import type { CauseKind } from '../names';
import type { Runbook } from '../runbook';
import { iso, linesOf } from './lines';
import type { ItemLines } from './lines';
import { outsideText } from './outside';
import { answerSchema, EVIDENCE_POOL, HYPOTHESIS_POOL } from './schema';
import type { AnswerSchema } from './schema';
import { SYSTEM_PROMPT } from './system-prompt';
import { witnessOf } from './trust';
import type { Witness } from './trust';

/** A runbook that may be chosen, as it is declared. */
export type Candidate = Pick<Runbook, 'id' | 'title' | 'causes' | 'risk' | 'reversible'>;

/** A part of the message, and whether somebody outside may have written it. */
export interface PromptPart {
  readonly text: string;
  readonly outside: boolean;
}

/** An item as it was shown, which alone can be cited. */
export interface Citable extends Witness, ItemLines {
  readonly id: string;
}

/** What a model is asked, and what its answer is judged by. */
export interface ReasoningRequest {
  readonly incidentId: string;
  readonly round: number;
  readonly system: string;
  readonly parts: readonly PromptPart[];
  readonly schema: AnswerSchema;
  readonly items: readonly Citable[];
  /** Ids of the statistics' hypotheses by the names that they are shown by. */
  readonly hypotheses: Readonly<Record<string, { readonly id: string; readonly cause: CauseKind }>>;
  readonly runbooks: readonly string[];
}

/** What a request is made from. */
export interface Asked {
  readonly bundle: EvidenceBundle;
  readonly diagnosis: Diagnosis;
  readonly candidates: readonly Candidate[];
  /** Random, never used before, at least 16 letters and digits: nobody who wrote evidence can know it. */
  readonly boundary: string;
}

const BOUNDARY = /^[A-Za-z0-9]{16,64}$/;
/** Characters of evidence at most; beyond that what the statistics do not cite is left out. */
export const MOST_EVIDENCE = 48_000;
const MOST = { title: 300, candidates: 40, unknowns: 10 } as const;

/** The request to a model. Throws `invalid_input` for a boundary that can be guessed. */
export function reasoningRequest({ bundle, diagnosis, candidates, boundary }: Asked): ReasoningRequest {
  if (!BOUNDARY.test(boundary)) throw new NightshiftError('invalid_input', 'The boundary of a request must be 16 to 64 random letters and digits.');
  const shown = shownItems(bundle, diagnosis);
  const offered = candidates.slice(0, MOST.candidates);
  const hypotheses = diagnosis.hypotheses.slice(0, HYPOTHESIS_POOL.length);
  const named = hypotheses.map((each, i) => [HYPOTHESIS_POOL[i] ?? '', { id: each.id, cause: each.cause }] as const);
  return {
    incidentId: bundle.incidentId,
    round: bundle.round,
    system: SYSTEM_PROMPT,
    parts: joined([
      ours(`The boundary is ${boundary}.\nThe service ${bundle.service} in ${bundle.environment} is in trouble since ${iso(bundle.onset)}.\n`),
      ...shown.flatMap(({ item, lines }) => block(item, lines, bundle, boundary)),
      ...statistics(diagnosis, hypotheses, boundary),
      ...catalogue(offered, boundary),
      ours('Answer now with the JSON object alone.'),
    ]),
    schema: answerSchema(offered.map(({ id }) => id)),
    items: shown.map(({ item, lines }) => ({ id: item.id, ...witnessOf(item), ...lines })),
    hypotheses: Object.fromEntries(named),
    runbooks: offered.map(({ id }) => id),
  };
}

interface Shown {
  readonly item: EvidenceItem;
  readonly lines: ItemLines;
}

/** The items that fit, in their order; those that the statistics cite come first when not all do. */
function shownItems({ items }: EvidenceBundle, diagnosis: Diagnosis): readonly Shown[] {
  const cited = new Set(diagnosis.hypotheses.flatMap(({ supporting, contradicting }) => [...supporting, ...contradicting]));
  const all = items.filter(({ id }) => EVIDENCE_POOL.includes(id)).map((item): Shown => ({ item, lines: linesOf(item) }));
  let room = MOST_EVIDENCE;
  const fitting = new Set<string>();
  for (const { item, lines } of [...all].sort((a, b) => Number(cited.has(b.item.id)) - Number(cited.has(a.item.id)))) {
    room -= [...lines.facts, ...lines.told].reduce((sum, line) => sum + line.length + 1, 0);
    if (room >= 0) fitting.add(item.id);
  }
  return all.filter(({ item }) => fitting.has(item.id));
}

function block(item: EvidenceItem, { facts, told }: ItemLines, bundle: EvidenceBundle, boundary: string): readonly PromptPart[] {
  const { trust, source = 'none' } = witnessOf(item);
  const at = iso(item.kind === 'change' ? item.change.at : bundle.gatheredAt);
  const head = `BEGIN ${boundary} ${item.id} source=${source} time=${at} trust=${trust}\n${facts.map((line) => `${line}\n`).join('')}`;
  const end = `END ${boundary} ${item.id}\n`;
  return told.length === 0 ? [ours(head + end)] : [ours(`${head}told:\n`), outsides(told, boundary), ours(end)];
}

function statistics({ verdict, unknown }: Diagnosis, hypotheses: readonly Hypothesis[], boundary: string): readonly PromptPart[] {
  const lines = hypotheses.flatMap((each, i) => [
    ours(
      `${HYPOTHESIS_POOL[i] ?? ''}: cause ${each.cause}, score ${String(each.score)}, for it ${idsText(each.supporting)}, against it ${idsText(each.contradicting)}; title told:\n`,
    ),
    outsides([outsideText(each.title, MOST.title)], boundary),
  ]);
  const open = unknown.slice(0, MOST.unknowns).map((each) => outsideText(each, MOST.title));
  return [
    ours(`BEGIN ${boundary} statistics verdict=${verdict}\n`),
    ...lines,
    ...(open.length === 0 ? [] : [ours('not known, told:\n'), outsides(open, boundary)]),
    ours(`END ${boundary} statistics\n`),
  ];
}

function catalogue(candidates: readonly Candidate[], boundary: string): readonly PromptPart[] {
  const lines = candidates.map(
    ({ id, title, causes, risk, reversible }) =>
      `${id}: ${outsideText(title, MOST.title)}; for ${causes.join(', ') || 'no declared cause'}; risk ${risk}${reversible ? ', reversible' : ''}\n`,
  );
  return [ours(`BEGIN ${boundary} runbooks\n${lines.join('') || 'none\n'}END ${boundary} runbooks\n`)];
}

function idsText(ids: readonly string[]): string {
  return ids.length === 0 ? 'nothing' : ids.join(' ');
}

function ours(text: string): PromptPart {
  return { text, outside: false };
}

/** Lines of somebody else; the boundary, should it stand in them, is known to nobody who wrote them by fair means. */
function outsides(lines: readonly string[], boundary: string): PromptPart {
  return { text: lines.map((line) => `${line.replaceAll(boundary, '')}\n`).join(''), outside: true };
}

/** Neighbouring parts of one kind as one. */
function joined(parts: readonly PromptPart[]): readonly PromptPart[] {
  const result: PromptPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.outside === part.outside) result[result.length - 1] = { ...part, text: last.text + part.text };
    else result.push(part);
  }
  return result;
}
