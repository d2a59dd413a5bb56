import type { BatchGetBuildsCommandOutput, Build, ListBuildsCommandOutput } from '@aws-sdk/client-codebuild';
import { placeText } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import { runChange } from '../../../domain/lookback/aws/changes';
import type { PastChange, PastFact } from '../../../domain/lookback/facts';
import { actorOf } from '../../../domain/sources/aws-names';
import type { Ask } from './ask';
import { beginChain, readChain } from './chain';
import type { ChainOptions } from './chain';
import type { PastKind } from './kind';

const LIST = 'codebuild:ListBuilds';
const GET = 'codebuild:BatchGetBuilds';
const MOST_PAGES = 200;

/** Builds of CodeBuild of all projects, in one part: their list has no times, so that it is read from the newest on until they are too old. */
export const builds: PastKind = {
  name: 'builds',
  async plan({ place, span, settings }, ask) {
    const { BatchGetBuildsCommand, CodeBuildClient, ListBuildsCommand } = await import('@aws-sdk/client-codebuild');
    const client = new CodeBuildClient(settings);
    const chainOf = (by: Ask): ChainOptions<Build> => ({
      ...{ from: span.from, most: MOST_PAGES, time: ({ startTime }) => startTime?.getTime() ?? 0 },
      page: async (nextToken) => {
        const listing: ListBuildsCommandOutput = await by(LIST, (options) =>
          client.send(new ListBuildsCommand({ nextToken, sortOrder: 'DESCENDING' }), options),
        );
        const ids = listing.ids ?? [];
        if (ids.length === 0) return { items: [], next: listing.nextToken };
        const answer: BatchGetBuildsCommandOutput = await by(GET, (options) => client.send(new BatchGetBuildsCommand({ ids }), options));
        const items = [...(answer.builds ?? [])].sort((a, b) => (b.startTime?.getTime() ?? 0) - (a.startTime?.getTime() ?? 0));
        return { items, next: listing.nextToken };
      },
    });
    const chain = await beginChain(chainOf(ask));
    const read = async (by: Ask): Promise<PastFact[]> => {
      const { items, cut } = await readChain(chain, chainOf(by));
      const text = `CodeBuild of ${placeText(place)} built so often that the earliest builds were not read.`;
      return [...items.flatMap((build) => changeOf(build, place, span.from, span.to)), ...(cut ? [{ kind: 'note' as const, text }] : [])];
    };
    return { parts: [{ name: 'all', calls: { [LIST]: chain.more, [GET]: chain.more }, read }], facts: [], close: () => client.destroy() };
  },
};

/** Variables of a build may hold secrets: nothing of them is kept. */
function changeOf({ id, projectName = '', startTime, endTime, buildStatus, initiator }: Build, place: AwsPlace, from: number, to: number): PastChange[] {
  const startedAt = startTime?.getTime();
  if (id === undefined || startedAt === undefined || startedAt < from || startedAt >= to) return [];
  const ended = endTime === undefined ? {} : { endedAt: endTime.getTime() };
  return [
    runChange({
      kind: 'codebuild',
      id,
      name: projectName,
      ...place,
      startedAt,
      ...ended,
      status: buildStatus ?? '',
      author: actorOf(initiator) ?? 'codebuild',
    }),
  ];
}
