import type { AllowedGithub } from '../../domain/actions/allowed-github';
import { within } from '../../domain/actions/allowed';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Clock } from '../../ports/clock';
import type { StateStore } from '../../ports/store';
import type { GithubApiOptions } from './api';

/** As whom GitHub is asked to act, and how it answers. */
export interface GithubAccess {
  readonly token: string;
  /** Of one request, milliseconds. */
  readonly timeoutMs: number;
  /** The API names the run that it starts when asked to. */
  readonly namesRuns: boolean;
}

/** What acting on GitHub works with; without a repository every action is refused. */
export interface GithubActionsDeps {
  readonly github: AllowedGithub | undefined;
  readonly access: GithubAccess | undefined;
  readonly state: StateStore;
  readonly clock: Clock;
}

/** A repository, and how it is reached. */
export interface GithubPlace {
  readonly github: AllowedGithub;
  readonly access: GithubAccess;
  readonly api: GithubApiOptions;
}

/** The configured repository. Throws `effect_failed` where there is none. */
export function configuredPlace({ github, access, clock }: Omit<GithubActionsDeps, 'state'>): GithubPlace {
  if (!github || !access) throw new NightshiftError('effect_failed', 'No repository of GitHub is configured to act in; set actions.github');
  return { github, access, api: { url: github.url, token: access.token, timeoutMs: access.timeoutMs, clock } };
}

/** The repository for a service. Throws `effect_failed` where there is none, or it is not for that service. */
export function placeFor(deps: GithubActionsDeps, { name: service, environment }: Pick<Service, 'name' | 'environment'>): GithubPlace {
  const place = configuredPlace(deps);
  if (within(place.github.scope, { service, environment })) return place;
  throw new NightshiftError('effect_failed', `actions.github is not allowed for ${service} in ${environment}; its configuration says where it is`);
}
