import { digestOf } from '../domain/digest';
import { resultOf } from '../domain/replay/round';
import type { RoundFacts } from '../domain/replay/round';
import type { Demotion } from '../domain/shadow/demotion';
import type { AssessInput, Assessment } from '../domain/steps';
import type { Hands, Wanted } from '../ports/hands';
import type { RoundStore } from '../ports/shadow';
import { createDiagnosisActivities } from './diagnosis';
import type { DiagnosisDeps } from './diagnosis';

/** Under which name it is kept why a step could not begin. */
export function stepKey(step: Pick<Wanted, 'action' | 'inputs' | 'target'>): string {
  return digestOf({ action: step.action, inputs: step.inputs, target: step.target });
}

/** Diagnosing that keeps by what each round was judged, beside its frozen evidence, so that it can be judged again by other rules without asking the world. */
export function createJudgedRounds(deps: DiagnosisDeps & { readonly rounds: RoundStore }): { assess(input: AssessInput): Promise<Assessment> } {
  return {
    async assess(input) {
      const { heard, facts } = listening(deps);
      const assessment = await createDiagnosisActivities(heard).assess(input);
      const { incidentId, round, environment, service, evidence } = input;
      const record = { incidentId, round, environment, service, evidence: evidence.digest, input, facts: facts(), result: resultOf(assessment) };
      await deps.rounds.keep(record);
      return assessment;
    },
  };
}

/** The same deps, whose answers are written down. Time stands still for a round, as it does when it is judged again. */
function listening(deps: DiagnosisDeps): { readonly heard: DiagnosisDeps; readonly facts: () => RoundFacts } {
  const at = deps.clock.now();
  const unmet: Record<string, string | null> = {};
  let flapping: readonly string[] = [];
  let demotions: Record<string, Demotion> = {};
  const { quiet, lessons } = deps;
  const heard: DiagnosisDeps = {
    ...deps,
    clock: { now: () => at },
    hands: listeningHands(deps.hands, unmet),
    ...(quiet && { quiet: { flapping: async (of) => (flapping = await quiet.flapping(of)) } }),
    ...(lessons && {
      lessons: async (of) => {
        const found = await lessons(of);
        demotions = Object.fromEntries(found);
        return found;
      },
    }),
  };
  return { heard, facts: () => ({ at, flapping, unmet, demotions }) };
}

function listeningHands(hands: DiagnosisDeps['hands'], unmet: Record<string, string | null>): DiagnosisDeps['hands'] {
  const asked: Pick<Hands, 'unmet'> = {
    unmet: async (service, step) => {
      const reason = await hands.unmet?.(service, step);
      unmet[stepKey(step)] = reason ?? null;
      return reason;
    },
  };
  return { ...(hands.preview && { preview: hands.preview.bind(hands) }), ...(hands.unmet && asked) };
}
