import type { Allowed } from '../domain/actions/allowed';
import { lacking } from '../domain/actions/lacking';
import { buildDiagnosis, isOfBuilds, serviceDiagnosis } from '../domain/build-anomaly';
import { metricsOf } from '../domain/evidence';
import type { EvidenceBundle } from '../domain/evidence';
import type { Attempt, Diagnosis, Hypothesis } from '../domain/diagnosis';
import { chooseRunbook } from '../domain/choose-runbook';
import type { Remedy } from '../domain/choose-runbook';
import { diagnose } from '../domain/diagnose';
import { NightshiftError } from '../domain/errors';
import type { DiagnosisView } from '../domain/incident-view';
import { findService } from '../domain/inventory';
import type { Inventory, Service, Target } from '../domain/inventory';
import { judge } from '../domain/policy';
import type { Policy } from '../domain/policy-types';
import { foretoldDiagnosis, headlineOf, isForetold, isPrediction } from '../domain/prediction/foretold';
import { shortageHypothesis } from '../domain/prediction/shortage';
import { buildProposal } from '../domain/propose';
import type { Runbook, RunbookSnapshot } from '../domain/runbook';
import { renderRunbook } from '../domain/runbook-render';
import type { RenderedStep } from '../domain/runbook-render';
import { canScale, isForKind, missingHands } from '../domain/runbook-needs';
import type { AssessInput, Assessment, Plan } from '../domain/steps';
import { triage } from '../domain/triage';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { RunbookLibrary } from '../ports/runbooks';
import type { EvidenceStore, ProposalStore } from '../ports/store';
import { outlookOf } from './outlook';
import { flappingReason } from './quiet-facts';
import type { QuietFacts } from './quiet-facts';

/** What diagnosing works with. */
export interface DiagnosisDeps {
  readonly evidence: Pick<EvidenceStore, 'read'>;
  readonly proposals: ProposalStore;
  readonly inventory: Inventory;
  readonly policy: Policy;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  readonly hands: Pick<Hands, 'preview' | 'unmet'>;
  /** What runbooks may use besides the hands of a service. */
  readonly allowed: Allowed;
  readonly clock: Clock;
  /** Flapping is not asked for when absent. */
  readonly quiet?: Pick<QuietFacts, 'flapping'>;
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
      const found = diagnose(bundle, input.attempts);
      const diagnosis = narrowed(found, input, service);
      const plan = await choosePlan(deps, input, diagnosis);
      return {
        triage: triage(service ? input.service : unknownNames(input), service, input.alerts, metricsOf(bundle, input.service)?.now ?? null),
        cause: diagnosis.cause,
        diagnosis: viewOf(diagnosis, bundle, input),
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

async function choosePlan(deps: DiagnosisDeps, input: AssessInput, diagnosis: Diagnosis): Promise<Plan> {
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
  if (best.runbook === undefined && before) {
    const what = before.verdict === 'rejected' ? 'was rejected' : `was tried (${before.verdict})`;
    return { kind: 'escalate', reason: `${best.title}. Its remedy, ${before.runbook}, ${what} in round ${String(before.round)}; a person is needed.` };
  }
  if (best.runbook === undefined || best.suspect === undefined)
    return { kind: 'wait', reason: `${best.title}. There is nothing of ours to act on; waiting for it to heal.` };
  return propose(deps, input, best, best.suspect);
}

function foretoldText({ alerts }: AssessInput): string {
  const first = alerts.find(isPrediction);
  return first && isForetold(alerts) ? `Nothing is broken yet, but ${headlineOf(first)}. ` : '';
}

function unknownNames(input: AssessInput): string {
  return [...new Set(input.alerts.map((a) => a.service ?? input.service))].join(', ');
}

async function propose(deps: DiagnosisDeps, input: AssessInput, best: Hypothesis, suspect: string): Promise<Plan> {
  const runbooks = await deps.runbooks.current();
  const service = findService(deps.inventory, input.environment, suspect);
  const own = service?.hands;
  const kin = own ? runbooks.filter(({ runbook }) => isForKind(runbook, own)) : [];
  // What is made for hands of this kind is told first, where none is possible.
  const wanted = chooseRunbook(kin, best, input.attempts) ?? chooseRunbook(runbooks, best, input.attempts);
  if (!wanted) return { kind: 'escalate', reason: `${best.title}. No runbook of the catalogue is left for it.` };
  if (!service?.hands) return { kind: 'escalate', reason: `${best.title}. The configuration gives Nightshift no hands on ${suspect}.` };
  const { hands } = service;
  const missing = ({ runbook: each }: { readonly runbook: Runbook }): string[] => [
    ...missingHands(each, hands),
    ...lacking(each, deps.allowed, { service: suspect, environment: input.environment }),
  ];
  const possible = runbooks.filter((each) => missing(each).length === 0);
  const { remedy, refused } = await firstThatMay(deps.hands, service, { possible, best, attempts: input.attempts, target: hands.target });
  if (!remedy && refused.length > 0) return { kind: 'escalate', reason: `${best.title}. No runbook can be carried out now: ${refused.join(' ')}` };
  if (!remedy) return { kind: 'escalate', reason: `${best.title}. ${lackText(wanted.runbook.runbook, missing(wanted.runbook), suspect)}` };
  const { runbook, parameters } = remedy;
  const { incidentId, round, environment } = input;
  const proposal = buildProposal({
    ...{ incidentId, round, environment, service: input.service, suspect, hypothesis: best.id, runbook },
    target: hands.target,
    parameters,
    author: best.author,
    outlook: await outlookOf(deps.hands, service, { runbook: runbook.runbook, parameters, target: hands.target }),
  });
  const question = { runbook: runbook.runbook.id, environment, service: suspect, tier: service.tier, foretold: isForetold(input.alerts) };
  const { freezes, ...policy } = judge(deps.policy, question, deps.clock.now());
  if (policy.mode === 'observe')
    return {
      kind: 'observe',
      reason: `${best.title}. ${runbook.runbook.title} would be proposed: ${proposal.preview.join(' ')} Nothing is done: ${policy.reason}`,
    };
  await deps.proposals.saveRunbook(runbook);
  await deps.proposals.saveProposal(proposal);
  const frozen = freezes.map((f) => ` A freeze is in force: ${f.name}.`).join('');
  return { kind: policy.mode === 'suggest' ? 'suggest' : 'propose', proposal, policy: { ...policy, reason: policy.reason + frozen } };
}

interface Choice {
  readonly possible: readonly RunbookSnapshot[];
  readonly best: Hypothesis;
  readonly attempts: readonly Attempt[];
  readonly target: Target;
}

/** The runbook that is chosen, of those whose steps may begin as the world is: nobody is woken for what would do nothing. What cannot be asked keeps nothing back. */
async function firstThatMay(
  hands: DiagnosisDeps['hands'],
  service: Service,
  { possible, best, attempts, target }: Choice,
): Promise<{ readonly remedy?: Remedy; readonly refused: readonly string[] }> {
  const refused: string[] = [];
  for (let left = possible; ;) {
    const remedy = chooseRunbook(left, best, attempts);
    if (!remedy) return { refused };
    const { runbook } = remedy.runbook;
    const reason = await firstUnmet(hands, service, renderRunbook(runbook, remedy.parameters).steps, target);
    if (reason === undefined) return { remedy, refused };
    refused.push(`${runbook.id}: ${reason}`);
    left = left.filter((each) => each !== remedy.runbook);
  }
}

async function firstUnmet(hands: DiagnosisDeps['hands'], service: Service, steps: readonly RenderedStep[], target: Target): Promise<string | undefined> {
  for (const { uses: action, with: inputs, timeoutMs } of steps) {
    const reason = await hands.unmet?.(service, { action, inputs, timeoutMs, target }).catch(() => undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function lackText(runbook: Runbook, missing: readonly string[], suspect: string): string {
  return `The runbook ${runbook.id} fits and is not proposed: it needs ${missing.join(', ')}, which ${suspect} does not have. Add it to the configuration.`;
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
