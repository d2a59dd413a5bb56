import type { InvokeEndpointInput, InvokeEndpointOutput } from '@aws-sdk/client-sagemaker-runtime';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { stateKey } from './support';

/** An endpoint that serves a Random Cut Forest. */
export interface FakeEndpoint {
  readonly name: string;
  /** Numbers in a row; any number where nothing is said. */
  readonly features?: number;
  /** The score of a row; the mean of its absolute values where nothing is said. */
  readonly score?: (row: readonly number[]) => number;
  /** False answers `ModelNotReadyException`. */
  readonly ready?: boolean;
}

const ENDPOINTS = stateKey('endpoints', () => new Map<string, FakeEndpoint>());
const JSON_LINES = 'application/jsonlines';
const BAD_INPUT = 400;
const UNSUPPORTED = 415;

/** Makes an endpoint or changes the one of its name. */
export function putEndpoint(place: Place, endpoint: FakeEndpoint): void {
  place.state(ENDPOINTS).set(endpoint.name, endpoint);
}

function invokeEndpoint(
  { EndpointName = '', Body = new Uint8Array(), ContentType = 'text/csv', Accept = 'application/json' }: InvokeEndpointInput,
  call: Call,
): InvokeEndpointOutput {
  const endpoint = call.place.state(ENDPOINTS).get(EndpointName);
  if (!endpoint) throw new AwsError('ValidationError', `Endpoint ${EndpointName} of account ${call.place.account} not found.`);
  if (endpoint.ready === false) throw new AwsError('ModelNotReadyException', 'The model is not ready: wait and try again.');
  if (!ContentType.startsWith('text/csv')) throw modelError(call, endpoint, UNSUPPORTED, `Unsupported content-type ${ContentType}`);
  const rows = Buffer.from(Body)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map(Number));
  const bad = rows.find((row) => row.some(Number.isNaN) || (endpoint.features !== undefined && row.length !== endpoint.features));
  if (bad || rows.length === 0) throw modelError(call, endpoint, BAD_INPUT, 'Unable to evaluate payload provided');
  const scores = rows.map((row) => ({ score: (endpoint.score ?? meanSize)(row) }));
  const body = Accept === JSON_LINES ? scores.map((score) => `${JSON.stringify(score)}\n`).join('') : JSON.stringify({ scores });
  return { Body: Buffer.from(body), ContentType: Accept === JSON_LINES ? JSON_LINES : 'application/json', InvokedProductionVariant: 'AllTraffic' };
}

function meanSize(row: readonly number[]): number {
  return row.reduce((sum, value) => sum + Math.abs(value), 0) / row.length;
}

/** What the container answered, as SageMaker tells it. */
function modelError({ place }: Call, { name }: FakeEndpoint, status: number, message: string): AwsError {
  const group = `https://${place.region}.console.aws.amazon.com/cloudwatch/home?region=${place.region}#logEventViewer:group=/aws/sagemaker/Endpoints/${name}`;
  const told = `Received client error (${String(status)}) from primary with message "${message}". See ${group} in account ${place.account} for more information.`;
  return new AwsError('ModelError', told, undefined, {
    OriginalStatusCode: status,
    OriginalMessage: message,
    LogStreamArn: place.arn('logs', `log-group:/aws/sagemaker/Endpoints/${name}`),
  });
}

/** SageMaker's runtime. */
export const SAGEMAKER_RUNTIME: FakeService = {
  signedAs: 'sagemaker',
  target: 'AmazonSageMakerRuntime',
  rest: 'json',
  load: () => import('@aws-sdk/client-sagemaker-runtime'),
  operations: { InvokeEndpoint: invokeEndpoint },
  facts: { endpoint: { put: putEndpoint } },
};
