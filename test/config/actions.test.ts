import { resolveActions } from '../../config/resolve-actions';
import { actionsSchema } from '../../config/schema-actions';
import { Secrets } from '../../config/secrets';
import type { ActionsConfig, Environment } from '../../config/types';

const COMMAND = {
  name: 'undo',
  run: ['kubectl', 'rollout', 'undo', 'deployment/{deployment}'],
  parameters: { deployment: { description: 'Which.', pattern: '[a-z-]+' } },
};
const WORKFLOW = {
  ...{ name: 'deploy', file: 'deploy.yml', inputs: { release: '{release}' }, tokenInput: 'intent' },
  parameters: { release: { description: 'Which.' } },
};
const GITHUB = { repository: 'acme/shop', token: { env: 'GH' }, workflows: [WORKFLOW] };
const CALL = { name: 'purge', url: 'https://cdn.example.com/zones/{zone}', parameters: { zone: { description: 'Which.' } } };

function resolved(section: unknown, env: Environment = {}): { config: ActionsConfig; problems: string[] } {
  const secrets = new Secrets(env, '/etc');
  const config = resolveActions(actionsSchema.parse(section), { base: '/etc', env, outputLimitBytes: 4096 }, secrets);
  return { config, problems: secrets.problems.map(({ path, message }) => `${path} ${message}`) };
}

test('commands and calls have their defaults, and their secrets stand apart from what is shown', () => {
  const section = {
    commands: [{ ...COMMAND, pass: ['KUBECONFIG'], secrets: { KEY: { env: 'KEY' } } }],
    calls: [{ ...CALL, headers: { Authorization: { env: 'TOKEN' } } }],
  };
  const { config, problems } = resolved(section, { KUBECONFIG: '/k', KEY: 'hush', TOKEN: 'Bearer hush' });
  expect(problems).toEqual([]);
  expect(config.commands).toEqual([
    {
      ...{ name: 'undo', argv: COMMAND.run, directory: '/etc', outputLimitBytes: 4096, scope: {} },
      parameters: { deployment: { type: 'string', description: 'Which.', pattern: '[a-z-]+' } },
    },
  ]);
  expect(config.calls).toEqual([
    { name: 'purge', method: 'POST', url: CALL.url, dedupes: false, scope: {}, parameters: { zone: { type: 'string', description: 'Which.' } } },
  ]);
  expect(config.environments['undo']).toMatchObject({ variables: { KUBECONFIG: '/k', KEY: 'hush' }, secrets: ['hush'] });
  expect(config.headers).toEqual({ purge: { Authorization: 'Bearer hush' } });
  expect(config.secrets).toEqual(['Bearer hush']);
});

test.each([
  ['a name twice', { commands: [COMMAND, COMMAND] }, 'actions.commands.1.name undo is declared twice'],
  [
    'a placeholder as the program',
    { commands: [{ ...COMMAND, run: ['{deployment}'] }] },
    'actions.commands.0.run.0 is the program and cannot hold a placeholder',
  ],
  [
    'an argument that nothing fills',
    { commands: [{ ...COMMAND, run: ['kubectl', '{deploymnt}'] }] },
    'actions.commands.0.run.1 {deploymnt} is no parameter; did you mean deployment',
  ],
  [
    'a pattern that is none',
    { commands: [{ ...COMMAND, parameters: { deployment: { description: 'x', pattern: '[' } } }] },
    'actions.commands.0.parameters.deployment.pattern is not a regular',
  ],
  [
    'a parameter with a taken name',
    { commands: [{ ...COMMAND, run: ['a'], parameters: { token: { description: 'x' } } }] },
    'actions.commands.0.parameters.token is the name of something else',
  ],
  ['a host that a value could choose', { calls: [{ ...CALL, url: 'https://{zone}.example.com/' }] }, 'actions.calls.0.url has a placeholder in its host'],
  ['a body that nothing fills', { calls: [{ ...CALL, body: { a: ['{zon}'] } }] }, 'actions.calls.0.body {zon} is no parameter'],
  ['a secret in the clear', { calls: [{ ...CALL, headers: { 'X-Api-Key': 'hush' } }] }, 'actions.calls.0.headers.X-Api-Key looks like a secret'],
  ['a line break', { calls: [{ ...CALL, headers: { Accept: 'a\nb' } }] }, 'actions.calls.0.headers.Accept holds a line break'],
  [
    'a header that carries the token',
    { calls: [{ ...CALL, headers: { 'idempotency-key': 'x' } }] },
    'actions.calls.0.headers.idempotency-key carries the token',
  ],
  ['a secret that is not there', { calls: [{ ...CALL, headers: { A: { env: 'NONE' } } }] }, 'actions.calls.0.headers.A the environment has no variable NONE'],
])('%s is told', (_what, section, complaint) => {
  expect(resolved(section).problems).toEqual([expect.stringContaining(complaint)]);
});

test('a repository has its defaults, and its token stands apart from what is shown', () => {
  const { config, problems } = resolved({ github: { ...GITHUB, services: ['shop'] } }, { GH: ' hush ' });
  expect(problems).toEqual([]);
  expect(config.github).toEqual({
    ...{ repository: 'acme/shop', url: 'https://api.github.com', scope: { services: ['shop'] } },
    workflows: [{ ...WORKFLOW, ref: 'main', scope: {}, parameters: { release: { type: 'string', description: 'Which.' } } }],
  });
  expect(config.githubAccess).toEqual({ token: 'hush', timeoutMs: 10_000, namesRuns: true });
});

test("a server of one's own is not asked to name the runs that it starts", () => {
  const { config } = resolved({ github: { ...GITHUB, url: 'https://github.acme.example/api/v3/' } }, { GH: 'hush' });
  expect(config.github?.url).toBe('https://github.acme.example/api/v3');
  expect(config.githubAccess?.namesRuns).toBe(false);
});

test.each([
  ['a token that is not there', {}, 'GH2', 'actions.github.token the environment has no variable GH'],
  ['a token that no header can hold', {}, 'a\nb', 'actions.github.token holds white space'],
  ['an address that anybody between can read', { url: 'http://github.acme.example/api/v3' }, 'hush', 'actions.github.url must begin with https://'],
  ['a workflow twice', { workflows: [WORKFLOW, WORKFLOW] }, 'hush', 'actions.github.workflows.1.name deploy is declared twice'],
  [
    'an input that nothing fills',
    { workflows: [{ ...WORKFLOW, inputs: { release: '{relaese}' } }] },
    'hush',
    'actions.github.workflows.0.inputs.release {relaese} is no parameter; did you mean release',
  ],
  [
    'an input that carries the token already',
    { workflows: [{ ...WORKFLOW, tokenInput: 'release' }] },
    'hush',
    'actions.github.workflows.0.tokenInput carries the token',
  ],
  [
    'more inputs than GitHub takes',
    { workflows: [{ ...WORKFLOW, inputs: Object.fromEntries(Array.from({ length: 25 }, (_none, i) => [`i${String(i)}`, 'x'])) }] },
    'hush',
    'actions.github.workflows.0.inputs are more than the 25',
  ],
  [
    'a parameter with a taken name',
    { workflows: [{ ...WORKFLOW, parameters: { ...WORKFLOW.parameters, workflow: { description: 'x' } } }] },
    'hush',
    'actions.github.workflows.0.parameters.workflow is the name of something else',
  ],
])('of a repository, %s is told', (_what, more, token, complaint) => {
  const { problems } = resolved({ github: { ...GITHUB, ...more } }, token === 'GH2' ? {} : { GH: token });
  expect(problems).toEqual([expect.stringContaining(complaint)]);
  expect(problems.join()).not.toContain('a\nb');
});

test.each([
  ['a secret that is written there', { commands: [{ ...COMMAND, secrets: { KEY: 'hush' } }] }],
  ['a line for a shell', { commands: [{ ...COMMAND, run: 'kubectl rollout undo' }] }],
  ['a user in an address', { calls: [{ ...CALL, url: 'https://ann:hush@example.com/' }] }],
  ['a call that only reads', { calls: [{ ...CALL, method: 'GET' }] }],
  ['a token of GitHub that is written there', { github: { ...GITHUB, token: 'hush' } }],
  ['a repository without a token', { github: { repository: 'acme/shop' } }],
  ['a repository that is an address', { github: { ...GITHUB, repository: 'https://github.com/acme/shop' } }],
  ['a file elsewhere', { github: { ...GITHUB, workflows: [{ ...WORKFLOW, file: '../deploy.yml' }] } }],
])('%s is refused at the door', (_what, section) => {
  expect(actionsSchema.safeParse(section).success).toBe(false);
});
