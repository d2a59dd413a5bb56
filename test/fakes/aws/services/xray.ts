import type { GetServiceGraphRequest, GetServiceGraphResult, Service } from '@aws-sdk/client-xray';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { stateKey } from './support';

const GRAPH = stateKey('service graph', () => new Map<number, Service>());
const PAGE = 100;

/** Adds a service with its edges to the graph, by its `ReferenceId`; without times it is in every window. */
export function putGraphService(place: Place, service: Service): void {
  place.state(GRAPH).set(service.ReferenceId ?? 0, service);
}

function getServiceGraph({ StartTime, EndTime, NextToken }: GetServiceGraphRequest, call: Call): GetServiceGraphResult {
  if (!StartTime || !EndTime || StartTime > EndTime) throw new AwsError('InvalidRequestException', 'The end time must be after the start time.');
  const within = (service: Service): boolean => (service.StartTime ?? StartTime) <= EndTime && (service.EndTime ?? EndTime) >= StartTime;
  const page = call.page({
    items: () => [...call.place.state(GRAPH).values()].filter(within),
    token: NextToken,
    max: PAGE,
    badToken: 'InvalidRequestException',
  });
  return { StartTime, EndTime, Services: page.items, ContainsOldGroupVersions: false, NextToken: page.next };
}

/** X-Ray. */
export const XRAY: FakeService = {
  signedAs: 'xray',
  target: 'AWSXRay',
  rest: 'json',
  load: () => import('@aws-sdk/client-xray'),
  throttled: { name: 'ThrottledException' },
  operations: { GetServiceGraph: getServiceGraph },
  facts: { service: { shape: 'Service', put: putGraphService } },
};
