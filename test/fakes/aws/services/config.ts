import type {
  ConfigurationItem,
  GetResourceConfigHistoryRequest,
  GetResourceConfigHistoryResponse,
  SelectResourceConfigRequest,
  SelectResourceConfigResponse,
} from '@aws-sdk/client-config-service';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { queryConfig } from './config-query';
import { newestFirst, stateKey, within } from './support';

interface Config {
  readonly items: ConfigurationItem[];
  recording: boolean;
}

const CONFIG_STATE = stateKey('configuration items', (): Config => ({ items: [], recording: true }));
const HISTORY_PAGE = 10;
const PAGE = 100;
const SELECT_PAGE = 25;

/** Adds a configuration item to the history of its resource. */
export function putConfigItem(place: Place, item: ConfigurationItem): void {
  const usual = { version: '1.3', accountId: place.account, awsRegion: place.region, configurationItemStatus: 'OK' as const };
  place.state(CONFIG_STATE).items.push({ ...usual, ...item });
}

/** Whether there is a configuration recorder; at first there is. */
export function setRecorder(place: Place, { has }: { readonly has: boolean }): void {
  place.state(CONFIG_STATE).recording = has;
}

function recorded({ place }: Call): ConfigurationItem[] {
  const { items, recording } = place.state(CONFIG_STATE);
  if (!recording) throw new AwsError('NoAvailableConfigurationRecorderException', 'There are no customer managed configuration recorders available.');
  return newestFirst(items, (item) => item.configurationItemCaptureTime);
}

function getHistory(input: GetResourceConfigHistoryRequest, call: Call): GetResourceConfigHistoryResponse {
  const { resourceType, resourceId, laterTime, earlierTime, chronologicalOrder, limit, nextToken } = input;
  if (limit !== undefined && (limit < 0 || limit > PAGE)) throw new AwsError('InvalidLimitException', 'The limit must be 0 to 100.');
  const mine = recorded(call).filter((item) => item.resourceType === resourceType && item.resourceId === resourceId);
  if (mine.length === 0)
    throw new AwsError(
      'ResourceNotDiscoveredException',
      `Resource ${resourceId ?? ''} of resourceType:${resourceType ?? ''} is unknown or has not been discovered`,
    );
  const items = (): ConfigurationItem[] => {
    const all = mine.filter((item) => within(item.configurationItemCaptureTime, earlierTime, laterTime));
    return chronologicalOrder === 'Forward' ? all.reverse() : all;
  };
  const page = call.page({
    items,
    token: nextToken,
    size: limit === 0 ? undefined : (limit ?? HISTORY_PAGE),
    max: PAGE,
    badToken: 'InvalidNextTokenException',
  });
  return { configurationItems: page.items, nextToken: page.next };
}

function selectResourceConfig({ Expression = '', Limit, NextToken }: SelectResourceConfigRequest, call: Call): SelectResourceConfigResponse {
  const newest = new Map<string, ConfigurationItem>();
  for (const item of recorded(call).reverse()) newest.set(`${item.resourceType ?? ''}/${item.resourceId ?? ''}`, item);
  const { fields, lines } = queryConfig([...newest.values()], Expression);
  const page = call.page({
    items: () => lines,
    token: NextToken,
    size: Limit === undefined || Limit === 0 ? SELECT_PAGE : Limit,
    max: PAGE,
    badToken: 'InvalidNextTokenException',
  });
  return { Results: page.items, QueryInfo: { SelectFields: fields.map((Name) => ({ Name })) }, NextToken: page.next };
}

/** AWS Config. */
export const CONFIG: FakeService = {
  signedAs: 'config',
  target: 'StarlingDoveService',
  load: () => import('@aws-sdk/client-config-service'),
  operations: { GetResourceConfigHistory: getHistory, SelectResourceConfig: selectResourceConfig },
  facts: { item: { shape: 'ConfigurationItem', put: putConfigItem }, recorder: { put: setRecorder } },
};
