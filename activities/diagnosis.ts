import type { Allowed } from '../domain/actions/allowed';
import { buildDiagnosis, isOfBuilds, serviceDiagnosis } from '../domain/build-anomaly';
import { actsAlone } from '../domain/confidence/rungs';
import { metricsOf } from '../domain/evidence';
import type { EvidenceBundle } from '../domain/evidence';
import type { Diagnosis, Hypothesis } from '../domain/diagnosis';
import { diagnose } from '../domain/diagnose';
import { defined } from '../domain/defined';
import { NightshiftError } from '../domain/errors';
import type { DiagnosisView } from '../domain/incident-view';
import { findService } from '../domain/inventory';
import type { Inventory, Service } from '../domain/inventory';
import { judge } from '../domain/policy';
import type { Policy } from '../domain/policy-types';
import { foretoldDiagnosis, headlineOf, isForetold, isPrediction } from '../domain/prediction/foretold';
import { shortageHypothesis } from '../domain/prediction/shortage';
import { corroborated } from '../domain/reasoning/corroborated';
import { witnessOf } from '../domain/reasoning/trust';
import { buildProposal } from '../domain/propose';
import { rankedIn, rankedView } from '../domain/ranked-causes';
import type { RunbookChoice } from '../domain/runbook-match/choice';
import { evidenceTexts } from '../domain/runbook-match/texts';
import { canScale } from '../domain/runbook-needs';
import { wouldDo } from '../domain/shadow/fold';
import type { AssessInput, Assessment, Plan } from '../domain/steps';
import { isOfTraffic, withinReach } from '../domain/traffic-remedy';
import { triage } from '../domain/triage';
import type { TriageRules } from '../domain/triage-rules';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { RunbookLibrary } from '../ports/runbooks';
import type { EvidenceStore, ProposalStore } from '../ports/store';
import type { Hear, HeardDiagnosis } from './hearing';
import { outlookOf } from './outlook';
import { flappingReason } from './quiet-facts';
import type { QuietFacts } from './quiet-facts';
import type { Lessons } from './rejections';
import { chooseRemedy } from './runbook-choice';
import { modeFor } from './unasked';
import type { Authority } from './unasked';

/** What diagnosing works with. */
export interface DiagnosisDeps {
  readonly evidence: Pick<EvidenceStore, 'read'>;
  readonly proposals: ProposalStore;
  readonly inventory: Inventory;
  readonly policy: Policy;
  /** Rules for severities; the tier of the service and the alerts decide where absent. */
  readonly triage?: TriageRules;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  readonly hands: Pick<Hands, 'preview' | 'unmet'>;
  /** What runbooks may use besides the hands of a service. */
  readonly allowed: Allowed;
  readonly clock: Clock;
  /** A person is asked where it is absent. */
  readonly authority?: Authority;
  /** No model is heard where it is absent. */
  readonly hear?: Hear;
  /** What rejections taught; nothing when absent. */
  readonly lessons?: Lessons;
  /** Flapping is not asked for when absent. */
  readonly quiet?: Pick<QuietFacts, 'flapping'>;
  /** Rules in the place of ours. */
  readonly rules?: Partial<DiagnosisRules>;
}

/** The pure rules that an assessment rests on. */
export interface DiagnosisRules {
  readonly diagnose: typeof diagnose;
  readonly corroborated: typeof corroborated;
}

/** Hypotheses and dismissed causes kept in the history; the whole diagnosis can be computed again from the evidence. */
const SHOWN = { hypotheses: 5, ruledOut: 8, unknown: 8 } as const;

/** Triage, hypotheses, runbook and policy over frozen evidence. */
export function createDiagnosisActivities(deps: DiagnosisDeps): { assess(input: AssessInput): Promise<Assessment> } {
  return {
    async assess(input) {
      const bundle = await deps.evidence.read(input.evidence.digest);
      if (!bundle) throw new NightshiftError('internal', `The evidence ${input.evidence.digest} is not in the store.`);
      const service = findService(deps.inventory, input.environment, input.service);
      const ranked = rankedIn(bundle);
      const found = (deps.rules?.diagnose ?? diagnose)(bundle, input.attempts, ranked);
      const told = narrowed(found, input, service);
      const reachable = isOfTraffic(told) ? withinReach(told, service, await deps.runbooks.current()) : told;
      const { diagnosis, doubts, advice } = await heard(deps, reachable, { bundle, input, known: service !== undefined });
      const { plan, choice, would } = await choosePlan(deps, input, { diagnosis, bundle, doubts });
      const now = metricsOf(bundle, input.service)?.now ?? null;
      const asked = { environment: input.environment, rules: deps.triage, at: deps.clock.now() };
      return {
        triage: triage(service ? input.service : unknownNames(input), service, input.alerts, now, asked),
        cause: diagnosis.cause,
        diagnosis: { ...viewOf(diagnosis, bundle, input), ...defined({ choice, advice, would, ranked: ranked && rankedView(ranked) }) },
        plan,
      };
    },
  };
}

/** Where nothing of the service is broken, little can be blamed. */
function narrowed(found: Diagnosis, { alerts, attempts }: AssessInput, service: Service | undefined): Diagnosis {
  if (isForetold(alerts)) return foretoldDiagnosis(found, service && canScale(service.hands) ? shortageHypothesis(service.name, alerts, attempts) : undefined);
  return isOfBuilds(alerts) ? buildDiagnosis(found) : serviceDiagnosis(found);
}

interface HeardFor {
  readonly bundle: EvidenceBundle;
  readonly input: AssessInput;
  /** The service is one of the inventory: nothing was measured of others, and nothing can be done for them. */
  readonly known: boolean;
}

async function heard(
  { hear }: DiagnosisDeps,
  diagnosis: Diagnosis,
  { bundle, input, known }: HeardFor,
): Promise<Partial<HeardDiagnosis> & { diagnosis: Diagnosis }> {
  return hear && known ? hear({ bundle, diagnosis, alerts: input.alerts }) : { diagnosis };
}

/** What is to be done, and why this runbook, where runbooks were looked at. */
interface Planned {
  readonly plan: Plan;
  readonly choice?: RunbookChoice;
  /** What is only observed. */
  readonly would?: NonNullable<DiagnosisView['would']>;
}

interface Proposed {
  readonly best: Hypothesis;
  readonly suspect: string;
  readonly bundle: EvidenceBundle;
  /** Why a person should be asked, whatever the record says: another cause that only a log speaks of, and what a model has against acting now. */
  readonly doubts?: readonly string[] | undefined;
}

async function choosePlan(
  deps: DiagnosisDeps,
  input: AssessInput,
  found: Pick<Proposed, 'bundle' | 'doubts'> & { readonly diagnosis: Diagnosis },
): Promise<Planned> {
  const without = await planWithout(deps, input, found.diagnosis);
  if (without) return { plan: without };
  const best = found.diagnosis.hypotheses[0];
  if (best && best.runbook === undefined && isOnlyWritten(best, found.bundle))
    return { plan: { kind: 'escalate', reason: `${best.title}. Only text says so that anybody can write; a person is needed.` } };
  if (best?.runbook === undefined || best.suspect === undefined)
    return { plan: { kind: 'wait', reason: `${best?.title ?? 'A cause is known'}. There is nothing of ours to act on; waiting for it to heal.` } };
  const others = found.diagnosis.hypotheses.filter((each) => each !== best && isOnlyWritten(each, found.bundle));
  const doubts = [...others.map(({ title }) => title), ...(found.doubts ?? [])];
  return propose(deps, input, { best, suspect: best.suspect, bundle: found.bundle, doubts });
}

/** Whether only text speaks for a cause that anybody can write. */
function isOnlyWritten({ supporting }: Hypothesis, { items }: EvidenceBundle): boolean {
  return supporting.every((id) => items.some((item) => item.id === id && witnessOf(item).trust === 'outside'));
}

/** The plan where no remedy is looked for. */
async function planWithout(deps: DiagnosisDeps, input: AssessInput, diagnosis: Diagnosis): Promise<Plan | undefined> {
  const tried = input.attempts.filter((a) => a.verdict !== 'refused' && a.verdict !== 'rejected').length;
  if (tried >= input.maxHypotheses) return { kind: 'escalate', reason: `${String(tried)} remedies were tried; a person is needed.` };
  if (!findService(deps.inventory, input.environment, input.service)) {
    const reason = `The configuration knows no service ${unknownNames(input)} in ${input.environment}, so nothing of it can be measured or changed. Add it under "services".`;
    return { kind: 'escalate', reason };
  }
  const flapping = (await deps.quiet?.flapping(input)) ?? [];
  if (flapping.length > 0) return { kind: 'escalate', reason: flappingReason(flapping) };
  const best = diagnosis.hypotheses[0];
  if (diagnosis.verdict === 'undetermined' || !best) {
    const ruledOut = diagnosis.ruledOut.map((r) => `${r.title}: ${r.reason}`).join('; ');
    return { kind: 'escalate', reason: `${foretoldText(input)}The evidence names no cause. Ruled out: ${ruledOut === '' ? 'nothing' : ruledOut}.` };
  }
  const before = input.attempts.findLast((a) => a.hypothesis === best.id && a.verdict !== 'refused');
  if (best.runbook !== undefined || !before) return undefined;
  const what = before.verdict === 'rejected' ? 'was rejected' : `was tried (${before.verdict})`;
  return { kind: 'escalate', reason: `${best.title}. Its remedy, ${before.runbook}, ${what} in round ${String(before.round)}; a person is needed.` };
}

function foretoldText({ alerts }: AssessInput): string {
  const first = alerts.find(isPrediction);
  return first && isForetold(alerts) ? `Nothing is broken yet, but ${headlineOf(first)}. ` : '';
}

function unknownNames(input: AssessInput): string {
  return [...new Set(input.alerts.map((a) => a.service ?? input.service))].join(', ');
}

async function propose(deps: DiagnosisDeps, input: AssessInput, { best, suspect, bundle, doubts = [] }: Proposed): Promise<Planned> {
  const { incidentId, round, environment } = input;
  const acted = findService(deps.inventory, environment, suspect);
  const demotions = await deps.lessons?.({ service: acted, cause: best.cause, at: deps.clock.now() });
  const found = await chooseRemedy(deps.hands, {
    ...{ runbooks: await deps.runbooks.current(), hypothesis: best, suspect, allowed: deps.allowed, attempts: input.attempts },
    ...(demotions && { demotions }),
    service: acted,
    texts: evidenceTexts(bundle, input.alerts),
  });
  const { choice } = found;
  if ('none' in found) return { choice, plan: { kind: 'escalate', reason: found.none } };
  const { service, target } = found;
  const { runbook, parameters } = found.remedy;
  const proposal = buildProposal({
    ...{ incidentId, round, environment, service: input.service, suspect, hypothesis: best.id, runbook },
    target,
    parameters,
    author: best.author,
    outlook: await outlookOf(deps.hands, service, { runbook: runbook.runbook, parameters, target }),
  });
  const question = { runbook: runbook.runbook.id, environment, service: suspect, tier: service.tier, foretold: isForetold(input.alerts) };
  const { freezes, ...said } = judge(deps.policy, question, deps.clock.now());
  const isCorroborated = deps.rules?.corroborated ?? corroborated;
  const at = { corroborated: isCorroborated(best.supporting, bundle), doubts, attempts: input.attempts, unasked: input.unasked === true };
  const { policy, warrant } = await modeFor(deps, said, { proposal, hypothesis: best, service, at });
  if (policy.mode === 'observe') {
    const reason = `${best.title}. ${runbook.runbook.title} would be proposed: ${proposal.preview.join(' ')} Nothing is done: ${policy.reason}`;
    return { choice, would: { ...wouldDo(proposal), round, reason: policy.reason }, plan: { kind: 'observe', reason } };
  }
  await deps.proposals.saveRunbook(runbook);
  await deps.proposals.saveProposal(proposal);
  const frozen = freezes.map((f) => ` A freeze is in force: ${f.name}.`).join('');
  // Where policy would let it act, the doubts are among the reasons why it asks.
  const doubted = doubts.length === 0 || actsAlone(said.mode) ? '' : ` A person is asked, as ${doubts.join(', and ')}.`;
  const kind = policy.mode === 'suggest' || policy.mode === 'shadow' ? policy.mode : 'propose';
  const told = { ...policy, reason: policy.reason + frozen + doubted };
  return { choice, plan: { kind, proposal, policy: told, ...(warrant === undefined ? {} : { warrant }) } };
}

function viewOf(diagnosis: Diagnosis, bundle: EvidenceBundle, input: AssessInput): DiagnosisView {
  return {
    verdict: diagnosis.verdict,
    hypotheses: diagnosis.hypotheses.slice(0, SHOWN.hypotheses),
    ruledOut: diagnosis.ruledOut.slice(0, SHOWN.ruledOut),
    unknown: diagnosis.unknown.slice(0, SHOWN.unknown),
    evidenceDigest: input.evidence.digest,
    evidence: Object.fromEntries(bundle.items.map((item) => [item.id, item.title])),
    onset: new Date(bundle.onset).toISOString(),
  };
}
