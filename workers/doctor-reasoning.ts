import type { NightshiftConfig } from '../config/types';
import { tokensOf } from '../domain/reasoning/budget';
import type { ReasoningRequest } from '../domain/reasoning/request';
import type { Finding } from './doctor-services';
import { openReasoner } from './reasoner';

const CHECK = 'model';
/** A question of one word, without any evidence. */
const QUESTION: ReasoningRequest = {
  ...{ incidentId: 'doctor', round: 0, system: 'You answer with one JSON object.', items: [], hypotheses: {}, runbooks: [] },
  parts: [{ text: 'Answer with the JSON object {"ok": true} alone.', outside: false }],
  schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false },
};

/** Whether the model of the configuration answers, and how; it is asked only where a person wants it, as that costs. */
export async function reasoningFindings(config: Pick<NightshiftConfig, 'reasoning' | 'aws'>, ask: boolean): Promise<readonly Finding[]> {
  const { reasoning } = config;
  const reasoner = openReasoner(config);
  if (!reasoning || !reasoner) {
    return ask ? [{ check: CHECK, ok: false, detail: 'no model is configured', mend: 'Add reasoning to nightshift.yaml; docs/reasoning.md says how.' }] : [];
  }
  const names = reasoning.models.map(({ id }) => id).join(', then ');
  if (!ask) return [{ check: CHECK, ok: true, detail: `${names} by ${reasoning.provider}, not asked; npx nightshift doctor --model asks` }];
  const result = await reasoner.reason({ request: QUESTION }, { signal: new AbortController().signal });
  if (result.ok) {
    const how = `on the rung ${result.rung}, in ${String(result.latencyMs)} ms, for ${String(tokensOf(result.usage))} tokens`;
    return [{ check: CHECK, ok: true, detail: `${result.model} answers ${how}` }];
  }
  return [{ check: CHECK, ok: false, detail: `${result.failure}: ${result.message}`, mend: MENDS[result.failure] ?? 'Try again later.' }];
}

const MENDS: Readonly<Record<string, string>> = {
  forbidden:
    'The role of reasoning must be allowed the model and its profile; npx nightshift doctor --aws --policy --role reasoner prints a policy, infra/ makes the role.',
  misconfigured: 'Is the model in this region, and is its id that of a profile where it needs one? Look at reasoning in nightshift.yaml.',
  unavailable: 'Is the endpoint up, and does this machine reach it?',
  guardrail: 'The guardrail stops an innocent question: look at its filters.',
};
