import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addStacks, emptyApp } from './app';
import { bundlePath } from './hook-code';
import { workerPolicy } from './worker-policy';
import { plainRoles } from './plain';
import type { Template } from './plain';
import { roleArn } from './role';
import type { Settings } from './settings-schema';

/** Writes `templates/<stack>.json`, `policies/<stack>/<role>.trust.json` and `.<policy>.json`, `policies/worker.json`, and the function's code where it is at hand, into a folder that is emptied first. Gives the files. */
export function writePlain(settings: Settings, { folder, bundle }: { readonly folder: string; readonly bundle: string }): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'nightshift-infra-'));
  const files = new Map<string, string>();
  const assumed: string[] = [];
  try {
    for (const { id, template, environment } of addStacks(emptyApp({ outdir }), settings, { by: 'plain', bundle }).synth().stacks) {
      files.set(join('templates', `${id}.json`), json(template));
      for (const { name, trust, byWorker, policies } of plainRoles(template as Template)) {
        if (byWorker) assumed.push(roleArn(environment, name));
        files.set(join('policies', id, `${name}.trust.json`), json(trust));
        for (const [policy, document] of Object.entries(policies)) files.set(join('policies', id, `${name}.${policy}.json`), json(document));
      }
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
  files.set(join('policies', 'worker.json'), json(workerPolicy(assumed)));
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const path = bundlePath(bundle);
  if (!existsSync(path)) return [...files.keys()];
  copyFileSync(path, join(folder, 'post-build.zip'));
  return [...files.keys(), 'post-build.zip'];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
