import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a chat completion asks. */
export interface ChatRequest {
  readonly model: string;
  readonly max_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly strict?: boolean; readonly schema?: object } };
  readonly tools?: readonly { readonly function: { readonly name: string; readonly strict?: boolean } }[];
  readonly tool_choice?: unknown;
}

/** One answer: text, which comes as the arguments of the tool where one is given, or a status in place of it. */
export type FakeChat =
  | string
  | { readonly says?: string; readonly finish?: string; readonly refusal?: string; readonly cached?: number }
  | { readonly status: number; readonly body?: string; readonly retryAfter?: number }
  | { readonly hang: true };

/** A small endpoint of chat completions on loopback. */
export interface FakeOpenAi {
  /** With `/v1`. */
  readonly url: string;
  readonly asked: { readonly headers: IncomingHttpHeaders; readonly body: ChatRequest }[];
  /** In this order, the last one again and again. */
  answers(...next: readonly FakeChat[]): void;
  /** Each question by what it asks, in place of the answers. */
  answersBy(reader: (asked: ChatRequest) => FakeChat): void;
  /** What it does not know: a request with it is answered 400. */
  lacks(...members: readonly ('response_format' | 'strict' | 'tools')[]): void;
  close(): Promise<void>;
}

const BAD = 400;
const OK = 200;

/** Starts one that answers `{}`. */
export async function startOpenAi(): Promise<FakeOpenAi> {
  const asked: FakeOpenAi['asked'] = [];
  let waiting: readonly FakeChat[] = ['{}'];
  let reading: ((asked: ChatRequest) => FakeChat) | undefined;
  let lacking: readonly string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
      asked.push({ headers: request.headers, body });
      const lack = lacking.find((member) => has(body, member));
      if (request.url !== '/v1/chat/completions') return void response.writeHead(404).end('not found');
      if (lack !== undefined) return void refuse(response, BAD, `Invalid parameter: ${lack} is not supported with this model.`);
      if (reading) return void reply(response, body, reading(body));
      const [next = '{}', ...rest] = waiting;
      if (rest.length > 0) waiting = rest;
      reply(response, body, next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    asked,
    answers: (...next) => void ([waiting, reading] = [next, undefined]),
    answersBy: (reader) => void (reading = reader),
    lacks: (...members) => void (lacking = members),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function has({ response_format, tools }: ChatRequest, member: string): boolean {
  if (member === 'response_format') return response_format !== undefined;
  return member === 'strict' ? tools?.[0]?.function.strict === true : tools !== undefined;
}

function reply(response: ServerResponse, { tools, messages }: ChatRequest, next: FakeChat): void {
  const told = typeof next === 'string' ? { says: next } : next;
  if ('hang' in told) return;
  if ('status' in told) return refuse(response, told.status, told.body ?? 'Not now.', told.retryAfter);
  const { says = '{}', finish, refusal, cached = 0 } = told;
  const name = tools?.[0]?.function.name;
  const call = { id: 'call_1', type: 'function', function: { name, arguments: says } };
  const message =
    name === undefined ? { role: 'assistant', content: says, refusal: refusal ?? null } : { role: 'assistant', content: null, tool_calls: [call] };
  const usage = { prompt_tokens: messages.length * 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: cached } };
  const choice = { index: 0, message, finish_reason: finish ?? (name === undefined ? 'stop' : 'tool_calls') };
  response.writeHead(OK, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'chat.completion', choices: [choice], usage }));
}

function refuse(response: ServerResponse, status: number, message: string, retryAfter?: number): void {
  const headers = { 'content-type': 'application/json', ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  response.writeHead(status, headers).end(JSON.stringify({ error: { message } }));
}
