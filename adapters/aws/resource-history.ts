import type { ConfigServiceClient, ConfigurationItem, ResourceType } from '@aws-sdk/client-config-service';
import { z } from 'zod';
import type { ConfigItem, ResourceRef } from '../../domain/aws/config-items';
import { defined } from '../../domain/defined';
import type { ResourceHistory } from '../../ports/resource-history';
import type { AwsAccess } from './access';
import { awsClients } from './clients';

const line = z.object({ resourceType: z.string(), resourceId: z.string(), configurationItemCaptureTime: z.iso.datetime({ offset: true }) });

/** What AWS Config recorded. Advanced queries know the newest record of resources that are still there. https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html */
export function configHistory(access: AwsAccess): ResourceHistory {
  const clients = awsClients(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { ConfigServiceClient } = await import('@aws-sdk/client-config-service');
    return new ConfigServiceClient(settings);
  });
  return {
    async recorded(place, types, since, signal) {
      const { SelectResourceConfigCommand } = await import('@aws-sdk/client-config-service');
      const found: ResourceRef[] = [];
      let NextToken: string | undefined;
      do {
        const command = new SelectResourceConfigCommand({ Expression: queryOf(types, since), Limit: 100, NextToken });
        const page = await clients.ask(place, 'config:SelectResourceConfig', (client) => client.send(command, { abortSignal: signal }));
        found.push(...(page.Results ?? []).flatMap(refOf));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found.sort((a, b) => a.recordedAt - b.recordedAt);
    },
    items: (place, resource, since, signal) => clients.ask(place, 'config:GetResourceConfigHistory', (client) => itemsOf(client, resource, since, signal)),
  };
}

/** Types hold no quotes: the configuration says which may be written. */
function queryOf(types: readonly string[], since: number): string {
  const wanted = types.map((type) => `'${type}'`).join(', ');
  const when = new Date(since).toISOString();
  return `SELECT resourceType, resourceId, configurationItemCaptureTime WHERE resourceType IN (${wanted}) AND configurationItemCaptureTime >= '${when}'`;
}

function refOf(text: string): ResourceRef[] {
  const read = line.safeParse(JSON.parse(text));
  if (!read.success) return [];
  const { resourceType: type, resourceId: id, configurationItemCaptureTime } = read.data;
  return [{ type, id, recordedAt: Date.parse(configurationItemCaptureTime) }];
}

/** Newest first, until the record before `since` is there. */
async function itemsOf(client: ConfigServiceClient, { type, id }: ResourceRef, since: number, signal: AbortSignal): Promise<readonly ConfigItem[]> {
  const { GetResourceConfigHistoryCommand } = await import('@aws-sdk/client-config-service');
  const found: ConfigItem[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const command = new GetResourceConfigHistoryCommand({ resourceType: type as ResourceType, resourceId: id, chronologicalOrder: 'Reverse', nextToken });
      const page = await client.send(command, { abortSignal: signal });
      found.push(...(page.configurationItems ?? []).flatMap((item) => itemOf(type, id, item)));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !found.some(({ recordedAt }) => recordedAt < since));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotDiscoveredException') return [];
    throw error;
  }
  const before = found.findIndex(({ recordedAt }) => recordedAt < since);
  return (before < 0 ? found : found.slice(0, before + 1)).reverse();
}

function itemOf(type: string, id: string, item: ConfigurationItem): ConfigItem[] {
  const { configurationItemCaptureTime, configurationItemStatus = 'OK', resourceName, resourceCreationTime, configuration, tags = {} } = item;
  if (!configurationItemCaptureTime) return [];
  const recordedAt = configurationItemCaptureTime.getTime();
  return [
    defined({ type, id, recordedAt, status: configurationItemStatus, name: resourceName, createdAt: resourceCreationTime?.getTime(), configuration, tags }),
  ];
}
