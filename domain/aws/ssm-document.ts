import { NightshiftError } from '../errors';
import { suggestion } from '../nearest';
import type { AwsAutomation, AwsHands } from './hands';
import { arnIn } from './arn';
import { partitionOf } from './place';
import type { AwsPlace } from './place';
import { said } from './ssm-finding';

/** Parameters as Systems Manager takes them. */
export type SsmParameters = Readonly<Record<string, readonly string[]>>;

/** What is known of a document of Systems Manager. */
export interface DocumentFacts {
  /** `Automation` or `Command`. */
  readonly type: string;
  readonly status: string;
  readonly version: string;
  /** By name, whether they need not be given. */
  readonly parameters: Readonly<Record<string, { readonly optional: boolean }>>;
}

const WHAT = { automations: 'automation', commands: 'command' } as const;
/** As whom an automation runs; a runbook never says that. */
const ROLE = 'AutomationAssumeRole';
const LONGEST_VALUE = 80;

/** The automation or command that the inputs name. Throws `effect_failed` when the hands have none of that name. */
export function namedIn<P extends 'automations' | 'commands'>(
  part: P,
  hands: AwsHands,
  inputs: Readonly<Record<string, string>>,
): NonNullable<AwsHands[P]>[number] {
  const all: readonly NonNullable<AwsHands[P]>[number][] = hands[part] ?? [];
  const name = inputs[WHAT[part]] ?? '';
  const found = all.find((each) => each.name === name);
  if (found) return found;
  throw new NightshiftError(
    'effect_failed',
    `${name} is not among hands.${part}; ${suggestion(
      name,
      all.map((each) => each.name),
    )}`,
  );
}

/** Parameters of the document: those that the configuration fixes, and the step's other inputs. Throws `effect_failed` for an input that is fixed, or that says as whom to run. */
export function filledParameters(
  part: 'automations' | 'commands',
  { name, parameters }: AwsAutomation,
  inputs: Readonly<Record<string, string>>,
): SsmParameters {
  const others = Object.entries(inputs).filter(([key]) => key !== WHAT[part]);
  for (const [key] of others) {
    if (Object.hasOwn(parameters, key))
      throw new NightshiftError('effect_failed', `${key} is fixed by hands.${part}.${name}.parameters; leave it out of the step`);
    if (key === ROLE) throw new NightshiftError('effect_failed', `${ROLE} is never an input of a step; write it into hands.${part}.${name}.parameters`);
  }
  return { ...parameters, ...Object.fromEntries(others.map(([key, value]) => [key, [value]])) };
}

/** Why a document cannot be run with these parameters; undefined when nothing speaks against it. */
export function documentUnmet(type: string, { document }: Pick<AwsAutomation, 'document'>, found: DocumentFacts, given: SsmParameters): string | undefined {
  if (found.type !== type) return `The document ${document} is of the type ${found.type}, and ${type} is needed.`;
  if (found.status !== 'Active') return `The document ${document} is ${found.status}, and not Active.`;
  const known = Object.keys(found.parameters);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) return `The document ${document} has no parameter ${unknown}; ${suggestion(unknown, known)}.`;
  if (type === 'Automation' && known.includes(ROLE) && !Object.hasOwn(given, ROLE))
    return `The document ${document} runs as the role that ${ROLE} names, and as who starts it without one, who may do nothing else; fix it in the parameters of hands.automations.`;
  const missing = known.filter((name) => found.parameters[name]?.optional !== true && !Object.hasOwn(given, name));
  return missing.length === 0 ? undefined : `The document ${document} needs ${missing.join(', ')}; fix it in the configuration, or give it in the step.`;
}

/** `Restart-Service (version 3, the default)`. */
export function documentText({ document, version }: Pick<AwsAutomation, 'document' | 'version'>, found: DocumentFacts): string {
  const isDefault = version === undefined || version === '$DEFAULT';
  return `${document} (version ${found.version}${isDefault ? ', the default' : ''})`;
}

/** ` with Service=web, Wait=1`, without secrets; empty where there are none. */
export function parametersText(parameters: SsmParameters): string {
  const all = Object.entries(parameters).map(([name, values]) => said(`${name}=${values.join(', ')}`, LONGEST_VALUE));
  return all.length === 0 ? '' : ` with ${all.join('; ')}`;
}

/** ARNs of a document: documents of Amazon belong to no account, and one that is shared names its owner. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export function documentArn(kind: 'automation-definition' | 'document', document: string, { account, region }: AwsPlace): string {
  const [, owner, name = document] = /^arn:[^:]+:ssm:[^:]*:([^:]*):[^/]+\/([^:]+)/.exec(document) ?? [];
  const belongs = owner ?? (/^(?:AWS|Amazon)/.test(name) ? '' : account);
  return arnIn({ account: belongs, region }, 'ssm', `${kind}/${name}${kind === 'automation-definition' ? ':*' : ''}`);
}

/** ARNs of the document of an automation: it has two, and which of them is asked for has changed. */
export function definitionArns(document: string, place: AwsPlace): readonly string[] {
  return [documentArn('automation-definition', document, place), documentArn('document', document, place)];
}

/** Roles that an automation may be given: the one that the configuration fixes, else whichever of the account the acting role may pass. */
export function passedRoles({ parameters }: Pick<AwsAutomation, 'parameters'>, { account, region }: AwsPlace): readonly string[] {
  return parameters[ROLE] ?? [`arn:${partitionOf(region)}:iam::${account}:role/*`];
}
