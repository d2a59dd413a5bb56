import type {
  AliasConfiguration,
  FunctionConfiguration,
  GetAliasRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListAliasesRequest,
  ListAliasesResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  ListTagsRequest,
  ListTagsResponse,
} from '@aws-sdk/client-lambda';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, stateKey } from './support';

interface LambdaFunction {
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Map<string, AliasConfiguration>;
}

const FUNCTIONS = stateKey('functions', () => new Map<string, LambdaFunction>());
const PAGE = 50;

/** Adds a function with its tags, by its name, or changes it. */
export function putFunction(
  place: Place,
  { configuration, tags = {} }: { readonly configuration: FunctionConfiguration; readonly tags?: Readonly<Record<string, string>> },
): void {
  const all = place.state(FUNCTIONS);
  const name = configuration.FunctionName ?? '';
  const whole = { FunctionArn: place.arn('lambda', `function:${name}`), Version: '$LATEST', ...configuration };
  all.set(name, { configuration: whole, tags, aliases: all.get(name)?.aliases ?? new Map<string, AliasConfiguration>() });
}

/** Adds an alias of a function that is there, by its name, or changes it. */
export function putAlias(place: Place, { functionName, alias }: { readonly functionName: string; readonly alias: AliasConfiguration }): void {
  const name = alias.Name ?? '';
  const known = place.state(FUNCTIONS).get(functionName);
  if (!known) throw new Error(`There is no function ${functionName} in ${place.region} of ${place.account}.`);
  known.aliases.set(name, { AliasArn: place.arn('lambda', `function:${functionName}:${name}`), ...alias });
}

/** A function by its name or ARN, with or without a qualifier. */
function functionOf({ place, visible }: Call, nameOrArn = ''): LambdaFunction {
  const name = nameOrArn.replace(/^.*function:/, '').split(':')[0] ?? '';
  const known = visible(name) ? place.state(FUNCTIONS).get(name) : undefined;
  return found(known, 'ResourceNotFoundException', `Function not found: ${place.arn('lambda', `function:${name}`)}`);
}

function listFunctions({ Marker, MaxItems }: ListFunctionsRequest, call: Call): ListFunctionsResponse {
  const items = (): FunctionConfiguration[] =>
    [...call.place.state(FUNCTIONS).values()].map(({ configuration }) => configuration).filter(({ FunctionName }) => call.visible(FunctionName ?? ''));
  const page = call.page({ items, token: Marker, size: MaxItems, max: PAGE, badToken: 'InvalidParameterValueException' });
  return { Functions: page.items, NextMarker: page.next };
}

function getFunction({ FunctionName }: GetFunctionRequest, call: Call): GetFunctionResponse {
  const { configuration, tags } = functionOf(call, FunctionName);
  const code = { RepositoryType: 'S3', Location: `${call.endpoint}/code-of-lambda-functions` };
  return { Configuration: configuration, Code: code, ...(Object.keys(tags).length > 0 && { Tags: { ...tags } }) };
}

function listTags({ Resource }: ListTagsRequest, call: Call): ListTagsResponse {
  return { Tags: { ...functionOf(call, Resource).tags } };
}

function listAliases({ FunctionName, FunctionVersion, Marker, MaxItems }: ListAliasesRequest, call: Call): ListAliasesResponse {
  const { aliases } = functionOf(call, FunctionName);
  const items = (): AliasConfiguration[] => [...aliases.values()].filter((alias) => FunctionVersion === undefined || alias.FunctionVersion === FunctionVersion);
  const page = call.page({ items, token: Marker, size: MaxItems, max: PAGE, badToken: 'InvalidParameterValueException' });
  return { Aliases: page.items, NextMarker: page.next };
}

function getAlias({ FunctionName, Name = '' }: GetAliasRequest, call: Call): AliasConfiguration {
  const { aliases, configuration } = functionOf(call, FunctionName);
  return found(aliases.get(Name), 'ResourceNotFoundException', `Cannot find alias arn: ${configuration.FunctionArn ?? ''}:${Name}`);
}

/** Lambda. */
export const LAMBDA: FakeService = {
  signedAs: 'lambda',
  target: 'AWSGirApiService',
  rest: 'json',
  load: () => import('@aws-sdk/client-lambda'),
  throttled: { name: 'TooManyRequestsException' },
  operations: { ListFunctions: listFunctions, GetFunction: getFunction, ListTags: listTags, ListAliases: listAliases, GetAlias: getAlias },
  facts: {
    function: { shape: { configuration: 'FunctionConfiguration' }, put: putFunction },
    alias: { shape: { alias: 'AliasConfiguration' }, put: putAlias },
  },
};
