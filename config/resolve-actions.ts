import { resolve } from 'node:path';
import type { AllowedCall, AllowedCommand } from '../domain/actions/allowed';
import { templateNames } from '../domain/actions/template';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { variablesOf } from './command-environments';
import { nameProblems, namesProblems, parametersOf, repeated, scopeOf } from './resolve-allowed';
import { resolveGithubActions } from './resolve-github';
import type { ActionsSource } from './schema-actions';
import type { Secrets } from './secrets';
import type { ActionsConfig, Environment } from './types';

type CommandSource = NonNullable<ActionsSource['commands']>[number];
type CallSource = NonNullable<ActionsSource['calls']>[number];

/** What a header can hold. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const CREDENTIAL = /auth|cookie|token|secret|password|api-?key/i;

/** What runbooks may use, with secrets read; what does not fit is noted in `secrets`. Folders start at `base`. */
export function resolveActions(
  source: ActionsSource = {},
  { base, env, outputLimitBytes }: { readonly base: string; readonly env: Environment; readonly outputLimitBytes: number },
  secrets: Secrets,
): ActionsConfig {
  const { commands = [], calls = [], github } = source;
  secrets.problems.push(
    ...commands.flatMap((each, i) => [...repeated(commands, i, 'commands'), ...commandProblems(each, `actions.commands.${String(i)}`)]),
    ...calls.flatMap((each, i) => [...repeated(calls, i, 'calls'), ...callProblems(each, `actions.calls.${String(i)}`)]),
  );
  const headers = calls.flatMap((each, i) => headersOf(each, `actions.calls.${String(i)}`, secrets));
  return {
    commands: commands.map((each) => resolveCommand(each, base, outputLimitBytes)),
    calls: calls.map(resolveCall),
    environments: Object.fromEntries(commands.map((each, i) => [each.name, variablesOf(each, env, secrets, `actions.commands.${String(i)}`)])),
    headers: Object.fromEntries(
      calls.map(({ name }) => [name, Object.fromEntries(headers.filter(({ call }) => call === name).map((each) => [each.name, each.value]))]),
    ),
    secrets: headers.filter(({ secret }) => secret).map(({ value }) => value),
    ...(github && resolveGithubActions(github, secrets)),
  };
}

function resolveCommand(
  { name, run, parameters = {}, directory, outputLimitBytes: own, ...where }: CommandSource,
  base: string,
  outputLimitBytes: number,
): AllowedCommand {
  return {
    name,
    argv: run,
    parameters: parametersOf(parameters),
    directory: resolve(base, directory ?? '.'),
    outputLimitBytes: own ?? outputLimitBytes,
    scope: scopeOf(where),
  };
}

function resolveCall({ name, method, url, body, parameters = {}, tokenHeader, dedupes, ...where }: CallSource): AllowedCall {
  const shared = { name, method: method ?? ('POST' as const), url, parameters: parametersOf(parameters), dedupes: dedupes ?? false, scope: scopeOf(where) };
  return { ...shared, ...defined({ body, tokenHeader }) };
}

interface Header {
  readonly call: string;
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

function headersOf({ name: call, headers = {}, tokenHeader }: CallSource, path: string, secrets: Secrets): Header[] {
  return Object.entries(headers).map(([name, given]) => {
    const at = `${path}.headers.${name}`;
    const secret = typeof given !== 'string';
    const value = secret ? (secrets.read(given, at) ?? '') : given;
    // The text itself never enters a problem.
    if (!HEADER_VALUE.test(value)) secrets.problems.push({ path: at, message: 'holds a line break or another character that no header can' });
    if (!secret && CREDENTIAL.test(name))
      secrets.problems.push({ path: at, message: 'looks like a secret, which is never written here; write {env: NAME} or {file: path}' });
    if (name.toLowerCase() === (tokenHeader ?? 'Idempotency-Key').toLowerCase())
      secrets.problems.push({ path: at, message: 'carries the token; name another header as tokenHeader, or leave this one out' });
    return { call, name, value, secret };
  });
}

function commandProblems({ run, parameters = {} }: CommandSource, path: string): Problem[] {
  const program = templateNames(run[0] ?? '').length > 0 ? [{ path: `${path}.run.0`, message: 'is the program and cannot hold a placeholder' }] : [];
  return [...program, ...namesProblems(parameters, path), ...run.slice(1).flatMap((word, i) => nameProblems(word, parameters, `${path}.run.${String(i + 1)}`))];
}

function callProblems({ url, body, parameters = {} }: CallSource, path: string): Problem[] {
  const { origin } = new URL(url);
  const host = templateNames(decodeURIComponent(url.slice(0, origin.length)));
  const texts = body === undefined ? [] : [JSON.stringify(body)];
  return [
    ...(host.length > 0 ? [{ path: `${path}.url`, message: 'has a placeholder in its host; it may stand in the path and the query only' }] : []),
    ...namesProblems(parameters, path),
    ...nameProblems(url, parameters, `${path}.url`),
    ...texts.flatMap((text) => nameProblems(text, parameters, `${path}.body`)),
  ];
}
