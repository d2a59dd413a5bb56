import { isDeepStrictEqual } from 'node:util';

type Json = { [key: string]: unknown };

/** A deployment as the API of Kubernetes tells it, as far as kubectl reads it. */
export interface Deployment {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'Deployment';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly annotations: Readonly<Record<string, string>>;
    readonly managedFields: readonly { readonly manager: string; readonly operation: 'Update' }[];
  };
  readonly spec: { readonly replicas: number; readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }; readonly template: Template };
  readonly status: Json;
}

/** What the pods of a revision are made from. */
export interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

/** A patch that was carried out: by which field manager, and which revision and image stand there since. */
export interface TruePatch {
  readonly deployment: string;
  readonly manager: string;
  readonly revision: number;
  readonly image: string;
}

interface Revision {
  number: number;
  readonly hash: string;
  readonly template: Template;
  annotations: Readonly<Record<string, string>>;
}

interface Held {
  deployment: Deployment;
  readonly revisions: Revision[];
}

const REVISION = 'deployment.kubernetes.io/revision';
const APP = 'app.kubernetes.io/name';
const VERSION = 'app.kubernetes.io/version';
const REPLICAS = 2;

/** Deployments with their revisions in memory, and the controller behind them: a new template is a new revision, an earlier one becomes the newest again. */
export class Deployments {
  /** Every patch that was carried out, oldest first. */
  readonly patches: TruePatch[] = [];
  /** Whether new pods become ready. */
  ready = true;
  private readonly held = new Map<string, Held>();
  private version = 0;

  /** Rolls a version out, as a team's pipeline does. */
  rollOut(namespace: string, name: string, version: string): void {
    const before = this.held.get(`${namespace}/${name}`);
    const template = templateOf(name, version);
    if (before) return this.settle(before, { ...before.deployment, spec: { ...before.deployment.spec, template } }, 'pipeline');
    const held: Held = { deployment: this.first(namespace, name, template), revisions: [] };
    this.held.set(`${namespace}/${name}`, held);
    this.settle(held, held.deployment, 'pipeline');
  }

  /** The deployment of that name, or undefined. */
  get(namespace: string, name: string): Deployment | undefined {
    return this.held.get(`${namespace}/${name}`)?.deployment;
  }

  /** Deployments of a namespace; of a name alone, where one is given. */
  list(namespace: string, name?: string | null): Deployment[] {
    const all = [...this.held.values()].map(({ deployment }) => deployment);
    return all.filter(({ metadata }) => metadata.namespace === namespace && (name ?? metadata.name) === metadata.name);
  }

  /** Replica sets of a namespace whose labels fit a selector `key=value,…`. */
  replicaSets(namespace: string, selector: string | null): Json[] {
    const wanted = (selector ?? '').split(',').filter(Boolean);
    const all = [...this.held.values()].filter(({ deployment }) => deployment.metadata.namespace === namespace);
    return all.flatMap(({ deployment, revisions }) => {
      const labels = Object.entries(deployment.spec.selector.matchLabels).map((pair) => pair.join('='));
      return wanted.every((each) => labels.includes(each)) ? revisions.map((revision) => replicaSet(deployment, revision)) : [];
    });
  }

  /** Carries a patch out, in the form that its content type names, and puts it into the ledger. Throws when there is nothing to patch, or it is in another form. */
  patch(namespace: string, name: string, request: { readonly type: string; readonly body: unknown; readonly manager: string }): Deployment {
    const held = this.held.get(`${namespace}/${name}`);
    if (!held) throw new Error(`there is no deployment ${name}`);
    const { type, body, manager } = request;
    this.settle(held, patched(held.deployment, type, body), manager);
    const { metadata, spec } = held.deployment;
    const image = spec.template.spec.containers[0]?.image ?? '';
    this.patches.push({ deployment: `${namespace}/${name}`, manager, revision: Number(metadata.annotations[REVISION]), image });
    return held.deployment;
  }

  private first(namespace: string, name: string, template: Template): Deployment {
    const metadata = { name, namespace, uid: `${namespace}-${name}`, resourceVersion: '0', generation: 0, annotations: {}, managedFields: [] };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: REPLICAS, selector: { matchLabels: { [APP]: name } }, template },
      status: {},
    };
  }

  private settle(held: Held, wanted: Deployment, manager: string): void {
    const template = withoutEmpty(wanted.spec.template) as Template;
    const { metadata } = held.deployment;
    const newest = Math.max(0, ...held.revisions.map((each) => each.number));
    let revision = held.revisions.find((each) => isDeepStrictEqual(each.template, template));
    if (!revision) held.revisions.push((revision = { number: 0, hash: `h${held.revisions.length}`, template, annotations: {} }));
    if (revision.number < newest || newest === 0) revision.number = newest + 1;
    const annotations = { ...wanted.metadata.annotations, [REVISION]: String(revision.number) };
    // The controller copies what people say of a rollout to its replica set, where `kubectl rollout history` reads it.
    revision.annotations = annotations;
    const generation = metadata.generation + (isDeepStrictEqual(template, held.deployment.spec.template) && newest > 0 ? 0 : 1);
    const managedFields = [...metadata.managedFields.filter((each) => each.manager !== manager), { manager, operation: 'Update' as const }];
    held.deployment = {
      ...wanted,
      metadata: { ...metadata, annotations, generation, managedFields, resourceVersion: String(++this.version) },
      spec: { ...wanted.spec, template },
      status: this.status(generation),
    };
  }

  private status(observedGeneration: number): Json {
    const updated = this.ready ? REPLICAS : 1;
    return { observedGeneration, replicas: REPLICAS, updatedReplicas: updated, availableReplicas: updated, readyReplicas: updated };
  }
}

function templateOf(name: string, version: string): Template {
  return { metadata: { labels: { [APP]: name, [VERSION]: version } }, spec: { containers: [{ name, image: `registry.example.com/${name}:${version}` }] } };
}

function replicaSet({ metadata, spec }: Deployment, { hash, annotations, template }: Revision): Json {
  const replicas = metadata.annotations[REVISION] === annotations[REVISION] ? spec.replicas : 0;
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name, uid: metadata.uid, controller: true };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      uid: `${metadata.uid}-${hash}`,
      labels,
      annotations,
      ownerReferences: [owner],
    },
    spec: { replicas, selector: { matchLabels: { ...spec.selector.matchLabels, 'pod-template-hash': hash } }, template: { ...template, metadata: { labels } } },
  };
}

/** What a client of Go fills in as empty (`creationTimestamp: null`, `resources: {}`) is left out, as the API server does. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withoutEmpty(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== null && !isDeepStrictEqual(each, {})));
}

function patched(deployment: Deployment, type: string, body: unknown): Deployment {
  if (type === 'application/merge-patch+json') return merged(deployment, body) as Deployment;
  if (type !== 'application/json-patch+json') throw new Error(`a patch of the type ${type} is not known here`);
  return (body as { op: string; path: string; value: unknown }[]).reduce((whole, { op, path, value }) => {
    if (op !== 'replace') throw new Error(`the operation ${op} is not known here`);
    return replaced(whole, path.split('/').slice(1), value) as Deployment;
  }, deployment);
}

/** JSON Merge Patch (RFC 7396). */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null ? (target as Json) : {};
  const all = { ...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merged(base[key], value)])) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function replaced(target: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const base = target as Json;
  if (!Object.hasOwn(base, key)) throw new Error(`there is nothing at ${key} to be replaced`);
  return { ...base, [key]: rest.length === 0 ? value : replaced(base[key], rest, value) };
}
