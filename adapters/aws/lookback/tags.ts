import type { GetResourcesCommandOutput } from '@aws-sdk/client-resource-groups-tagging-api';
import type { PastFact } from '../../../domain/lookback/facts';
import { SERVICE_LABELS, valuesOf } from '../../../domain/sources/names';
import type { Ask } from './ask';
import { wholeList } from './kind';
import type { KindContext } from './kind';

/** Tags of what a region of an account has. */
export interface PlaceTags {
  readonly byArn: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

const PAGE = 100;

/** Every tagged resource with its tags. Throws errors of ours. */
export async function readTags({ settings }: Pick<KindContext, 'settings'>, ask: Ask): Promise<PlaceTags> {
  const { GetResourcesCommand, ResourceGroupsTaggingAPIClient } = await import('@aws-sdk/client-resource-groups-tagging-api');
  const client = new ResourceGroupsTaggingAPIClient(settings);
  try {
    const resources = await wholeList(async (PaginationToken) => {
      const command = new GetResourcesCommand({ ResourcesPerPage: PAGE, PaginationToken });
      const answer: GetResourcesCommandOutput = await ask('tag:GetResources', (options) => client.send(command, options));
      return { items: answer.ResourceTagMappingList ?? [], next: answer.PaginationToken === '' ? undefined : answer.PaginationToken };
    });
    return { byArn: new Map(resources.map(({ ResourceARN = '', Tags = [] }) => [ResourceARN, tagRecord(Tags)])) };
  } finally {
    client.destroy();
  }
}

/** Tags as a record. */
export function tagRecord(tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The service that tags name, in whatever case their keys are. */
export function taggedService(tags: Readonly<Record<string, string>> | undefined): string | undefined {
  const lower = Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
  return valuesOf(lower, SERVICE_LABELS).find((name) => name !== undefined && name.trim() !== '');
}

/** Who owns what, as the tags say. */
export function taggedOwners({ byArn }: PlaceTags): PastFact[] {
  return [...byArn].flatMap(([resource, tags]): PastFact[] => {
    const service = taggedService(tags);
    return service === undefined ? [] : [{ kind: 'owner', resource, service }];
  });
}
