import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { demoConfig, demoNames } from '../../cli/demo/settings';
import type { Shop } from '../../cli/demo/shop';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';
import type { Startup } from '../../config/startup';
import type { Scenario } from './scenarios';

/** The configuration of the demo, watched by fixed limits, as a run is watched for a minute only; where nothing can be read, neither log nor numbers of the dependency are configured. */
export async function runConfig(scenario: Scenario, dir: string, shop: Shop): Promise<Startup> {
  const places = { names: demoNames(), home: join(dir, 'home'), shopDir: shop.dir };
  const urls = { shopUrl: shop.url, supervisorUrl: shop.supervisor.url, paymentsUrl: shop.payments.url };
  const text = demoConfig({ ...places, ...urls }, 'limits');
  const file = join(dir, 'nightshift.yaml');
  await writeFile(file, scenario === 'unseen' ? unseen(text) : text);
  return loadStartup({ root: packageRoot(), env: {}, cwd: dir, file });
}

function unseen(text: string): string {
  const config = parse(text) as { readonly services: readonly Readonly<Record<string, unknown>>[] };
  const services = config.services.map(({ logs: _logs, metrics, ...service }) => (service['name'] === 'payments' ? service : { ...service, metrics }));
  return stringify({ ...config, services });
}
