import { createHearing } from '../../activities/hearing';
import { createJudgedRounds } from '../../activities/judged-rounds';
import { hearingMs } from '../../config/resolve-reasoning';
import type { Startup } from '../../config/startup';
import type { AlertNote } from '../../domain/alert';
import type { Attempt } from '../../domain/diagnosis';
import type { EvidenceBundle } from '../../domain/evidence';
import type { Opinion } from '../../domain/reasoning/opinion';
import type { Assessment } from '../../domain/steps';
import type { Reasoner } from '../../ports/reasoner';
import { MemoryStore } from '../../test/fakes/memory-store';
import { openReasoner } from '../../workers/reasoner';
import type { Watching } from './freeze';
import { MODES, startModel } from './model';
import type { Mode } from './model';

/** What is judged: a frozen bundle, with what told of it. */
export interface Frozen {
  readonly startup: Startup;
  readonly watching: Pick<Watching, 'senses' | 'clock'>;
  readonly bundle: EvidenceBundle;
  readonly alert: AlertNote;
}

/** The rounds of one incident in a mode, and what became of the question to the model in the first one. */
export interface Assessed {
  readonly rounds: readonly Assessment[];
  readonly heard: Opinion['outcome'] | 'none';
}

/** The models of a benchmark, by mode. */
export interface Models {
  readonly reasoners: Readonly<Record<Mode, Reasoner | undefined>>;
  close(): Promise<void>;
}

/** Time-out of a model that is on loopback, and of the one that never answers, milliseconds. */
const TIMEOUT_MS = { on: 5000, lying: 5000, silent: 200 } as const;
const MAX_TOKENS = 2000;
const LIMITS = { tokensPerIncident: 1e6, microUsdPerIncident: 1e9, microUsdPerDay: 1e9 } as const;
const PRICE = { input: 3, output: 15 } as const;
const BOUNDARY = 'f1e2d3c4b5a697887766';
const BEAT_MS = 1000;

/** Starts them. */
export async function openModels(): Promise<Models> {
  const [on, lying, silent] = await Promise.all([startModel('on'), startModel('lying'), startModel('silent')]);
  const reasoner = (url: string, timeoutMs: number): Reasoner | undefined => {
    const models = [{ id: 'fake', rung: 'plain' as const }];
    return openReasoner({ reasoning: { ...{ provider: 'openai', openai: { url }, models, price: PRICE, maxTokens: MAX_TOKENS, timeoutMs, limits: LIMITS } } });
  };
  return {
    reasoners: {
      ...{ off: undefined, on: reasoner(on.url, TIMEOUT_MS.on) },
      ...{ lying: reasoner(lying.url, TIMEOUT_MS.lying), silent: reasoner(silent.url, TIMEOUT_MS.silent) },
    },
    async close() {
      await Promise.all([on.close(), lying.close(), silent.close()]);
    },
  };
}

/** Judges a bundle in every mode. Where more than one remedy can be right in turn, a first one that is said to have changed nothing is followed by the next, `rounds` at most. */
export async function assessAll(frozen: Frozen, { reasoners }: Models, rounds: number): Promise<Readonly<Record<Mode, Assessed>>> {
  const each = await Promise.all(MODES.map(async (mode) => [mode, await assessIn(frozen, mode, reasoners[mode], rounds)] as const));
  return Object.fromEntries(each) as Record<Mode, Assessed>;
}

async function assessIn({ startup, watching, bundle, alert }: Frozen, mode: Mode, reasoner: Reasoner | undefined, rounds: number): Promise<Assessed> {
  const { config, catalogue } = startup;
  const { senses, clock } = watching;
  const store = new MemoryStore();
  const runbooks = { current: async () => catalogue };
  const timeoutMs = mode === 'off' ? 0 : TIMEOUT_MS[mode];
  const hear = createHearing({
    reasoning: {
      ...(reasoner && { reasoner }),
      ...{ limits: LIMITS, price: PRICE, maxTokens: MAX_TOKENS, budget: store.reasoningBudget, opinions: store.opinions, clock, boundary: () => BOUNDARY },
      onOpinion: () => undefined,
    },
    ...{ runbooks, inventory: config, allowed: config.actions, patienceMs: hearingMs({ timeoutMs }), restMs: config.incidents.activity.quick.timeoutMs },
    ...{ heartbeat: () => undefined, beatEveryMs: BEAT_MS },
    turn: () => ({ attempt: 1, allowedMs: hearingMs({ timeoutMs }) + config.incidents.activity.quick.timeoutMs, signal: new AbortController().signal }),
  });
  const diagnosing = createJudgedRounds({
    ...{ evidence: { read: async () => bundle }, rounds: store.rounds, proposals: store.proposals, inventory: config, policy: config.policy },
    ...{ triage: config.triage, runbooks, hands: senses.hands, allowed: config.actions, clock, hear },
  });
  const { incidentId, environment, service } = bundle;
  const evidence = { digest: '', ids: bundle.items.map(({ id }) => id), onset: bundle.onset };
  const of = { incidentId, environment, service, evidence, alerts: [alert], maxHypotheses: config.incidents.maxHypotheses };
  const done: Assessment[] = [];
  const attempts: Attempt[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const assessment = await diagnosing.assess({ ...of, round, attempts: [...attempts] });
    done.push(assessment);
    if (!('proposal' in assessment.plan)) break;
    const { hypothesis, runbook, parameters } = assessment.plan.proposal;
    attempts.push({ round, hypothesis, runbook: runbook.id, parameters, verdict: 'unchanged' });
  }
  return { rounds: done, heard: (await store.opinions.ofRound(incidentId, 1))?.outcome ?? 'none' };
}
