import { createDiagnosisActivities } from '../../../activities/diagnosis';
import type { DiagnosisRules } from '../../../activities/diagnosis';
import { createHearing } from '../../../activities/hearing';
import type { Hear, HearingTurn } from '../../../activities/hearing';
import type { Authority } from '../../../activities/unasked';
import { readCatalogue } from '../../../config/catalogue';
import { defaultsOf } from '../../../config/defaults';
import { packageRoot } from '../../../config/package-root';
import type { AlertNote } from '../../../domain/alert';
import type { EvidenceBundle } from '../../../domain/evidence';
import type { Commands } from '../../../domain/command-hands';
import type { Service } from '../../../domain/inventory';
import type { Opinion } from '../../../domain/reasoning/opinion';
import type { PolicyMode } from '../../../domain/names';
import type { Assessment } from '../../../domain/steps';
import type { Reasoner } from '../../../ports/reasoner';
import { T0 } from '../../fakes/bookshop-series';
import { MemoryStore } from '../../fakes/memory-store';

const { runbooks } = readCatalogue({ root: packageRoot() });
const COMMANDS: Commands = { current: ['a'], releases: ['b'], deploy: ['c', '{release}'], restart: ['d'] };
const TARGET = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'demo/bookshop' };

/** What a world in which a model is heard may differ in. */
export interface HeardOptions {
  /** None is configured where it is absent. */
  readonly reasoner?: Reasoner | undefined;
  readonly mode?: PolicyMode;
  readonly patienceMs?: number;
  readonly tokensPerIncident?: number;
  readonly store?: MemoryStore;
  /** Takes the place of ours, for a test that must fail with it. */
  readonly hear?: Hear;
  /** The same for rules. */
  readonly rules?: Partial<DiagnosisRules> | undefined;
  /** Whose record lets act without an answer; a person is asked where it is absent. */
  readonly authority?: Authority | undefined;
}

/** One try of the activity. */
export type AssessTry = Partial<HearingTurn> & { readonly alerts?: readonly AlertNote[] };

/** The activity `assess` over one bundle, with everything real but the store and the model. */
export function heardWorld(bundle: EvidenceBundle, options: HeardOptions) {
  const store = options.store ?? new MemoryStore();
  const beats: string[] = [];
  const opinions: Opinion[] = [];
  let turn: HearingTurn = { attempt: 1, allowedMs: 70_000, signal: new AbortController().signal };
  const service: Service = {
    ...{ name: bundle.service, environment: bundle.environment, tier: 'standard', dependsOn: ['payments'] },
    hands: { kind: 'commands', commands: COMMANDS, directory: '/', timeoutMs: 1, confirmMs: 1, outputLimitBytes: 1, target: TARGET },
  };
  const { approvals, limits, brake } = defaultsOf('default');
  const clock = { now: () => T0 + 60_000 };
  const shared = { inventory: { services: [service] }, runbooks: { current: async () => runbooks }, allowed: { commands: [], calls: [] } };
  const ours = createHearing({
    ...shared,
    reasoning: {
      ...(options.reasoner && { reasoner: options.reasoner }),
      ...{ budget: store.reasoningBudget, opinions: store.opinions, clock, boundary: () => 'f1e2d3c4b5a697887766', onOpinion: (each) => opinions.push(each) },
      ...{ limits: { tokensPerIncident: options.tokensPerIncident ?? 1e6, microUsdPerIncident: 1e9, microUsdPerDay: 1e9 } },
      ...{ price: { input: 3, output: 15 }, maxTokens: 1000 },
    },
    ...{ patienceMs: options.patienceMs ?? 60_000, restMs: 10_000, heartbeat: (detail: string) => beats.push(detail), beatEveryMs: 5, turn: () => turn },
  });
  const { assess } = createDiagnosisActivities({
    ...shared,
    ...{ evidence: { read: async () => bundle }, proposals: store.proposals, hands: { unmet: async () => undefined }, clock, hear: options.hear ?? ours },
    ...{ ...(options.authority && { authority: options.authority }), ...(options.rules && { rules: options.rules }) },
    policy: { rules: [{ mode: options.mode ?? 'approve', reason: 'a rule' }], approvals: { ...approvals, allowUnverified: true }, limits, brake, freezes: [] },
  });
  const { incidentId, round, environment } = bundle;
  const run = ({ alerts = [], ...change }: AssessTry = {}): Promise<Assessment> => {
    turn = { ...turn, ...change };
    const evidence = { digest: 'd', ids: [], onset: bundle.onset };
    return assess({
      incidentId,
      round,
      environment,
      service: bundle.service,
      evidence,
      alerts,
      attempts: [],
      maxHypotheses: 3,
      ...(options.authority && { unasked: true }),
    });
  };
  return { run, store, beats, opinions };
}
