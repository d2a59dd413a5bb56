import { isAddress } from '../domain/address';
import type { AwsAccount } from '../domain/aws/place';
import { defined } from '../domain/defined';
import { dearestOf, MOST_TRIES } from '../domain/reasoning/budget';
import type { ActivitySettings } from '../domain/settings';
import { roleArn } from './resolve-bucket';
import type { ReasoningSource } from './schema-reasoning';
import type { Secrets } from './secrets';
import type { ReasoningConfig } from './types';

const MAX_TOKENS = 1500;
const TIMEOUT_MS = 30_000;
/** About three questions with their answers. */
const TOKENS_PER_INCIDENT = 150_000;
const USD_PER_INCIDENT = 1;
const USD_PER_DAY = 10;
const MICRO = 1e6;

/** The longest that a model is waited for in one round, milliseconds: as long as one question takes with its second try. */
export function hearingMs({ timeoutMs }: Pick<ReasoningConfig, 'timeoutMs'>): number {
  return timeoutMs * MOST_TRIES;
}

/** Time-outs of activities with those of diagnosing, which takes longer where a model is heard; a worker that dies meanwhile is noticed as soon as ever. */
export function withHearing(activity: ActivitySettings, reasoning: ReasoningConfig | undefined): ActivitySettings {
  if (!reasoning) return activity;
  const { quick } = activity;
  return { ...activity, assess: { ...quick, timeoutMs: quick.timeoutMs + hearingMs(reasoning), heartbeatMs: quick.timeoutMs } };
}

/** Which model is heard; undefined where none is. What does not fit is noted in `secrets`. */
export function resolveReasoning(
  source: ReasoningSource | undefined,
  accounts: readonly AwsAccount[] | undefined,
  secrets: Secrets,
): ReasoningConfig | undefined {
  if (source === undefined || source.provider === 'none') return undefined;
  const { provider, models = [], budget = {} } = source;
  const prices = models.map(({ usdPerMillion }) => usdPerMillion);
  const add = (path: string, message: string): void => void secrets.problems.push({ path: `reasoning.${path}`, message });
  if (models.length === 0) add('models', 'is missing; name the model that is asked');
  if (provider === 'bedrock')
    for (const [i, price] of prices.entries())
      if (!price) add(`models.${String(i)}.usdPerMillion`, 'is missing; write what a million tokens cost, so that the budget holds: {input: 3, output: 15}');
  const rest = {
    models: models.map(({ id, rung, cache }) => defined({ id, rung, cache })),
    price: dearestOf(prices.flatMap((price) => (price ? [defined(price)] : []))),
    maxTokens: source.maxTokens ?? MAX_TOKENS,
    timeoutMs: source.timeout ?? TIMEOUT_MS,
    limits: {
      tokensPerIncident: budget.tokensPerIncident ?? TOKENS_PER_INCIDENT,
      microUsdPerIncident: Math.round((budget.usdPerIncident ?? USD_PER_INCIDENT) * MICRO),
      microUsdPerDay: Math.round((budget.usdPerDay ?? USD_PER_DAY) * MICRO),
    },
  };
  const bedrock = provider === 'bedrock' ? resolveBedrock(source.bedrock ?? {}, accounts ?? [], secrets) : undefined;
  if (bedrock) return { provider: 'bedrock', ...rest, bedrock };
  const openai = provider === 'openai' ? resolveOpenAi(source.openai, secrets) : undefined;
  return openai && { provider: 'openai', ...rest, openai };
}

type BedrockConfig = Extract<ReasoningConfig, { provider: 'bedrock' }>['bedrock'];
type OpenAiConfig = Extract<ReasoningConfig, { provider: 'openai' }>['openai'];

function resolveBedrock(source: NonNullable<ReasoningSource['bedrock']>, accounts: readonly AwsAccount[], secrets: Secrets): BedrockConfig | undefined {
  const path = 'reasoning.bedrock';
  const account = source.account === undefined ? accounts[0] : accounts.find(({ id }) => id === source.account);
  if (!account) {
    secrets.problems.push({ path: `${path}.account`, message: `${source.account ?? 'an account'} is not among aws.accounts; add it there` });
    return undefined;
  }
  const { region = account.regions[0] ?? '' } = source;
  const externalId = secrets.read(source.externalId, `${path}.externalId`);
  if (source.externalId && source.role === undefined)
    secrets.problems.push({ path: `${path}.externalId`, message: 'is used with a role alone; name the role, or remove it' });
  const role = source.role === undefined ? account.role : defined({ arn: roleArn(source.role, account.id, region), externalId });
  return { region, account: defined({ ...account, regions: [region], role }), ...defined({ guardrail: source.guardrail }) };
}

function resolveOpenAi(source: ReasoningSource['openai'], secrets: Secrets): OpenAiConfig | undefined {
  if (!source) {
    secrets.problems.push({ path: 'reasoning.openai', message: 'is missing; name the url of the endpoint, such as http://127.0.0.1:11434/v1' });
    return undefined;
  }
  const { protocol, hostname } = new URL(source.url);
  if (protocol === 'http:' && !isOfThisMachine(hostname) && source.allowPrivate !== true)
    secrets.problems.push({
      path: 'reasoning.openai.url',
      message: 'sends evidence without TLS to another machine; use https, or set allowPrivate: true for one of your own network',
    });
  return { url: source.url.replace(/\/+$/, ''), ...defined({ key: secrets.read(source.key, 'reasoning.openai.key') }) };
}

function isOfThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (isAddress(hostname) && (host === '::1' || host.startsWith('127.')));
}
