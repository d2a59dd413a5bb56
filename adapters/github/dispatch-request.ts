import { allowedValues, digestLabel, requireAllowed } from '../../domain/actions/allowed';
import type { AllowedWorkflow } from '../../domain/actions/allowed-github';
import { fillTemplate } from '../../domain/actions/template';
import type { Service } from '../../domain/inventory';
import type { Effect } from '../../ports/hands';
import type { GithubPlace } from './access';

/** An allowed workflow with its inputs filled. */
export interface DispatchRequest {
  readonly allowed: AllowedWorkflow;
  readonly inputs: Readonly<Record<string, string>>;
  /** In the words of the configuration, with their digest. */
  readonly label: string;
}

/** Fills the inputs of a workflow. Throws `effect_failed` when it is not allowed, not for this service, or not with these inputs. */
export function dispatchRequest({ github }: GithubPlace, service: Service, effect: Pick<Effect, 'inputs' | 'token' | 'incidentId'>): DispatchRequest {
  const { workflow: name = '', ...given } = effect.inputs;
  const allowed = requireAllowed('github.workflows', github.workflows, name);
  const values = allowedValues(allowed, given, service, effect);
  const filled = Object.entries(allowed.inputs).map(([input, template]) => [input, fillTemplate(template, values)] as const);
  const token = allowed.tokenInput === undefined ? {} : { [allowed.tokenInput]: effect.token };
  const worded = { ...allowed, repository: github.repository, url: github.url };
  return { allowed, inputs: { ...Object.fromEntries(filled), ...token }, label: digestLabel(worded) };
}
