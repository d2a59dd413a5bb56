import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { certificatePair } from './certificate';
import { Deployments } from './kubernetes-deployments';

/** One rule of a Role: what may be done to which resources. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Whoever comes with a token: rules by namespace, as a Role and its RoleBinding give them. */
export type KubernetesUser = Readonly<Record<string, readonly RoleRule[]>>;

/** How a request is answered in place of what it asks for: `forbid` with 403 in which the credentials stand; `drop` carries a patch out and closes the connection. */
export type KubernetesManner = 'ok' | 'forbid' | 'drop';

/** An API server of Kubernetes on loopback, over TLS: what kubectl asks it of deployments, with tokens and roles. */
export interface FakeKubernetes {
  readonly url: string;
  /** What it holds; a test may put other ones in their place. */
  deployments: Deployments;
  /** Users by their bearer tokens. */
  readonly users: Map<string, KubernetesUser>;
  /** Every verb and resource that was refused, oldest first, as `patch deployments`. */
  readonly refused: string[];
  manner: KubernetesManner;
  /** A kubeconfig with which kubectl comes here, as JSON. */
  kubeconfig(user: object): string;
  close(): Promise<void>;
}

/** Name in its certificate. */
const HOST = 'kubernetes';
const USER = 'nightshift';
const RESOURCES = /^\/apis\/apps\/v1\/namespaces\/([^/]+)\/(deployments|replicasets)(?:\/([^/]+))?$/;

/** What is found by everybody who asks, before anything else. */
const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
  '/apis': {
    kind: 'APIGroupList',
    groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }], preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } }],
  },
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    groupVersion: 'apps/v1',
    resources: [
      { name: 'deployments', singularName: 'deployment', namespaced: true, kind: 'Deployment', verbs: ['get', 'list', 'patch', 'watch'] },
      { name: 'replicasets', singularName: 'replicaset', namespaced: true, kind: 'ReplicaSet', verbs: ['get', 'list', 'watch'] },
    ],
  },
};

/** Starts one without deployments and users. */
export async function startKubernetes(): Promise<FakeKubernetes> {
  const { key, certificate } = certificatePair(HOST);
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(fake, request, response, Buffer.concat(chunks).toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = { server: url, 'tls-server-name': HOST, 'certificate-authority-data': Buffer.from(certificate).toString('base64') };
  const fake: FakeKubernetes = {
    ...{ url, deployments: new Deployments(), users: new Map(), refused: [], manner: 'ok' },
    kubeconfig: (user) =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'here' },
        clusters: [{ name: 'here', cluster }],
        users: [{ name: USER, user }],
        contexts: [{ name: 'here', context: { cluster: 'here', user: USER } }],
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

/** What a request asks for. */
interface Asked {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly verb: string;
  readonly url: URL;
}

function answer(fake: FakeKubernetes, request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = new URL(request.url ?? '/', fake.url);
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const user = fake.users.get(token);
  if (!user) return refuse(response, 401, 'Unauthorized', 'Unauthorized');
  if (Object.hasOwn(DISCOVERY, url.pathname)) return send(response, 200, DISCOVERY[url.pathname]);
  const [, namespace = '', resource = '', name = ''] = RESOURCES.exec(url.pathname) ?? [];
  if (resource === '') return refuse(response, 404, 'NotFound', 'the server could not find the requested resource');
  const asked: Asked = { namespace, resource, name, verb: verbOf(request, url, name), url };
  const denied = denial(user, asked);
  if (denied !== undefined) {
    fake.refused.push(`${asked.verb} ${resource}`);
    return refuse(response, 403, 'Forbidden', denied);
  }
  if (fake.manner === 'forbid') return refuse(response, 403, 'Forbidden', `nothing is allowed to whoever comes with ${token}`);
  carryOut(fake, { asked, request, response, body });
}

function denial(user: KubernetesUser, { namespace, resource, name, verb }: Asked): string | undefined {
  const may = user[namespace]?.some(({ apiGroups, resources, verbs }) => apiGroups.includes('apps') && resources.includes(resource) && verbs.includes(verb));
  const what = `${resource}.apps ${JSON.stringify(name)}`;
  return may === true
    ? undefined
    : `${what} is forbidden: User "${USER}" cannot ${verb} resource "${resource}" in API group "apps" in the namespace "${namespace}"`;
}

function carryOut(
  fake: FakeKubernetes,
  { asked, request, response, body }: { readonly asked: Asked; readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: string },
): void {
  const { namespace, resource, name, verb, url } = asked;
  // Nothing ever changes while kubectl watches.
  if (verb === 'watch') return void response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  if (verb === 'list') return send(response, 200, listOf(fake, asked));
  const found = resource === 'deployments' ? fake.deployments.get(namespace, name) : undefined;
  if (!found) return refuse(response, 404, 'NotFound', `${resource}.apps ${JSON.stringify(name)} not found`);
  if (verb === 'get') return send(response, 200, found);
  const manager = url.searchParams.get('fieldManager') ?? request.headers['user-agent']?.split('/')[0] ?? '';
  const patched = fake.deployments.patch(namespace, name, { type: request.headers['content-type'] ?? '', body: JSON.parse(body) as unknown, manager });
  if (fake.manner === 'drop') return void request.socket.destroy();
  send(response, 200, patched);
}

function verbOf({ method = '' }: IncomingMessage, url: URL, name: string): string {
  if (method !== 'GET') return method.toLowerCase();
  if (url.searchParams.get('watch') === 'true') return 'watch';
  return name === '' ? 'list' : 'get';
}

function listOf({ deployments }: FakeKubernetes, { namespace, resource, url }: Asked): object {
  const shared = { apiVersion: 'apps/v1', metadata: { resourceVersion: '1' } };
  if (resource === 'replicasets')
    return { ...shared, kind: 'ReplicaSetList', items: deployments.replicaSets(namespace, url.searchParams.get('labelSelector')) };
  const name = /^metadata\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
  return { ...shared, kind: 'DeploymentList', items: deployments.list(namespace, name) };
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
