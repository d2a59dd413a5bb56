/** Where an alias leads: to its version, and a share (0 to 1) of the traffic to another one. */
export interface AliasRoute {
  readonly version: string;
  readonly canary?: { readonly version: string; readonly weight: number };
}

/** An alias as it was read. */
export interface AliasState extends AliasRoute {
  /** Changes with every change of the alias. */
  readonly revision: string;
}

/** What is written down of a shift before it is made. */
export interface AliasShift {
  readonly before: AliasState;
  readonly wanted: AliasRoute;
}

/** What an alias says of a shift. */
export type AliasFinding = { readonly state: 'absent' } | { readonly state: 'in-progress' | 'failed' | 'done'; readonly detail: string };

/** Reads an alias as Lambda gives it. */
export function aliasState(alias: {
  readonly FunctionVersion?: string | undefined;
  readonly RevisionId?: string | undefined;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> | undefined } | undefined;
}): AliasState {
  // There is one additional version at most, and one without a share is none.
  const [canary] = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).filter(([, weight]) => weight > 0);
  return {
    ...{ version: alias.FunctionVersion ?? '', revision: alias.RevisionId ?? '' },
    ...(canary && { canary: { version: canary[0], weight: canary[1] } }),
  };
}

/** Where an alias leads, for a person. */
export function routeText({ version, canary }: AliasRoute): string {
  if (!canary) return `version ${version} alone`;
  return `version ${version} with ${String(Math.round(canary.weight * 10_000) / 100)} % to version ${canary.version}`;
}

/** Whether both lead to the same. */
export function sameRoute(a: AliasRoute, b: AliasRoute): boolean {
  return a.version === b.version && a.canary?.version === b.canary?.version && a.canary?.weight === b.canary?.weight;
}

/** The one version that is to take all: `to`, or the main one. Undefined where it takes all already. */
export function shiftTo(now: AliasState, to: string | undefined): AliasRoute | undefined {
  const wanted = { version: to ?? now.version };
  return sameRoute(now, wanted) ? undefined : wanted;
}

/**
 * What became of a shift. `accepted` is the revision that Lambda gave it, where an attempt was answered. A share that somebody else goes on moving between the same two versions does not keep
 * it from being shifted; another version does.
 */
export function shiftFinding({ before, wanted }: AliasShift, now: AliasState, accepted: string | undefined): AliasFinding {
  if (sameRoute(now, wanted)) return { state: 'done', detail: `leads to ${routeText(now)}, before to ${routeText(before)}` };
  const unchanged = now.revision === before.revision;
  if (accepted !== undefined && unchanged) return { state: 'in-progress', detail: `the shift to ${routeText(wanted)} was accepted and does not show yet` };
  if (accepted !== undefined) return { state: 'failed', detail: `was led to ${routeText(wanted)}, and somebody has led it to ${routeText(now)} since` };
  const moved = now.version === before.version && now.canary?.version === before.canary?.version && now.canary?.weight !== before.canary?.weight;
  if (unchanged || moved) return { state: 'absent' };
  return {
    state: 'failed',
    detail: `leads to ${routeText(now)}, where somebody has led it since the shift to ${routeText(wanted)} was begun; look at it and propose anew`,
  };
}
