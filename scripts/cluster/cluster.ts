import { randomInt } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { freePort } from '../../workers/free-port';
import { readCompose, readImage } from './compose';
import type { Compose, ComposeService, Image } from './compose';
import { placed, placedVariable } from './places';
import type { Places } from './places';
import { makeDataFolder, runInitScripts, serverCommand } from './postgres';
import { run, runToEnd, startService } from './service';
import type { Launch, Service } from './service';

/** What a cluster is started with. */
export interface ClusterOptions {
  /** An empty folder for everything that it writes. */
  readonly folder: string;
  /** Text of nightshift.yaml. */
  readonly config: string;
  readonly workers: number;
  /** The `temporal` program, the folder of the server's programs, and that of PostgreSQL's. */
  readonly programs: { readonly cli: string; readonly temporal: string; readonly postgres: string };
  /** PATH of the programs. */
  readonly path: string;
  readonly tell: (line: string) => void;
}

/** The services of docker-compose.yml as plain processes. */
export interface Cluster {
  readonly api: string;
  readonly ui: string;
  readonly temporalAddress: string;
  readonly databaseUrl: string;
  /** Home of the API, with the first key. */
  readonly home: string;
  readonly services: readonly Service[];
  /** By name: `api`, `worker-1`, `postgresql`, `temporal`, `temporal-ui`. */
  service(name: string): Service;
  /** Address of a service's port by the number that it has in its container. */
  address(name: string, port: number): string;
  stop(): Promise<void>;
}

/** Ports that services open, by the number in their containers. */
const PORTS: Readonly<Record<string, readonly number[]>> = { postgresql: [5432], temporal: [7233, 7243], 'temporal-ui': [8080], api: [7070] };
/** Ports that the Temporal server opens for itself; a container has them to itself, a machine may not. */
const INTERNAL = ['FRONTEND_MEMBERSHIP', 'MATCHING_GRPC', 'MATCHING_MEMBERSHIP', 'HISTORY_GRPC', 'HISTORY_MEMBERSHIP', 'WORKER_GRPC', 'WORKER_MEMBERSHIP'];

const LOW_PORTS = { from: 20_000, to: 32_000 } as const;

/** Starts every service of docker-compose.yml in the order of `depends_on`, with its command, environment and health check; only hosts, ports and paths are others. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const builder = await Builder.prepare(options);
  try {
    for (const name of builder.order()) await builder.start(name);
    return builder.cluster();
  } catch (error) {
    await builder.stop();
    throw error;
  }
}

class Builder {
  private readonly running = new Map<string, Service>();

  private constructor(
    private readonly options: ClusterOptions,
    private readonly compose: Compose,
    private readonly image: Image,
    private readonly ports: Readonly<Record<string, number>>,
    private readonly internal: Readonly<Record<string, string>>,
  ) {}

  static async prepare(options: ClusterOptions): Promise<Builder> {
    const { folder, workers } = options;
    const root = packageRoot();
    chmodSync(folder, 0o711);
    writeFileSync(join(folder, 'nightshift.yaml'), options.config, { mode: 0o600 });
    const secrets = join(folder, 'secrets');
    const compose = readCompose(root, { NIGHTSHIFT_CONFIG_FILE: join(folder, 'nightshift.yaml'), NIGHTSHIFT_SECRETS: secrets });
    const wanted = [...Object.entries(PORTS), ...names(workers).map((name) => [name, [7070]] as const)];
    const ports: Record<string, number> = {};
    const taken = new Set<number>();
    for (const [name, inside] of wanted) for (const port of inside) ports[`${name}:${String(port)}`] = await lowPort(taken);
    const internal: Record<string, string> = {};
    for (const name of INTERNAL) internal[`${name}_PORT`] = String(await lowPort(taken));
    const made = await run(['sh', join(root, 'docker', 'make-secrets.sh'), secrets, `127.0.0.1:${String(ports['postgresql:5432'])}`], {
      cwd: folder,
      env: { PATH: options.path },
    });
    if (made.code !== 0) throw new Error(`docker/make-secrets.sh: ${made.output}`);
    const builder = new Builder(options, compose, readImage(root), ports, internal);
    builder.layOut(root);
    return builder;
  }

  /** Services after everything that they depend on. */
  order(): string[] {
    const done: string[] = [];
    const add = (name: string): void => {
      if (done.includes(name)) return;
      for (const before of Object.keys(this.definition(name).depends_on)) add(before);
      done.push(name);
    };
    for (const name of Object.keys(this.compose.services)) add(name);
    return done;
  }

  async start(name: string): Promise<void> {
    const began = Date.now();
    const { restart } = this.definition(name);
    if (name === 'postgresql') await this.startPostgres();
    else if (restart === 'on-failure') await runToEnd(name, this.launch(name, name));
    else await Promise.all((name === 'worker' ? names(this.options.workers) : [name]).map((instance) => this.startOne(name, instance)));
    this.options.tell(`${name.padEnd(20)}${restart === 'on-failure' ? 'done' : 'healthy'} after ${String(Date.now() - began)} ms`);
  }

  cluster(): Cluster {
    const address = (name: string, port: number): string => `127.0.0.1:${String(this.ports[`${name}:${String(port)}`])}`;
    const service = (name: string): Service => {
      const found = this.running.get(name);
      if (!found) throw new Error(`The cluster has no service ${name}; it has ${[...this.running.keys()].join(', ')}.`);
      return found;
    };
    return {
      ...{ address, service, services: [...this.running.values()], stop: () => this.stop() },
      api: `http://${address('api', 7070)}`,
      ui: `http://${address('temporal-ui', 8080)}`,
      temporalAddress: address('temporal', 7233),
      databaseUrl: readFileSync(join(this.options.folder, 'secrets', 'nightshift_database_url'), 'utf8'),
      home: join(this.options.folder, 'home-api'),
    };
  }

  /** Ends the services, those first that need others. */
  async stop(): Promise<void> {
    for (const service of [...this.running.values()].reverse()) await service.stop();
    this.running.clear();
  }

  /** What images hold: the programs on the PATH, the files that the Dockerfile copies, the UI's own configuration. */
  private layOut(root: string): void {
    const { folder, programs } = this.options;
    for (const path of ['bin', 'app', 'ui', 'ui/config', 'logs']) mkdirSync(join(folder, path));
    symlinkSync(programs.cli, join(folder, 'bin', 'temporal'));
    for (const name of ['temporal-server', 'temporal-sql-tool']) symlinkSync(join(programs.temporal, name), join(folder, 'bin', name));
    symlinkSync(join(programs.temporal, 'ui-server'), join(folder, 'ui', 'ui-server'));
    cpSync(join(programs.temporal, 'docker.yaml'), join(folder, 'ui', 'config', 'docker.yaml'));
    // In a container it may listen everywhere; here it must not.
    writeFileSync(join(folder, 'ui', 'config', 'base.yaml'), 'host: 127.0.0.1\n');
    for (const { from, to } of this.image.copies) {
      const source = join(root, from.replace(/^\/app\//, ''));
      const target = join(folder, 'app', to === './' ? from.replace(/^\/app\//, '') : to);
      // Packages are large, and the ones here hold those of development too.
      if (from.endsWith('node_modules')) symlinkSync(source, target);
      else cpSync(source, target, { recursive: true });
    }
  }

  private async startPostgres(): Promise<void> {
    const launch = this.launch('postgresql', 'postgresql');
    const port = this.ports['postgresql:5432'] ?? 0;
    const data = makeDataFolder(this.options.folder, launch.env);
    const service = this.run('postgresql', 'postgresql', { ...launch, argv: serverCommand(launch.argv, data, port) });
    await service.whenHealthy();
    const scripts = this.mounts('postgresql', 'postgresql').filter(([inside]) => inside.startsWith('/docker-entrypoint-initdb.d/'));
    await runInitScripts(
      scripts.map(([, outside]) => outside),
      launch,
      port,
    );
  }

  private async startOne(name: string, instance: string): Promise<void> {
    await this.run(name, instance, this.launch(name, instance)).whenHealthy();
  }

  private run(name: string, instance: string, launch: Launch): Service {
    const probe = this.definition(name).healthcheck?.test.slice(1);
    const places = this.places(name, instance);
    const words = probe?.map((word) => placed(word, instance, places));
    const service = startService(instance, launch, words, join(this.options.folder, 'logs'));
    this.running.set(instance, service);
    return service;
  }

  /** Command and environment of a service, as its container would have them. */
  private launch(name: string, instance: string): Launch {
    const definition = this.definition(name);
    const built = definition.build !== undefined;
    const places = this.places(name, instance);
    const argv = [...(definition.entrypoint ?? (built ? this.image.entrypoint : [])), ...(definition.command ?? [])];
    const environment = { ...(built ? this.image.environment : {}), ...definition.environment };
    const { folder, path, programs } = this.options;
    const own = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, placedVariable(key, value, instance, places)]));
    const ports =
      name === 'temporal' ? { ...this.internal, FRONTEND_GRPC_PORT: this.port('temporal', 7233), FRONTEND_HTTP_PORT: this.port('temporal', 7243) } : {};
    return {
      argv: argv.map((word) => placed(word, instance, places)).map((word) => (word === 'node' ? process.execPath : word)),
      env: { PATH: [join(folder, 'bin'), programs.postgres, path].join(delimiter), HOME: folder, ...ports, ...own },
      cwd: name === 'temporal-ui' ? join(folder, 'ui') : built ? join(folder, 'app') : folder,
    };
  }

  private port(name: string, inside: number): string {
    return String(this.ports[`${name}:${String(inside)}`]);
  }

  private places(name: string, instance: string): Places {
    return { ports: this.ports, paths: { '/app': join(this.options.folder, 'app'), ...Object.fromEntries(this.mounts(name, instance)) } };
  }

  /** Paths inside a container and what stands for them here. */
  private mounts(name: string, instance: string): (readonly [string, string])[] {
    const { secrets, volumes } = this.definition(name);
    const files = secrets.map((secret) => [`/run/secrets/${secret}`, this.compose.secrets[secret]?.file ?? ''] as const);
    const folders = volumes.map((volume) => {
      const [outside = '', inside = ''] = volume.split(':');
      if (isAbsolute(outside)) return [inside, outside] as const;
      return [inside, outside.startsWith('.') ? join(packageRoot(), outside) : join(this.options.folder, `home-${instance}`)] as const;
    });
    const home = this.image.environment['NIGHTSHIFT_HOME'] ?? '';
    return [...files, [home, join(this.options.folder, `home-${instance}`)], ...folders];
  }

  private definition(name: string): ComposeService {
    const found = this.compose.services[name];
    if (!found) throw new Error(`docker-compose.yml has no service ${name}.`);
    return found;
  }
}

function names(workers: number): string[] {
  return Array.from({ length: workers }, (_, i) => `worker-${String(i + 1)}`);
}

/** A free port below 32,768 that is not yet `taken`, where it joins: with the plugin `postgres12_pgx` the Temporal server cannot store a higher one, and most systems hand out higher ones. */
async function lowPort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = randomInt(LOW_PORTS.from, LOW_PORTS.to);
    if (taken.has(port) || (await freePort(port)) !== port) continue;
    taken.add(port);
    return port;
  }
}
