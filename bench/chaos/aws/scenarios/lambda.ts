import { putAlias, putFunction, putVersions } from '../../../../test/fakes/aws/services/lambda';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const NAME = 'shop';

function lay(place: Place): void {
  putFunction(place, { configuration: { FunctionName: NAME } });
  putVersions(place, { functionName: NAME, versions: ['6', '7', '8'] });
  putAlias(place, { functionName: NAME, alias: { Name: 'live', FunctionVersion: '7', RoutingConfig: { AdditionalVersionWeights: { '8': 0.1 } } } });
}

const common = { parts: { lambda: { function: NAME, alias: 'live' } }, lay, effects: { 'lambda.alias': 1 } };

/** A canary that is taken back, and a version that is gone back to. */
export const lambdaAlias: Scenario = [
  { ...common, name: 'canary', inputs: {} },
  { ...common, name: 'version', inputs: { to: '6' } },
];
