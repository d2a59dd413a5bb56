import { buildToRerun, carries, enoughToChoose, rerunRecord, rerunSighting, TOKEN_VARIABLE } from '../../../domain/aws/build-rerun';
import type { BuildFacts, RerunChoice, RerunSource } from '../../../domain/aws/build-rerun';
import { arnIn } from '../../../domain/aws/arn';
import { placeText } from '../../../domain/aws/place';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect } from '../../../ports/hands';
import type { ReadSettings } from '../access';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps, On } from './carrier';
import { causeName } from './outcome';
import { projectBuilds } from './project-builds';
import type { ProjectBuilds } from './project-builds';
import { beforeOf, recordOnce } from './record';
import { unbegun } from './unbegun';

type OnBuilds = On<'codebuild'>;

/** Carries out `codebuild.rerun`. Which build is rerun goes on record before, so that another attempt takes no newer one, and the rerun carries the token in its environment. */
export function codebuildRerun({ actuator, state, clock }: AwsHandsDeps): Carrier {
  const builds = projectBuilds(actuator.access);
  const recorded = async (effect: Effect): Promise<RerunSource | undefined> => (await state.load(beforeOf(effect))) as RerunSource | undefined;

  return awsCarrier('codebuild.rerun', 'codebuild', {
    async look(on, effect) {
      const build = await ours(builds, on, effect);
      if (build) {
        const source = await recorded(effect);
        const seen = rerunSighting(build, source);
        // The answer that names it may have been lost.
        if (seen.state !== 'in-progress' && source && build.id !== undefined) await state.create(rerunRecord(build.id), source);
        return seen;
      }
      return effect.reference === undefined
        ? { state: 'absent' }
        : { state: 'in-progress', detail: `build ${effect.reference} was accepted and does not show yet` };
    },
    async act(on, effect) {
      const before = await recorded(effect);
      // What has passed since holds a later attempt back too.
      const choose = () => chosen(builds, on, { wanted: before?.build ?? effect.inputs['build'], at: effect.intendedAt, token: effect.token });
      const found = await (before ? choose() : unbegun(choose));
      if (typeof found === 'string') throw new NightshiftError('effect_failed', found);
      const source = before ?? (await recordOnce(state, beforeOf(effect), () => Promise.resolve(found)));
      const { StartBuildCommand } = await import('@aws-sdk/client-codebuild');
      const command = new StartBuildCommand({
        projectName: on.part.project,
        sourceVersion: source.commit,
        cacheOverride: { type: 'NO_CACHE' },
        environmentVariablesOverride: [{ name: TOKEN_VARIABLE, value: effect.token, type: 'PLAINTEXT' }],
        idempotencyToken: effect.token,
      });
      const { build } = await actuator.acts({ ...order(on, effect, 'codebuild:StartBuild'), send: (client) => client.send(command) });
      if (build?.id !== undefined) await state.create(rerunRecord(build.id), source);
      return build?.id;
    },
    async stop(on, effect) {
      const build = await ours(builds, on, effect);
      if (build?.id === undefined || build.buildStatus !== 'IN_PROGRESS') return;
      const { StopBuildCommand } = await import('@aws-sdk/client-codebuild');
      const command = new StopBuildCommand({ id: build.id });
      await actuator.acts({ ...order(on, effect, 'codebuild:StopBuild'), send: (client) => client.send(command) });
    },
    async unmet(on, { inputs }) {
      const found = await chosen(builds, on, { wanted: inputs['build'], at: clock.now() });
      return typeof found === 'string' ? `${found}.` : undefined;
    },
    async preview(on, { inputs }) {
      const found = await chosen(builds, on, { wanted: inputs['build'], at: clock.now() });
      if (typeof found === 'string') return `would do nothing: ${found}`;
      const commit = found.commit === undefined ? '' : ` at ${found.commit}`;
      return `builds project ${on.part.project} in ${placeText(on.hands)}${commit} again, without a cache, as build ${found.build} failed`;
    },
  });
}

function order({ part, hands }: OnBuilds, effect: Effect, operation: 'codebuild:StartBuild' | 'codebuild:StopBuild') {
  const project = arnIn(hands, 'codebuild', `project/${part.project}`);
  return {
    ...{ place: hands, effect, operation, may: [{ actions: [operation], resources: [project] }] },
    make: async (settings: ReadSettings) => {
      const { CodeBuildClient } = await import('@aws-sdk/client-codebuild');
      return new CodeBuildClient(settings);
    },
  };
}

/** Ours as far as it is seen, by its id where it is known. */
async function ours(builds: ProjectBuilds, { part, hands }: OnBuilds, { reference, ...effect }: Effect): Promise<BuildFacts | undefined> {
  return reference === undefined ? builds.withToken(hands, part.project, effect.token, searchFrom(effect)) : (await builds.get(hands, [reference]))[0];
}

/** The build to rerun, or why there is none. What carries the token is left aside. */
async function chosen(
  builds: ProjectBuilds,
  { part: { project }, hands }: OnBuilds,
  { token, ...wish }: Omit<RerunChoice, 'project'> & { readonly token?: string },
): Promise<RerunSource | string> {
  const { wanted } = wish;
  if (wanted !== undefined && !wanted.startsWith(`${project}:`)) return `build ${wanted} is not one of project ${project}`;
  const choice = { project, ...wish };
  try {
    const named = wanted === undefined ? [] : await builds.get(hands, [wanted]);
    const alone = wanted === undefined ? undefined : buildToRerun(named, choice);
    if (typeof alone === 'string') return alone;
    const read = await builds.newest(hands, project, (some) => enoughToChoose(some, choice));
    const others = read.filter((build) => build.id !== wanted && (token === undefined || !carries(build, token)));
    return buildToRerun([...named, ...others], choice);
  } catch (error) {
    if (causeName(error) !== 'ResourceNotFoundException') throw error;
    return `there is no project ${project} in ${placeText(hands)}; correct hands.codebuild in the configuration`;
  }
}
