import type { TokenUsage } from './opinion';
import type { ReasoningRequest } from './request';

/** What a million tokens cost, US dollars. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Read from and written to the provider's cache; as `input` where nothing is said. */
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** What may be spent. Money in millionths of a US dollar. */
export interface ReasoningLimits {
  readonly tokensPerIncident: number;
  readonly microUsdPerIncident: number;
  readonly microUsdPerDay: number;
}

/** Tokens and money. */
export interface Spent {
  readonly tokens: number;
  readonly microUsd: number;
}

/** A question is sent so often at most, to one model or to two. */
export const MOST_TRIES = 2;

/** A token is hardly ever shorter than that, characters; digits and other scripts come near it. */
const CHARACTERS_A_TOKEN = 2.5;
/** What a provider adds around messages and tools. */
const OVERHEAD_TOKENS = 600;

/** The price of tokens, rounded up. */
export function costOf(usage: TokenUsage, price: ModelPrice): number {
  const { input, output, cacheRead = input, cacheWrite = input } = price;
  return Math.ceil(usage.input * input + usage.output * output + usage.cacheRead * cacheRead + usage.cacheWrite * cacheWrite);
}

/** The highest price of each kind: what a question costs at most, whichever model answers it. */
export function dearestOf(prices: readonly ModelPrice[]): ModelPrice {
  const most = (of: (price: ModelPrice) => number): number => Math.max(0, ...prices.map(of));
  return {
    input: most(({ input }) => input),
    output: most(({ output }) => output),
    cacheRead: most(({ input, cacheRead = input }) => cacheRead),
    cacheWrite: most(({ input, cacheWrite = input }) => cacheWrite),
  };
}

/** All tokens of a call. */
export function tokensOf({ input, output, cacheRead, cacheWrite }: TokenUsage): number {
  return input + output + cacheRead + cacheWrite;
}

/** The most that one question can cost: its text, and an answer of the greatest length, as often as it may be sent. */
export function mostOf(request: ReasoningRequest, more: string, options: { readonly maxTokens: number; readonly price: ModelPrice }): Spent {
  const characters = [request.system, JSON.stringify(request.schema), more, ...request.parts.map(({ text }) => text)].reduce(
    (sum, each) => sum + each.length,
    0,
  );
  const asked = Math.ceil(characters / CHARACTERS_A_TOKEN) + OVERHEAD_TOKENS;
  const once = costOf({ input: asked, output: options.maxTokens, cacheRead: 0, cacheWrite: 0 }, dearest(options.price));
  return { tokens: (asked + options.maxTokens) * MOST_TRIES, microUsd: once * MOST_TRIES };
}

function dearest({ input, output, cacheWrite = input }: ModelPrice): ModelPrice {
  return { input: Math.max(input, cacheWrite), output };
}

/** Why something may not be spent any more; undefined when it may. Each is the sum of what was spent and what is reserved already. */
export function overBudget(limits: ReasoningLimits, asked: Spent, incident: Spent, day: Pick<Spent, 'microUsd'>): string | undefined {
  if (incident.tokens + asked.tokens > limits.tokensPerIncident) return `the incident may use ${String(limits.tokensPerIncident)} tokens of models`;
  if (incident.microUsd + asked.microUsd > limits.microUsdPerIncident) return `the incident may cost ${usd(limits.microUsdPerIncident)} of models`;
  if (day.microUsd + asked.microUsd > limits.microUsdPerDay) return `a day may cost ${usd(limits.microUsdPerDay)} of models`;
  return undefined;
}

function usd(micro: number): string {
  return `${String(micro / 1e6)} USD`;
}
