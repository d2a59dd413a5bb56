import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root';
import { buildVersion } from '../config/version';
import { sha256 } from '../domain/digest';

const SHORT = 12;
const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*$/s;

/** The workflows of this build: those that it bundled, or their sources where nothing was built. */
export type WorkflowCode = { readonly workflowBundle: { readonly codePath: string } } | { readonly workflowsPath: string };

/** Where a worker, or a replay, of this build finds its workflows. */
export function workflowCode(): WorkflowCode {
  const codePath = bundlePath();
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: join(__dirname, '..', 'workflows', 'index') };
}

/** Version of this build as Temporal shows it: the package's, and the beginning of the hash of its workflows, so that two builds whose workflows differ never have the same. */
export function workerVersion(): string {
  const codePath = bundlePath();
  // The source map names folders of the machine that built it.
  const hash = existsSync(codePath) ? sha256(readFileSync(codePath, 'utf8').replace(SOURCE_MAP, '')).slice(0, SHORT) : 'source';
  return `${buildVersion()}+${hash}`;
}

function bundlePath(): string {
  return join(packageRoot(), 'dist', 'workflow-bundle.js');
}
