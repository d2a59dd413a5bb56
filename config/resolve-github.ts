import type { AllowedGithub, AllowedWorkflow } from '../domain/actions/allowed-github';
import { defined } from '../domain/defined';
import { isLoopback } from './endpoints';
import type { SecretRef } from './fields';
import { nameProblems, namesProblems, parametersOf, repeated, scopeOf } from './resolve-allowed';
import type { GithubSource } from './schema-actions';
import type { Secrets } from './secrets';
import type { GithubAccess } from './types';

const DEFAULTS = { url: 'https://api.github.com', timeoutMs: 10_000, ref: 'main' } as const;
/** GitHub takes no more inputs for one dispatch. */
const MOST_INPUTS = 25;

type WorkflowSource = NonNullable<GithubSource['workflows']>[number];

/** Address of the API without a slash at its end, GitHub's own when absent. What is wrong with it is noted at `path`; `risk` says what could come of http:// beyond this machine. */
export function githubUrl(given: string | undefined, secrets: Secrets, { path, risk }: { readonly path: string; readonly risk: string }): string {
  const url = (given ?? DEFAULTS.url).replace(/\/+$/, '');
  const { protocol, search, hash } = new URL(url);
  const complain = (message: string): unknown => secrets.problems.push({ path, message });
  if (protocol === 'http:' && !isLoopback(url)) complain(`must begin with https://; http:// is only for this machine, as anybody between could ${risk}`);
  if (search !== '' || hash !== '') complain('is more than the address of an API; write one such as https://github.example.com/api/v3');
  return url;
}

/** The token, where there is one. The text itself never enters a problem, nor what `fetch` says of a header that it cannot send. */
export function githubToken(ref: SecretRef | undefined, secrets: Secrets, path: string): string | undefined {
  const token = secrets.read(ref, path);
  if (token === undefined || /^[\x21-\x7e]*$/.test(token)) return token;
  secrets.problems.push({ path, message: 'holds white space or another character that no token has' });
  return undefined;
}

/** The repository in which runbooks may act, and the access to it apart from what is shown. What does not fit is noted in `secrets`. */
export function resolveGithubActions(source: GithubSource, secrets: Secrets): { readonly github: AllowedGithub; readonly githubAccess: GithubAccess } {
  const path = 'actions.github';
  const { repository, timeout = DEFAULTS.timeoutMs, workflows = [], ...where } = source;
  const url = githubUrl(source.url, secrets, { path: `${path}.url`, risk: 'take the token' });
  const token = githubToken(source.token, secrets, `${path}.token`) ?? '';
  secrets.problems.push(
    ...workflows.flatMap((each, i) => [...repeated(workflows, i, 'github.workflows'), ...workflowProblems(each, `${path}.workflows.${String(i)}`)]),
  );
  return {
    github: { repository, url, scope: scopeOf(where), workflows: workflows.map(resolveWorkflow) },
    githubAccess: { token, timeoutMs: timeout, namesRuns: namesRuns(url) },
  };
}

/** GitHub's own API names the run that a dispatch starts; a server of one's own may refuse to be asked. https://docs.github.com/en/rest/actions/workflows */
function namesRuns(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'api.github.com' || /^api\.[a-z0-9-]+\.ghe\.com$/.test(hostname);
}

function resolveWorkflow({ name, file, ref = DEFAULTS.ref, inputs = {}, tokenInput, parameters = {}, ...where }: WorkflowSource): AllowedWorkflow {
  return defined({ name, file, ref, inputs, tokenInput, parameters: parametersOf(parameters), scope: scopeOf(where) });
}

function workflowProblems({ inputs = {}, tokenInput, parameters = {} }: WorkflowSource, path: string): { path: string; message: string }[] {
  const taken = tokenInput !== undefined && Object.hasOwn(inputs, tokenInput);
  const many = Object.keys(inputs).length + (tokenInput === undefined ? 0 : 1) > MOST_INPUTS;
  return [
    ...namesProblems(parameters, path, ['workflow']),
    ...Object.entries(inputs).flatMap(([name, text]) => nameProblems(text, parameters, `${path}.inputs.${name}`)),
    ...(taken ? [{ path: `${path}.tokenInput`, message: 'carries the token; leave it out of inputs, or name another input' }] : []),
    ...(many ? [{ path: `${path}.inputs`, message: `are more than the ${String(MOST_INPUTS)} that GitHub takes, with tokenInput` }] : []),
  ];
}
