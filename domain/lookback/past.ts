import type { PastChange, PastFact, PastPage, Span } from './facts';
import type { Silence } from '../quiet/silence';

/** All that was read of the past, put together: each thing once, pages with their ends. */
export interface Past {
  readonly span: Span;
  /** By begin. Without an end they still fire. */
  readonly pages: readonly PastPage[];
  /** By time. */
  readonly changes: readonly PastChange[];
  readonly silences: readonly Silence[];
  /** Services by resource. */
  readonly owners: ReadonlyMap<string, ReadonlySet<string>>;
  /** What a service calls. */
  readonly dependsOn: ReadonlyMap<string, ReadonlySet<string>>;
  readonly notes: readonly string[];
}

/** Puts facts together, in whatever order and however often they came. */
export function assemblePast(facts: readonly PastFact[], span: Span): Past {
  const of = <K extends PastFact['kind']>(kind: K) => facts.filter((fact): fact is Extract<PastFact, { kind: K }> => fact.kind === kind);
  const changes = new Map(of('change').map((change) => [change.id, change]));
  return {
    span,
    pages: pagesOf(of('page'), endsOf(of('page-end')), span),
    changes: [...changes.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    silences: [...new Map(of('silence').map(({ silence }) => [silence.id, silence])).values()],
    owners: setsOf(of('owner').map(({ resource, service }) => [resource, service])),
    dependsOn: setsOf(of('dependency').map(({ service, on }) => [service, on])),
    notes: [...new Set(of('note').map(({ text }) => text))],
  };
}

function pagesOf(pieces: readonly PastPage[], ends: ReadonlyMap<string, readonly number[]>, span: Span): PastPage[] {
  const whole = new Map<string, PastPage>();
  for (const piece of pieces) whole.set(piece.id, merged(whole.get(piece.id), piece));
  return [...whole.values()]
    .map((page) => withEnd(page, ends.get(page.condition) ?? []))
    .filter(({ begin, end = span.to }) => begin < span.to && end > span.from && begin >= span.from)
    .sort((a, b) => a.begin - b.begin || (a.id < b.id ? -1 : 1));
}

function merged(before: PastPage | undefined, piece: PastPage): PastPage {
  if (!before) return piece;
  const [first, last] = before.begin <= piece.begin ? [before, piece] : [piece, before];
  const { end: _end, ...rest } = first;
  // A piece without an end reaches to now.
  return before.end === undefined || piece.end === undefined ? rest : { ...rest, end: Math.max(first.end ?? 0, last.end ?? 0) };
}

function withEnd(page: PastPage, ends: readonly number[]): PastPage {
  const end = page.end ?? ends.find((at) => at >= page.begin);
  return end === undefined ? page : { ...page, end };
}

function endsOf(ends: readonly { readonly condition: string; readonly at: number }[]): ReadonlyMap<string, readonly number[]> {
  const byCondition = new Map<string, number[]>();
  for (const { condition, at } of [...ends].sort((a, b) => a.at - b.at)) {
    const known = byCondition.get(condition);
    if (known) known.push(at);
    else byCondition.set(condition, [at]);
  }
  return byCondition;
}

function setsOf(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sets = new Map<string, Set<string>>();
  for (const [key, value] of pairs) sets.set(key, (sets.get(key) ?? new Set<string>()).add(value));
  return sets;
}
