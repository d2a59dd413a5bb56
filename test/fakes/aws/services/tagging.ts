import type { GetResourcesInput, GetResourcesOutput, ResourceTagMapping, TagFilter } from '@aws-sdk/client-resource-groups-tagging-api';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { stateKey } from './support';

const TAGGED = stateKey('tagged resources', () => new Map<string, ResourceTagMapping>());
const PAGE = 100;

/** Adds a resource with its tags, by its ARN. */
export function putTagged(place: Place, resource: ResourceTagMapping): void {
  place.state(TAGGED).set(resource.ResourceARN ?? '', resource);
}

function getResources(input: GetResourcesInput, call: Call): GetResourcesOutput {
  const { PaginationToken = '', TagFilters = [], ResourcesPerPage, ResourceTypeFilters = [], ResourceARNList = [] } = input;
  if (ResourceARNList.length > 0 && (TagFilters.length > 0 || ResourceTypeFilters.length > 0)) {
    throw new AwsError('InvalidParameterException', 'ResourceARNList cannot be combined with filters');
  }
  const asked = ({ ResourceARN = '', Tags = [] }: ResourceTagMapping): boolean =>
    TagFilters.every((filter) => Tags.some((tag) => matches(tag, filter))) &&
    (ResourceTypeFilters.length === 0 || ResourceTypeFilters.some((type) => isOfType(ResourceARN, type))) &&
    (ResourceARNList.length === 0 || ResourceARNList.includes(ResourceARN)) &&
    call.visible(ResourceARN);
  const items = (): ResourceTagMapping[] => [...call.place.state(TAGGED).values()].filter(asked);
  const page = call.page({
    items,
    token: PaginationToken === '' ? undefined : PaginationToken,
    size: ResourcesPerPage,
    max: PAGE,
    badToken: 'PaginationTokenExpiredException',
  });
  // The last page has an empty token, not none.
  return { ResourceTagMappingList: page.items, PaginationToken: page.next ?? '' };
}

function matches({ Key, Value }: { Key?: string | undefined; Value?: string | undefined }, filter: TagFilter): boolean {
  return Key === filter.Key && (filter.Values === undefined || filter.Values.length === 0 || filter.Values.includes(Value ?? ''));
}

/** Types are `service` or `service:kind`, as they stand in ARNs. */
function isOfType(arn: string, type: string): boolean {
  const [service, kind] = type.split(':');
  const [, , of, , , ...rest] = arn.split(':');
  return of === service && (kind === undefined || rest.join(':').split(/[:/]/)[0] === kind);
}

/** Resource Groups Tagging. */
export const TAGGING: FakeService = {
  signedAs: 'tagging',
  actions: 'tag',
  target: 'ResourceGroupsTaggingAPI_20170126',
  load: () => import('@aws-sdk/client-resource-groups-tagging-api'),
  operations: { GetResources: getResources },
  facts: { resource: { shape: 'ResourceTagMapping', put: putTagged } },
};
