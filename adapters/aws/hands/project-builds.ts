import type { BatchGetBuildsCommandOutput, Build, ListBuildsForProjectCommandOutput } from '@aws-sdk/client-codebuild';
import { carries } from '../../../domain/aws/build-rerun';
import type { AwsPlace } from '../../../domain/aws/place';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';

/** Reads builds of a project. */
export interface ProjectBuilds {
  /** Those that are seen of these ids, at most 100. */
  get(place: AwsPlace, ids: readonly string[]): Promise<readonly Build[]>;
  /** Newest first, page after page, until `enough` says so of those that were read; at most the newest 1,000 where `most` is not given (pages of 100). */
  newest(place: AwsPlace, project: string, enough: (builds: readonly Build[]) => boolean, most?: number): Promise<readonly Build[]>;
  /** The build with a token among those that started after a moment. */
  withToken(place: AwsPlace, project: string, token: string, since: Date): Promise<Build | undefined>;
}

const MOST_PAGES = 10;

/** Reads by the role that acts. */
export function projectBuilds(access: AwsAccess): ProjectBuilds {
  const clients = awsClients(access, async (settings) => {
    const { CodeBuildClient } = await import('@aws-sdk/client-codebuild');
    return new CodeBuildClient(settings);
  });
  const get: ProjectBuilds['get'] = async (place, ids) => {
    if (ids.length === 0) return [];
    const { BatchGetBuildsCommand } = await import('@aws-sdk/client-codebuild');
    const command = new BatchGetBuildsCommand({ ids: [...ids] });
    const { builds = [] }: BatchGetBuildsCommandOutput = await clients.ask(place, 'codebuild:BatchGetBuilds', (client) => client.send(command));
    return builds;
  };
  const newest: ProjectBuilds['newest'] = async (place, projectName, enough, most = MOST_PAGES) => {
    const { ListBuildsForProjectCommand } = await import('@aws-sdk/client-codebuild');
    const read: Build[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < most; page++) {
      // The newest come first where no order is asked for, and asking for one is an error where there are more than 100.
      const command = new ListBuildsForProjectCommand({ projectName, nextToken });
      const list: ListBuildsForProjectCommandOutput = await clients.ask(place, 'codebuild:ListBuildsForProject', (client) => client.send(command));
      read.push(...(await get(place, list.ids ?? [])));
      nextToken = list.nextToken;
      if (nextToken === undefined || enough(read)) break;
    }
    return read;
  };
  return {
    get,
    newest,
    async withToken(place, project, token, since) {
      const builds = await newest(place, project, (read) => read.some((build) => carries(build, token) || (build.startTime ?? since) < since), Infinity);
      return builds.find((build) => carries(build, token));
    },
  };
}
