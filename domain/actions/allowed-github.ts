import type { AllowedUse, Scope } from './allowed';
import { within } from './allowed';

/** A workflow of GitHub Actions that runbooks may start by its name. */
export interface AllowedWorkflow extends AllowedUse {
  /** Name of its file in `.github/workflows`. */
  readonly file: string;
  /** Branch or tag that it runs at. */
  readonly ref: string;
  /** Its inputs, with placeholders. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Input that takes the token and whose value the name of the run shows, so that a run can be found by it. */
  readonly tokenInput?: string;
}

/** The repository in which runbooks may act. */
export interface AllowedGithub {
  readonly repository: string;
  /** Address of the API. */
  readonly url: string;
  readonly scope: Scope;
  readonly workflows: readonly AllowedWorkflow[];
}

/** What of GitHub is missing for a step, such as `actions.github.workflows.deploy`; undefined when nothing is. A `workflow` that is not known yet is not looked at. */
export function lackingGithub(
  github: AllowedGithub | undefined,
  place: { readonly service: string; readonly environment: string },
  workflow: string | undefined,
): string | undefined {
  if (!github || !within(github.scope, place)) return 'actions.github';
  const found = github.workflows.find(({ name }) => name === workflow);
  return workflow === undefined || (found && within(found.scope, place)) ? undefined : `actions.github.workflows.${workflow}`;
}
