import { defined } from '../../domain/defined';
import { MOST_TRIES } from '../../domain/reasoning/budget';
import { addUsage, NO_TOKENS } from '../../domain/reasoning/opinion';
import type { TokenUsage } from '../../domain/reasoning/opinion';
import type { PromptPart } from '../../domain/reasoning/request';
import { nextRung, RUNGS, schemaFor } from '../../domain/reasoning/rungs';
import type { Rung } from '../../domain/reasoning/rungs';
import type { AnswerSchema } from '../../domain/reasoning/schema';
import type { Clock } from '../../ports/clock';
import type { Question, Reasoner, ReasonerFailure, ReasonerResult } from '../../ports/reasoner';
import type { ModelSettings, ModelVendor, Sent, VendorAnswer, VendorFailure } from './vendor';

/** What asking works with. */
export interface LadderedDeps {
  readonly vendor: ModelVendor;
  /** The first is asked; the second, where there is one, when the first cannot answer. */
  readonly models: readonly ModelSettings[];
  readonly maxTokens: number;
  /** Of one try, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Waits, at most until the signal. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Worth another try. */
const LATER: readonly ReasonerFailure[] = ['throttled', 'timeout', 'unavailable', 'too-long'];
/** Worth a try with another model. */
const ELSEWHERE: readonly ReasonerFailure[] = [...LATER, 'forbidden', 'misconfigured', 'refused'];
const WAIT_MS = 1000;
const MOST_WAIT_MS = 10_000;
/** What an outsider wrote is cut to this share of its lines when all of it was too long. */
const SHORTER = 3;
const SHORT_LINE = 120;
const PROBE_TOKENS = 64;
const PROBE_SCHEMA: AnswerSchema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false };

/**
 * Asks a provider's models, each on the best rung that it can do, which is found out once by a question of one field unless it is configured; whatever is refused for its schema goes one
 * rung down. A question is tried twice at most, the second time by the other model where there is one.
 */
export function ladderedReasoner(deps: LadderedDeps): Reasoner {
  const rungs = new Map<string, Rung>();
  return { reason: (question, { signal }) => new Asking(deps, rungs, question, signal).run() };
}

type Outcome = { readonly answer: VendorAnswer; readonly rung: Rung } | VendorFailure;

/** One question on its way. */
class Asking {
  private usage: TokenUsage = NO_TOKENS;
  private unsure = false;
  private readonly began: number;
  private readonly overall: AbortSignal;

  constructor(
    private readonly deps: LadderedDeps,
    private readonly rungs: Map<string, Rung>,
    private readonly question: Question,
    private readonly stop: AbortSignal,
  ) {
    this.began = deps.clock.now();
    this.overall = AbortSignal.any([stop, AbortSignal.timeout(deps.timeoutMs * MOST_TRIES)]);
  }

  async run(): Promise<ReasonerResult> {
    const { models } = this.deps;
    let last: VendorFailure = { failure: 'misconfigured', message: 'no model is configured' };
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const model = models[Math.min(attempt, models.length - 1)];
      if (!model) break;
      const another = attempt > 0 && models.length > 1;
      if (attempt > 0 && !(another ? ELSEWHERE : LATER).some((each) => each === last.failure)) break;
      if (attempt > 0 && !another) await this.deps.pause(Math.min(last.retryAfterMs ?? WAIT_MS, MOST_WAIT_MS), this.overall);
      const outcome = await this.climb(model, last.failure === 'too-long');
      if ('answer' in outcome) {
        const { stopped, text, guardrail } = outcome.answer;
        if (!stopped) return { ok: true, ...this.counted(), text, model: model.id, rung: outcome.rung, ...defined({ guardrail }) };
        last = stopped;
      } else last = outcome;
    }
    const failure = last.failure === 'schema-refused' ? 'misconfigured' : last.failure;
    return { ok: false, ...this.counted(), failure, message: last.message, ...defined({ retryAfterMs: last.retryAfterMs }) };
  }

  private counted() {
    return { usage: this.usage, latencyMs: this.deps.clock.now() - this.began, ...(this.unsure && { unsure: true as const }) };
  }

  private async climb(model: ModelSettings, shorter: boolean): Promise<Outcome> {
    const found = this.rungs.get(model.id) ?? model.rung ?? (await this.probe(model));
    if (typeof found !== 'string') return found;
    const { request, repair } = this.question;
    const parts = shorter ? request.parts.map(shortened) : request.parts;
    const labels = { incidentId: request.incidentId, round: String(request.round) };
    const { maxTokens } = this.deps;
    return this.down(model, found, { system: request.system, parts, schema: request.schema, maxTokens, labels, ...defined({ repair }) });
  }

  /** The best rung that is not refused, by a question that costs next to nothing. */
  private async probe(model: ModelSettings): Promise<Rung | VendorFailure> {
    const parts = [{ text: 'Answer with the JSON object {"ok": true} alone.', outside: false }];
    const rest = { system: 'You answer with one JSON object.', parts, schema: PROBE_SCHEMA, maxTokens: PROBE_TOKENS, labels: { probe: 'rung' } };
    const outcome = await this.down(model, RUNGS[0], rest);
    if (!('answer' in outcome)) return outcome;
    this.rungs.set(model.id, outcome.rung);
    return outcome.rung;
  }

  private async down(model: ModelSettings, from: Rung, rest: Omit<Sent, 'model' | 'rung' | 'signal'>): Promise<Outcome> {
    let rung = from;
    for (;;) {
      const outcome = await this.send({ ...rest, model, rung, schema: schemaFor(rest.schema, rung), signal: this.overall });
      const next = nextRung(rung);
      if ('answer' in outcome || outcome.failure !== 'schema-refused' || next === undefined) return outcome;
      rung = next;
      this.rungs.set(model.id, rung);
    }
  }

  private async send(sent: Sent): Promise<Outcome> {
    const { vendor, timeoutMs } = this.deps;
    const signal = AbortSignal.any([this.overall, AbortSignal.timeout(timeoutMs)]);
    try {
      signal.throwIfAborted();
      const answer = await vendor.ask({ ...sent, signal });
      this.usage = addUsage(this.usage, answer.usage);
      return { answer, rung: sent.rung };
    } catch (error) {
      const failed = this.failed(error, signal, sent.rung);
      if (failed.unsure) this.unsure = true;
      return failed;
    }
  }

  private failed(error: unknown, signal: AbortSignal, rung: Rung): VendorFailure {
    if (this.stop.aborted) return { failure: 'cancelled', message: 'it was called off', unsure: true };
    const { timeoutMs, vendor } = this.deps;
    if (signal.aborted) return { failure: 'timeout', message: `the model did not answer within ${String(timeoutMs)} ms`, unsure: true };
    return vendor.failureOf(error, rung);
  }
}

/** The first third of what an outsider wrote, with its lines cut; blocks keep their begin and end, which are ours. */
function shortened(part: PromptPart): PromptPart {
  if (!part.outside) return part;
  const lines = part.text.split('\n').filter((line) => line !== '');
  const kept = lines.slice(0, Math.ceil(lines.length / SHORTER)).map((line) => `${line.slice(0, SHORT_LINE)}\n`);
  return { ...part, text: kept.join('') };
}
