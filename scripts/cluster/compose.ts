import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const words = z.union([z.string().transform((text) => ['/bin/sh', '-c', text]), z.array(z.string())]);

/** Members that mean nothing to a plain process, and are known to. */
const ignored = z.unknown().optional();
const containersOnly = { init: ignored, ports: ignored, cap_drop: ignored, security_opt: ignored, stop_grace_period: ignored };

const service = z.strictObject({
  ...containersOnly,
  image: z.string(),
  build: z.string().optional(),
  entrypoint: words.optional(),
  command: words.optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  restart: z.enum(['unless-stopped', 'on-failure']),
  depends_on: z.record(z.string(), z.object({ condition: z.enum(['service_healthy', 'service_completed_successfully']) })).default({}),
  healthcheck: z.looseObject({ test: z.tuple([z.literal('CMD')]).rest(z.string()) }).optional(),
});

const compose = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

/** A service as docker-compose.yml describes it, variables replaced. */
export type ComposeService = z.output<typeof service>;

/** What this project uses of a compose file. */
export type Compose = z.output<typeof compose>;

/** What the last stage of a Dockerfile says. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files and folders that come from other stages, and where they go. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  readonly user: string;
}

/** Reads docker-compose.yml of a folder; `variables` win over the defaults in it. Throws when it says something that is not understood here, rather than passing over it. */
export function readCompose(root: string, variables: Readonly<Record<string, string>>): Compose {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const expanded = text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, fallback: string) => variables[name] ?? fallback);
  return compose.parse(parse(expanded.replaceAll('$$', '$'), { merge: true }));
}

/** Reads the last stage of the Dockerfile of a folder. */
export function readImage(root: string): Image {
  const stage =
    readFileSync(join(root, 'Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const all = (word: string): string[] => [...stage.matchAll(new RegExp(`^${word} (.+)$`, 'gm'))].map(([, rest = '']) => rest);
  const pairs = all('ENV').map((text): [string, string] => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
  return {
    entrypoint: z.array(z.string()).parse(JSON.parse(all('ENTRYPOINT')[0] ?? '')),
    environment: Object.fromEntries(pairs),
    copies: all('COPY').map((text) => {
      const [, from = '', to = ''] = /^--from=\S+ (\S+) (\S+)$/.exec(text) ?? [];
      return { from, to };
    }),
    user: all('USER').at(-1) ?? 'root',
  };
}
