import { z } from 'zod';
import { configuredPlace } from '../adapters/github/access';
import { callGithub } from '../adapters/github/api';
import type { GithubReply } from '../adapters/github/api';
import type { ActionsConfig } from '../config/types';
import { errorMessage } from '../domain/errors';
import type { Clock } from '../ports/clock';
import type { Finding } from './doctor-services';

const CHECK = 'github actions';
const MAX_BYTES = 1024 * 1024;
const NEEDS = 'It needs to read and write Actions of the repository (a classic token: the scope repo).';
const repositorySchema = z.looseObject({
  private: z.boolean().optional(),
  archived: z.boolean().optional(),
  permissions: z.looseObject({ push: z.boolean() }).optional(),
});
type Repository = z.infer<typeof repositorySchema>;

/** Looks whether the token of `actions.github` reaches its repository and may read Actions there, and, as far as GitHub tells without anything being done, whether it may write them. */
export async function githubFindings({ github, githubAccess: access }: ActionsConfig, clock: Clock): Promise<Finding[]> {
  if (!github || !access) return [];
  const { url, repository } = github;
  const { api } = configuredPlace({ github, access, clock });
  const wrong = (detail: string, mend: string): Finding[] => [{ check: CHECK, ok: false, detail, mend }];
  const ask = (below: string): Promise<GithubReply> => callGithub(api, { path: `/repos/${repository}${below}`, maxBytes: MAX_BYTES });
  try {
    const about = await ask('');
    if (about.status !== 200) return wrong(...refused(about, repository, url));
    const told = repositoryOf(about.text);
    if (!told)
      return wrong(
        `${url} does not answer as the API of GitHub`,
        'Is actions.github.url the address of the API? GitHub Enterprise Server has it at https://HOST/api/v3.',
      );
    if (told.archived === true)
      return wrong(`${repository} is archived, and runs nothing`, 'Name the repository that is in use in actions.github.repository, or unarchive it.');
    const runs = await ask('/actions/runs?per_page=1');
    if (runs.status !== 200) return wrong(...mayNotRead(runs, repository, url));
    const scopes = about.headers.get('x-oauth-scopes') ?? undefined;
    const lacking = lackingToWrite(told, scopes, access.token);
    if (lacking !== undefined)
      return wrong(`the token may read Actions of ${repository}, and not write them: ${lacking}`, `${NEEDS} Nothing can be rerun or started with this one.`);
    const write = scopes === undefined ? 'whether it may write them GitHub tells only when something is done' : 'and write them';
    return [{ check: CHECK, ok: true, detail: `the token may read Actions of ${repository}${scopes === undefined ? '; ' : ' '}${write}` }];
  } catch (error) {
    return wrong(errorMessage(error), 'Is actions.github.url the address of the API as seen from here? Until it answers, steps that use it are tried again.');
  }
}

function repositoryOf(text: string): Repository | undefined {
  try {
    return repositorySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What speaks against writing. A classic token has scopes; whoever the token is of may push; an app's is told neither. https://docs.github.com/en/rest/actions/workflow-runs */
function lackingToWrite({ permissions, private: hidden }: Repository, scopes: string | undefined, token: string): string | undefined {
  const given = scopes?.split(',').map((scope) => scope.trim());
  if (given && !given.includes('repo') && !(hidden === false && given.includes('public_repo')))
    return `it has ${scopes === '' ? 'no scope' : `the scopes ${given.join(', ')}`} alone`;
  const ofApp = token.startsWith('ghs_');
  return permissions?.push === false && !ofApp ? 'whoever it belongs to may not push there' : undefined;
}

/** What an answer other than 200 to the first question says, and what mends it. */
function refused(reply: GithubReply, repository: string, url: string): [string, string] {
  const { status, said } = reply;
  if (status === 401)
    return [`${url} does not know the token${said}`, `It is wrong, has expired or was revoked: make a new one, and set actions.github.token. ${NEEDS}`];
  if (status === 403)
    return [`the token may not look at ${repository}${said}`, `The organisation may have to approve it, or to authorise it for single sign-on. ${NEEDS}`];
  if (status === 404)
    return [
      `${repository} is not there, or hidden from this token${said}`,
      `Is the name right, and is the repository among those that the token is for? ${NEEDS}`,
    ];
  if (status >= 300 && status < 400)
    return [`${repository} has moved`, 'Write its new name in actions.github.repository: what changes something is not sent on.'];
  return [`${url} answered ${String(status)}${said}`, 'Steps that use it are tried again; look at the status of GitHub.'];
}

function mayNotRead(reply: GithubReply, repository: string, url: string): [string, string] {
  const { status, said, headers } = reply;
  const accepted = headers.get('x-accepted-github-permissions');
  if (status !== 403 && status !== 404) return refused(reply, repository, url);
  return [`the token may not read Actions of ${repository}${said}${accepted === null ? '' : ` (GitHub asks for ${accepted})`}`, NEEDS];
}
