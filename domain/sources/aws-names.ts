import { environmentOf, nameOf } from './names';
import type { SourceContext } from './source';

/** Words of one environment, the usual one first. */
const ENVIRONMENTS: readonly (readonly string[])[] = [
  ['production', 'prod', 'prd', 'live'],
  ['staging', 'stage', 'stg'],
  ['preproduction', 'preprod', 'pre-prod'],
  ['development', 'dev', 'develop'],
  ['testing', 'test', 'tst'],
  ['qa'],
  ['uat'],
  ['sandbox'],
];

/** Whether a name is a usual one of an environment, such as `prod` or `staging`. */
export function isEnvironment(text: string): boolean {
  return ENVIRONMENTS.some((words) => words.includes(text.trim().toLowerCase()));
}

/** The environment that is meant; `prod` means `production` where that is what ours is called. */
export function awsEnvironment(candidates: readonly (string | undefined)[], context: SourceContext): string {
  const own = ENVIRONMENTS.find((words) => words.includes(context.environment));
  // `$default` and `$LATEST` stand for the absence of a name.
  const meant = candidates.filter((name) => name?.startsWith('$') !== true);
  return environmentOf(
    meant.map((name) => (name !== undefined && own?.includes(nameOf(name) ?? '') === true ? context.environment : name)),
    context,
  );
}

/** Parts of an Amazon Resource Name; undefined for any other text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function arnParts(arn: string | null | undefined): { readonly partition: string; readonly region: string; readonly account: string } | undefined {
  const [word, partition, , region, account] = arn?.split(':', 6) ?? [];
  return word === 'arn' && partition && region !== undefined && account !== undefined ? { partition, region, account } : undefined;
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** A page of the AWS console, or undefined where the Region is no code. `page` is the path after the host; `fragment` what follows `#`. */
export function consoleLink(region: string | null | undefined, page: string, fragment = ''): string | undefined {
  if (!region || !/^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(region)) return undefined;
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `https://${CONSOLES[partition] ?? ''}/${page}?region=${region}${fragment === '' ? '' : `#${fragment}`}`;
}

/** Names of log groups by convention; the last part is the service's own name. */
const LOG_GROUPS: readonly RegExp[] = [
  /^\/aws\/(?:rds\/(?:instance|cluster)|eks|ecs\/containerinsights|containerinsights)\/([^/]+)/,
  /^\/aws\/(?:lambda|codebuild|vendedlogs\/states|elasticbeanstalk|apprunner|sagemaker\/Endpoints|batch)\/([^/]+)/,
  /^\/(?:aws\/)?ecs\/([^/]+)/,
  /^\/copilot\/([^/]+)/,
];

/** Names that a log group may have for its service, the most telling first: by the conventions of AWS, its last part that is no environment, all of it, and the other parts, of which only a known service is found. */
export function logGroupNames(group: string): string[] {
  const byConvention = LOG_GROUPS.flatMap((pattern) => pattern.exec(group)?.[1] ?? []);
  const parts = group.split('/').filter((part) => part !== '' && !isEnvironment(part));
  return [...byConvention, ...parts.slice(-1), group, ...parts];
}

/** The environment that a path such as `/prod/checkout` names. */
export function pathEnvironment(path: string): string | undefined {
  return path
    .split(/[/:|]/)
    .map((part) => part.trim())
    .find(isEnvironment);
}

/** The person or system at the end of an ARN such as `arn:aws:sts::1:assumed-role/Admin/ana`, or the text itself. */
export function actorOf(text: string | null | undefined): string | undefined {
  return text?.startsWith('arn:') === true ? text.split('/').at(-1) : (text ?? undefined);
}
