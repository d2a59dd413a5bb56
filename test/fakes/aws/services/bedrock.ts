import type { ConverseCommandInput, ConverseCommandOutput, StopReason, TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import { AwsError, invalid } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { invokeModel } from './bedrock-invoke';
import { stateKey } from './support';

/** One answer of a model. */
export interface FakeAnswer {
  /** What it says: as text, or as the input of the tool that it was given. Text that is no JSON comes as text either way. */
  readonly says?: string;
  readonly stopReason?: StopReason;
  readonly usage?: Partial<TokenUsage>;
  /** An error in place of an answer, once. */
  readonly error?: { readonly name: string; readonly message?: string };
  /** After so many milliseconds of the fake's clock. */
  readonly delayMs?: number;
}

/** A model, with what it cannot do and what it answers. */
export interface FakeModel {
  readonly modelId: string;
  /** What it refuses, as models do that have no such thing. */
  readonly rejects?: readonly ('schema' | 'strict' | 'toolChoice' | 'cachePoint')[];
  /** In this order, the last one again and again; an empty object of JSON where nothing is said. */
  readonly answers?: readonly (FakeAnswer | string)[];
  /** Longer texts are refused, characters. */
  readonly context?: number;
}

interface State {
  readonly model: FakeModel;
  asked: number;
}

const MODELS = stateKey('models', () => new Map<string, State>());
const CHARACTERS_A_TOKEN = 4;
/** What a schema may not hold where a grammar is made of it. */
const NOT_IN_GRAMMARS = /"(?:minimum|maximum|exclusiveM\w+|multipleOf|minLength|maxLength|maxItems|uniqueItems)":/;
/** What a guardrail of the fake takes for an attack. */
const ATTACK = /ignore (?:all|the|any|previous)|system\s*:|you are now/i;

/** Makes a model, or another one of its name that begins with its first answer. */
export function putModel(place: Place, model: FakeModel): void {
  place.state(MODELS).set(model.modelId, { model, asked: 0 });
}

async function converse(input: ConverseCommandInput, call: Call): Promise<Omit<ConverseCommandOutput, '$metadata'>> {
  const state = call.place.state(MODELS).get(input.modelId ?? '');
  if (!state) throw invalid('The provided model identifier is invalid.');
  refuse(state.model, input);
  const answers = state.model.answers ?? ['{}'];
  const next = answers[Math.min(state.asked, answers.length - 1)] ?? '{}';
  state.asked += 1;
  const answer: FakeAnswer = typeof next === 'string' ? { says: next } : next;
  if (answer.delayMs !== undefined) await call.place.world.clock.wait(answer.delayMs, call.signal);
  if (answer.error) throw new AwsError(answer.error.name, answer.error.message ?? 'Not now.');
  return told(input, answer);
}

function refuse({ rejects = [], context = Infinity }: FakeModel, input: ConverseCommandInput): void {
  const schema = input.outputConfig?.textFormat?.structure?.jsonSchema?.schema;
  const tool = input.toolConfig?.tools?.[0]?.toolSpec;
  const grammar = schema ?? (tool?.strict === true ? JSON.stringify(tool.inputSchema?.json) : '');
  const cannot = (what: (typeof rejects)[number], asked: boolean, message: string): readonly [boolean, string] => [asked && rejects.includes(what), message];
  const refusals = [
    cannot('schema', schema !== undefined, "This model doesn't support the outputConfig.textFormat field. Remove it and try again."),
    cannot('strict', tool?.strict === true, 'The model returned the following errors: tools.0.custom.strict: Extra inputs are not permitted'),
    cannot('toolChoice', input.toolConfig?.toolChoice?.tool !== undefined, "This model doesn't support the toolConfig.toolChoice.tool field."),
    cannot('cachePoint', input.system?.some(({ cachePoint }) => cachePoint !== undefined) === true, 'This model does not support caching.'),
    [NOT_IN_GRAMMARS.test(grammar), 'The model returned the following errors: output_config.format.schema: unsupported keyword'] as const,
    [
      textOf(input).some((text) => text.trim() === ''),
      'The text field in the ContentBlock object is blank. Add text to the text field, and try again.',
    ] as const,
    [charactersOf(input) > context, 'Input is too long for requested model.'] as const,
  ];
  for (const [refused, message] of refusals) if (refused) throw invalid(message);
}

function told(input: ConverseCommandInput, { says = '{}', stopReason, usage = {} }: FakeAnswer): Omit<ConverseCommandOutput, '$metadata'> {
  const name = input.toolConfig?.tools?.[0]?.toolSpec?.name;
  const value = name === undefined ? undefined : parsed(says);
  const content = name !== undefined && value !== undefined ? [{ toolUse: { toolUseId: 'tooluse_1', name, input: value as never } }] : [{ text: says }];
  const inputTokens = usage.inputTokens ?? Math.ceil(charactersOf(input) / CHARACTERS_A_TOKEN);
  const outputTokens = usage.outputTokens ?? Math.min(Math.ceil(says.length / CHARACTERS_A_TOKEN), input.inferenceConfig?.maxTokens ?? Infinity);
  const rest = { totalTokens: inputTokens + outputTokens, cacheReadInputTokens: 0, cacheWriteInputTokens: 0, ...usage };
  return {
    output: { message: { role: 'assistant', content: says === '' ? [] : content } },
    stopReason: stopReason ?? (value === undefined ? 'end_turn' : 'tool_use'),
    usage: { inputTokens, outputTokens, ...rest },
    metrics: { latencyMs: 12 },
    ...traceOf(input),
  };
}

/** Only what is marked is looked at, unless nothing is; it tells, and stops nothing. */
function traceOf({ guardrailConfig, messages = [] }: ConverseCommandInput): Pick<ConverseCommandOutput, 'trace'> {
  if (!guardrailConfig) return {};
  const blocks = messages.flatMap(({ content = [] }) => content);
  const marked = blocks.flatMap(({ guardContent }) => guardContent?.text?.text ?? []);
  const looked = marked.length > 0 ? marked : blocks.flatMap(({ text }) => text ?? []);
  const detected = looked.some((text) => ATTACK.test(text));
  const filter = { type: 'PROMPT_ATTACK', confidence: detected ? 'HIGH' : 'NONE', filterStrength: 'HIGH', action: 'NONE', detected } as const;
  return { trace: { guardrail: { inputAssessment: { [guardrailConfig.guardrailIdentifier ?? '']: { contentPolicy: { filters: [filter] } } } } } };
}

function textOf({ messages = [], system = [] }: ConverseCommandInput): readonly string[] {
  const blocks = messages.flatMap(({ content = [] }) => content);
  return [...system, ...blocks].flatMap(({ text, guardContent }) => [text, guardContent?.text?.text].filter((each) => each !== undefined));
}

function charactersOf(input: ConverseCommandInput): number {
  return textOf(input).reduce((sum, text) => sum + text.length, 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bedrock's runtime. */
export const BEDROCK_RUNTIME: FakeService = {
  signedAs: 'bedrock',
  target: 'AmazonBedrockFrontendService',
  rest: 'json',
  throttled: { name: 'ThrottlingException', status: 429 },
  load: () => import('@aws-sdk/client-bedrock-runtime'),
  operations: { Converse: converse, InvokeModel: invokeModel },
  facts: { model: { put: putModel } },
};
