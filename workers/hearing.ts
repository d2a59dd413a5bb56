import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { createHearing } from '../activities/hearing';
import type { Hear } from '../activities/hearing';
import type { ReasoningDeps } from '../activities/reasoning';
import { hearingMs } from '../config/resolve-reasoning';
import type { NightshiftConfig } from '../config/types';
import { defined } from '../domain/defined';
import type { Opinion } from '../domain/reasoning/opinion';
import type { Clock } from '../ports/clock';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Store } from '../ports/store';
import { openReasoner } from './reasoner';

/** What the hearing of a worker is wired from. */
export interface HearingParts {
  readonly config: NightshiftConfig;
  readonly runbooks: RunbookLibrary;
  readonly store: Pick<Store, 'opinions' | 'reasoningBudget'>;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeat: (detail: string) => void;
}

const BOUNDARY_BYTES = 16;
/** Beats in one time-out of heartbeats. */
const BEATS = 3;
const MICRO = 1e6;

/** Hears the configured model in the activity `assess`; without one it says that there is none. */
export function configuredHearing({ config, runbooks, store, metrics, clock, log, heartbeat }: HearingParts): Hear {
  const { reasoning, incidents, actions } = config;
  const { quick, assess = quick } = incidents.activity;
  const { limits, price, maxTokens } = reasoning ?? SILENT;
  const count = opinionCounters(metrics);
  return createHearing({
    reasoning: {
      ...{ limits, price, maxTokens, ...defined({ reasoner: openReasoner(config) }) },
      ...{ budget: store.reasoningBudget, opinions: store.opinions, clock, boundary: () => randomBytes(BOUNDARY_BYTES).toString('hex') },
      onOpinion: (opinion) => {
        count(opinion);
        const { incidentId, round, outcome, why } = opinion;
        if (outcome !== 'used') log.warn({ incidentId, round, outcome, why }, 'no opinion of a model: the statistics stand');
      },
    },
    ...{ runbooks, inventory: config, allowed: actions, heartbeat },
    ...{ patienceMs: reasoning ? hearingMs(reasoning) : 0, restMs: quick.timeoutMs, beatEveryMs: (assess.heartbeatMs ?? quick.timeoutMs) / BEATS },
    turn: () => {
      const { info, cancellationSignal } = Context.current();
      return { attempt: info.attempt, allowedMs: info.startToCloseTimeoutMs, signal: cancellationSignal };
    },
  });
}

/** Where no model is configured nothing is spent. */
const SILENT: Pick<ReasoningDeps, 'limits' | 'price' | 'maxTokens'> = {
  limits: { tokensPerIncident: 0, microUsdPerIncident: 0, microUsdPerDay: 0 },
  price: { input: 0, output: 0 },
  maxTokens: 0,
};

/** Counts what models said and what it took; each opinion once, however often its round is tried. */
function opinionCounters(metrics: Registry): (opinion: Opinion) => void {
  const registers = [metrics];
  const opinions = new Counter({ name: 'nightshift_model_opinions_total', help: 'Opinions of models by outcome.', labelNames: ['outcome'], registers });
  const tokens = new Counter({ name: 'nightshift_model_tokens_total', help: 'Tokens that providers counted.', labelNames: ['kind'], registers });
  const usd = new Counter({ name: 'nightshift_model_usd_total', help: 'What they cost by the configured prices, US dollars.', registers });
  const left = new Counter({ name: 'nightshift_model_statements_discarded_total', help: 'Statements of models that did not hold.', registers });
  return ({ outcome, usage, microUsd, discarded }) => {
    opinions.inc({ outcome });
    for (const [kind, count] of Object.entries(usage)) tokens.inc({ kind }, count as number);
    usd.inc(microUsd / MICRO);
    left.inc(discarded.length);
  };
}
