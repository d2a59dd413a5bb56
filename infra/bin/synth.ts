import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ended } from '../lib/entry';
import { BUNDLE } from '../lib/hook-code';
import { PACKAGE_ROOT } from '../lib/package-root';
import { readSettings } from '../lib/settings';
import { writePlain } from '../lib/write-plain';

const OWN = 'nightshift.infra.json';
const EXAMPLE = 'nightshift.infra.example.json';

// `npm run synth`: plain templates of CloudFormation and policies of IAM, without the CDK's command line and without a network.
ended(() => {
  const { values } = parseArgs({ options: { settings: { type: 'string' }, 'hook-bundle': { type: 'string' }, out: { type: 'string' } } });
  const own = join(PACKAGE_ROOT, OWN);
  const file = values.settings ?? (existsSync(own) ? own : join(PACKAGE_ROOT, EXAMPLE));
  if (file.endsWith(EXAMPLE)) process.stdout.write(`There is no ${OWN}: these are the made-up accounts of ${EXAMPLE}.\n`);
  const folder = values.out ?? join(PACKAGE_ROOT, 'out');
  const settings = readSettings(file);
  const written = writePlain(settings, { folder, bundle: values['hook-bundle'] ?? BUNDLE });
  for (const each of written) process.stdout.write(`${join(folder, each)}\n`);
  if (settings.observers.some(({ hook }) => hook) && !written.includes('post-build.zip'))
    process.stdout.write('The code of the Lambda function is not there: `npm run lambda` in the folder of Nightshift writes it, and then this copies it.\n');
});
