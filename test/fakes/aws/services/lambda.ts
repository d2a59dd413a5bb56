import { isDeepStrictEqual } from 'node:util';
import type {
  AliasConfiguration,
  FunctionConfiguration,
  GetAliasRequest,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListAliasesRequest,
  ListAliasesResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  ListTagsRequest,
  ListTagsResponse,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
  UpdateAliasRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { found, idOf, stateKey } from './support';

interface LambdaFunction {
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Map<string, AliasConfiguration>;
  /** Published versions, by their numbers. */
  readonly versions: Map<string, FunctionConfiguration>;
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
  const { aliases = new Map<string, AliasConfiguration>(), versions = new Map<string, FunctionConfiguration>() } = all.get(name) ?? {};
  all.set(name, { configuration: whole, tags, aliases, versions });
}

/** Adds an alias of a function that is there, by its name, or changes it. */
export function putAlias(place: Place, { functionName, alias }: { readonly functionName: string; readonly alias: AliasConfiguration }): void {
  const name = alias.Name ?? '';
  const own = { AliasArn: place.arn('lambda', `function:${functionName}:${name}`), RevisionId: idOf(place) };
  there(place, functionName).aliases.set(name, { ...own, ...alias });
}

/** Adds published versions of a function that is there; its aliases lead to these only. */
export function putVersions(place: Place, { functionName, versions }: { readonly functionName: string; readonly versions: readonly string[] }): void {
  const { configuration, versions: all } = there(place, functionName);
  for (const Version of versions) all.set(Version, { ...configuration, Version, FunctionArn: `${configuration.FunctionArn ?? ''}:${Version}` });
}

function there(place: Place, functionName: string): LambdaFunction {
  const known = place.state(FUNCTIONS).get(functionName);
  if (!known) throw new Error(`There is no function ${functionName} in ${place.region} of ${place.account}.`);
  return known;
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

function updateAlias(input: UpdateAliasRequest, call: Call): AliasConfiguration {
  const { FunctionName, Name = '', RevisionId } = input;
  const known = functionOf(call, FunctionName);
  const before = getAlias({ FunctionName, Name }, call);
  if (RevisionId !== undefined && RevisionId !== before.RevisionId)
    throw new AwsError('PreconditionFailedException', 'The Revision Id provided does not match the latest Revision Id.');
  const { FunctionVersion = before.FunctionVersion, Description = before.Description, RoutingConfig = before.RoutingConfig } = input;
  const after: AliasConfiguration = { ...before, FunctionVersion, Description, RoutingConfig };
  checkAlias(known, after, call);
  // An alias without weights has no routing at all.
  if (Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length === 0) delete after.RoutingConfig;
  if (isDeepStrictEqual(shown(before), shown(after))) return before;
  known.aliases.set(Name, { ...after, RevisionId: idOf(call.place) });
  const target = `${known.configuration.FunctionName ?? ''}:${Name}`;
  call.effect({ kind: 'lambda.alias', id: before.AliasArn ?? '', target, comment: Description, detail: { from: shown(before), to: shown(after) } });
  return getAlias({ FunctionName, Name }, call);
}

function shown({ FunctionVersion, Description, RoutingConfig }: AliasConfiguration): object {
  return { version: FunctionVersion, description: Description ?? '', weights: RoutingConfig?.AdditionalVersionWeights ?? {} };
}

function checkAlias({ configuration, versions }: LambdaFunction, { FunctionVersion = '', RoutingConfig }: AliasConfiguration, { place }: Call): void {
  const weights = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  const wrong = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
  if (weights.length > 1) throw wrong('An alias has one additional version at most.');
  if (weights.some(([, weight]) => weight < 0 || weight > 1)) throw wrong('A weight is from 0 to 1.');
  if (weights.some(([version]) => version === FunctionVersion)) throw wrong('The additional version is the version of the alias itself.');
  if (weights.length > 0 && [FunctionVersion, ...weights.map(([version]) => version)].includes('$LATEST'))
    throw wrong('$LATEST is not supported for an alias pointing to more than 1 version');
  const missing = [FunctionVersion, ...weights.map(([version]) => version)].find(
    (version) => version !== '$LATEST' && versions.size > 0 && !versions.has(version),
  );
  const arn = place.arn('lambda', `function:${configuration.FunctionName ?? ''}:${missing ?? ''}`);
  if (missing !== undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`);
}

function listVersionsByFunction({ FunctionName, Marker, MaxItems }: ListVersionsByFunctionRequest, call: Call): ListVersionsByFunctionResponse {
  const { configuration, versions } = functionOf(call, FunctionName);
  const page = call.page({
    items: () => [configuration, ...versions.values()],
    token: Marker,
    size: MaxItems,
    max: PAGE,
    badToken: 'InvalidParameterValueException',
  });
  return { Versions: page.items, NextMarker: page.next };
}

function getFunctionConfiguration({ FunctionName, Qualifier = '$LATEST' }: GetFunctionConfigurationRequest, call: Call): FunctionConfiguration {
  const { configuration, versions, aliases } = functionOf(call, FunctionName);
  const version = aliases.get(Qualifier)?.FunctionVersion ?? Qualifier;
  const one = version === '$LATEST' ? configuration : versions.get(version);
  return found(one, 'ResourceNotFoundException', `Function not found: ${configuration.FunctionArn ?? ''}:${Qualifier}`);
}

/** Lambda. */
export const LAMBDA: FakeService = {
  signedAs: 'lambda',
  target: 'AWSGirApiService',
  rest: 'json',
  load: () => import('@aws-sdk/client-lambda'),
  throttled: { name: 'TooManyRequestsException' },
  operations: {
    ListFunctions: listFunctions,
    GetFunction: getFunction,
    GetFunctionConfiguration: getFunctionConfiguration,
    ListVersionsByFunction: listVersionsByFunction,
    ListTags: listTags,
    ListAliases: listAliases,
    GetAlias: getAlias,
    UpdateAlias: updateAlias,
  },
  facts: {
    function: { shape: { configuration: 'FunctionConfiguration' }, put: putFunction },
    alias: { shape: { alias: 'AliasConfiguration' }, put: putAlias },
    versions: { put: putVersions },
  },
};
