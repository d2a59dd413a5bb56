import type { AwsAutomation, AwsHands } from '../domain/aws/hands';
import { ACTING_ON } from '../domain/aws/hands';
import type { AwsPart } from '../domain/aws/hands';
import { partitionOf, placeText } from '../domain/aws/place';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { only } from './resolve-aws-place';
import type { AwsHandsSource } from './schema-aws-hands';
import type { ServiceSource } from './schema-services';
import type { AwsConfig, NightshiftConfig } from './types';

const PARTS = Object.keys(ACTING_ON) as AwsPart[];

/** Hands as they are used; where the file names no account or region, they are those of the only one, which `accounts` says. */
export function resolveAwsHands({ name, environment }: Pick<ServiceSource, 'name' | 'environment'>, source: AwsHandsSource, accounts: AwsAccounts): AwsHands {
  const { automations, commands, codedeploy, account: named, region: there, ...same } = source;
  const account = named ?? only(accounts)?.id ?? '';
  const region = there ?? only(accounts.find(({ id }) => id === account)?.regions ?? []) ?? '';
  return {
    ...defined({ ...same, codedeploy: codedeploy && defined(codedeploy) }),
    ...{ account, region },
    ...(automations && { automations: automations.map(resolveAutomation) }),
    ...(commands && {
      commands: commands.map(({ instances, concurrency, errors, ...rest }) => ({ ...resolveAutomation(rest), instances, ...defined({ concurrency, errors }) })),
    }),
    // The service's own name: it is locked whole, whatever of it is acted on.
    target: { provider: 'aws', partition: partitionOf(region), account, region, kind: 'service', id: `${environment}/${name}` },
  };
}

type AwsAccounts = readonly { readonly id: string; readonly regions: readonly string[] }[];

function resolveAutomation({ name, document, version, parameters = {} }: NonNullable<AwsHandsSource['automations']>[number]): AwsAutomation {
  const all = Object.entries(parameters).map(([key, value]) => [key, typeof value === 'string' ? [value] : value] as const);
  return { ...defined({ name, document, version }), parameters: Object.fromEntries(all) };
}

/** What does not fit together: places that no account has, accounts without a role that acts, names that stand twice, and things that are parts of two services. */
export function awsHandsProblems({ services, aws }: NightshiftConfig, paths: readonly string[]): Problem[] {
  const seen = new Map<string, string>();
  return services.flatMap((service, i) => {
    const { hands } = service;
    if (hands?.kind !== 'aws') return [];
    const path = `${paths[i] ?? `services.${String(i)}`}.hands`;
    const shared = partNames(hands).flatMap(({ part, name }): Problem[] => {
      const owner = seen.get(name);
      seen.set(name, owner ?? service.name);
      return owner === undefined
        ? []
        : [{ path: `${path}.${part}`, message: `is a part of ${owner} too; each service has its own, so that two incidents never act on one thing` }];
    });
    return [...placeProblems(hands, path, aws), ...repeatedNames(hands, path), ...shared];
  });
}

function placeProblems({ account, region, zone, ...hands }: AwsHands, path: string, aws: AwsConfig | undefined): Problem[] {
  const known = aws?.accounts.find(({ id }) => id === account);
  if (!known)
    return [
      {
        path: `${path}.account`,
        message:
          account === ''
            ? 'is missing, and there is not one account alone; name the one that it is in, which stands in aws.accounts'
            : `${account} is not among aws.accounts; add it there`,
      },
    ];
  const problems: Problem[] = [];
  if (!known.regions.includes(region))
    problems.push({
      path: `${path}.region`,
      message:
        region === ''
          ? 'is missing, and the account has several; name the one that it is in'
          : `${region} is not among the regions of ${account} in aws.accounts; add it there`,
    });
  if (!known.actuator)
    problems.push({ path, message: `needs a role that may act: add actuator.role to the account ${placeText({ account, region })} in aws.accounts` });
  if (zone !== undefined && zone.slice(0, -1) !== region) problems.push({ path: `${path}.zone`, message: `is no zone of ${region}` });
  if (PARTS.every((part) => hands[part] === undefined)) problems.push({ path, message: `names nothing to act on; add one of ${PARTS.join(', ')}` });
  return problems;
}

function repeatedNames({ automations = [], commands = [] }: AwsHands, path: string): Problem[] {
  return (['automations', 'commands'] as const).flatMap((part) => {
    const names = (part === 'automations' ? automations : commands).map(({ name }) => name);
    return names.flatMap((name, i) =>
      names.indexOf(name) < i ? [{ path: `${path}.${part}.${String(i)}.name`, message: `${name} is used twice; names are used once` }] : [],
    );
  });
}

/** Things that are acted on, apart from documents, which may serve many. */
function partNames(hands: AwsHands): { readonly part: AwsPart; readonly name: string }[] {
  return PARTS.flatMap((part) => {
    const found = part === 'automations' || part === 'commands' ? undefined : hands[part];
    return found === undefined
      ? []
      : [{ part, name: JSON.stringify([hands.account, hands.region, part, Object.values(found).filter((each) => typeof each === 'string')]) }];
  });
}
