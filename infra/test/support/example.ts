import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks, emptyApp } from '../../lib/app';
import { PACKAGE_ROOT } from '../../lib/package-root';
import { parseSettings } from '../../lib/settings';
import type { Settings } from '../../lib/settings-schema';

/** The settings file that comes with this package, as it is written. */
export function exampleFile(): Record<string, any> {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'nightshift.infra.example.json'), 'utf8')) as Record<string, any>;
}

/** Its settings, after a change of what is written. */
export function exampleWith(change: (file: Record<string, any>) => void = () => undefined): Settings {
  const file = exampleFile();
  change(file);
  return parseSettings(file, 'test.json');
}

/** A folder that is gone when the process of the tests ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-infra-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file that stands for the function's code. */
export function smallBundle(): string {
  const file = join(temporaryFolder(), 'post-build.zip');
  writeFileSync(file, 'the code of the function');
  return file;
}

/** The app of settings, with a small file for the function's code. */
export function exampleApp(settings: Settings = exampleWith(), { bundle = smallBundle(), outdir = temporaryFolder() } = {}): App {
  return addStacks(emptyApp({ outdir }), settings, { by: 'cdk', bundle });
}

/** A stack of an app, as it is deployed. */
export function templateOf(app: App, id: string): Template {
  const stack = app.node.findChild(id);
  if (!(stack instanceof Stack)) throw new Error(`${id} is no stack`);
  return Template.fromStack(stack);
}
