import { App, BootstraplessSynthesizer, Tags } from 'aws-cdk-lib';
import type { AppProps, StackProps } from 'aws-cdk-lib';
import { ActuatorStack } from './actuator-stack';
import type { HookCode } from './hook-code';
import { NAME } from './names';
import type { Place } from './place';
import { ObserverStack } from './observer-stack';
import { ReasonerStack } from './reasoner-stack';
import type { Settings } from './settings-schema';

/** How the stacks are to be deployed. */
export interface Deployment {
  /** `cdk`: by the CDK, which uploads the code of the function. `plain`: as templates of CloudFormation that need nothing of the CDK. */
  readonly by: 'cdk' | 'plain';
  /** The file that holds the function that reports builds; a relative one is seen from this package. */
  readonly bundle: string;
}

/** An app without stacks, which sends nothing to anybody. */
export function emptyApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, ...props });
}

/** Adds every stack of the settings to an app: `observer-<account>-<region>`, `reasoner-<account>`, `actuator-<account>-<environment>`. Throws an Error when the function's code is missing. */
export function addStacks(app: App, { worker, observers, reasoner, actuators }: Settings, { by, bundle }: Deployment): App {
  const code: HookCode = by === 'plain' ? { from: 'parameters' } : { from: 'file', path: bundle };
  const props = ({ account, region }: Place, stackName: string, description: string): StackProps => ({
    ...{ env: { account, region }, stackName, description, terminationProtection: true },
    ...(by === 'plain' && { synthesizer: new BootstraplessSynthesizer() }),
  });
  for (const observer of observers)
    for (const region of observer.regions) {
      const place = { account: observer.account, region };
      const about = props(place, `${NAME}-observer`, `Nightshift reads ${observer.account} in ${region}`);
      new ObserverStack(app, `observer-${observer.account}-${region}`, { ...about, place, observer, worker, code });
    }
  if (reasoner) {
    new ReasonerStack(app, `reasoner-${reasoner.account}`, { ...props(reasoner, `${NAME}-reasoner`, 'Nightshift asks models of Bedrock'), reasoner, worker });
  }
  for (const actuator of actuators) {
    const { environment, account, regions } = actuator;
    const about = props({ account, region: regions[0] ?? '' }, `${NAME}-actuator-${environment}`, `Nightshift acts in ${environment} of ${account}`);
    new ActuatorStack(app, `actuator-${account}-${environment}`, { ...about, actuator, worker });
  }
  Tags.of(app).add('nightshift', 'infra');
  return app;
}
