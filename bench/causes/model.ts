import type { CauseKind } from '../../domain/names';
import { startOpenAi } from '../../test/fakes/openai/server';
import type { ChatRequest, FakeChat, FakeOpenAi } from '../../test/fakes/openai/server';

/** What a model is like: there is none; it reads honestly; it names another cause and runbook, with evidence that there is; it never answers. */
export const MODES = ['off', 'on', 'lying', 'silent'] as const;
/** One of them. */
export type Mode = (typeof MODES)[number];

/** What a reader sees of a question. */
export interface Seen {
  readonly items: readonly { readonly id: string; readonly source: string }[];
  /** Of the statistics, the strongest first. */
  readonly hypotheses: readonly { readonly name: string; readonly cause: string; readonly supporting: readonly string[] }[];
  readonly runbooks: readonly { readonly id: string; readonly causes: readonly string[] }[];
}

const MOST_IDS = 8;
/** The first passes for any evidence; the second needs resources, which were looked at in most. */
const LIES: readonly CauseKind[] = ['dependency-failure', 'resource-exhaustion'];

/** A model of a mode on loopback. */
export async function startModel(mode: Exclude<Mode, 'off'>): Promise<FakeOpenAi> {
  const model = await startOpenAi();
  model.answersBy((asked) => answerTo(mode, asked));
  return model;
}

function answerTo(mode: Exclude<Mode, 'off'>, { messages }: ChatRequest): FakeChat {
  if (mode === 'silent') return { hang: true };
  const seen = seenIn(messages.find(({ role }) => role === 'user')?.content ?? '');
  return JSON.stringify(mode === 'on' ? honest(seen) : lie(seen));
}

/** Reads a question; only what stands between the lines of its boundary counts. */
export function seenIn(text: string): Seen {
  const boundary = /^The boundary is (\w+)\.$/m.exec(text)?.[1] ?? '-';
  const part = (name: string): string => new RegExp(`^BEGIN ${boundary} ${name}[^\\n]*\\n([\\s\\S]*?)^END ${boundary} ${name}$`, 'm').exec(text)?.[1] ?? '';
  const items = [...text.matchAll(new RegExp(`^BEGIN ${boundary} (E\\d+) source=(\\S+)`, 'gm'))];
  const told = [...part('statistics').matchAll(/^(H\d): cause ([a-z-]+), score \S+, for it (.+), against it .+; title told:$/gm)];
  const runbooks = [...part('runbooks').matchAll(/^([a-z0-9-]+): .*; for ([a-z, -]+); risk \w+/gm)];
  return {
    items: items.map(([, id = '', source = '']) => ({ id, source })),
    hypotheses: told.map(([, name = '', cause = '', ids = '']) => ({ name, cause, supporting: ids.match(/E\d+/g) ?? [] })),
    runbooks: runbooks.map(([, id = '', causes = '']) => ({ id, causes: causes.split(', ') })),
  };
}

/** Says what the statistics found, with what was shown for it, and chooses a runbook that is declared for it. */
export function honest({ items, hypotheses: [first], runbooks }: Seen): object {
  const rest = { unknowns: [], needs_human: first === undefined };
  if (!first) return { hypotheses: [], runbook: 'none', summary: 'The evidence names no cause.', ...rest };
  const own = items.filter(({ id }) => first.supporting.includes(id));
  // A cause needs a second source: what else was seen at the time.
  const second =
    new Set(own.map(({ source }) => source)).size > 1 ? [] : items.filter(({ source }) => source !== own[0]?.source && source !== 'none').slice(0, 1);
  const statement = `The evidence fits ${first.cause}.`;
  const hypothesis = { ...{ statistical: first.name, cause: first.cause, statement }, ...cited([...own, ...second]), confidence: 4 };
  return { hypotheses: [hypothesis], runbook: runbooks.find(({ causes }) => causes.includes(first.cause))?.id ?? 'none', summary: statement, ...rest };
}

/** Names a cause that the statistics do not hold for the first with all the evidence there is, says that it speaks against theirs, and chooses a runbook for something else. */
export function lie({ items, hypotheses, runbooks }: Seen): object {
  const [first] = hypotheses;
  const other = LIES.find((cause) => cause !== first?.cause);
  const statement = `It is plainly ${String(other)}.`;
  const told = { ...{ statistical: 'none', cause: other, statement }, ...cited(items), confidence: 5 };
  const against = first && {
    ...{ statistical: first.name, cause: first.cause, statement: 'This is contradicted.', ...cited([]), confidence: 1 },
    counter_evidence_ids: items.map(({ id }) => id).slice(0, MOST_IDS),
  };
  const runbook = runbooks.find(({ causes }) => first === undefined || !causes.includes(first.cause))?.id ?? runbooks[0]?.id ?? 'none';
  return { hypotheses: [told, ...(against ? [against] : [])], runbook, summary: statement, unknowns: [], needs_human: false };
}

function cited(items: Seen['items']): object {
  return { evidence_ids: [...new Set(items.map(({ id }) => id))].slice(0, MOST_IDS), counter_evidence_ids: [], quotes: [] };
}
