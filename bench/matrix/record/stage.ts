import { join } from 'node:path';
import { NightshiftError } from '../../../domain/errors';
import type { Bookshop, Shop } from '../../../cli/demo/shop';
import type { Closing } from '../../stage/closing';
import type { Load } from './plans';
import { releasesWith } from './releases';

/** The release that differs from 1.4.0 in nothing but its number: what a clean deployment deploys. */
const CLEAN = '1.4.1';

/** The practice service as it is recorded, with customers that come and go. */
export interface RecordingStage {
  readonly shop: Shop;
  readonly logFile: string;
  load(load: Load): Promise<() => Promise<void>>;
  post(path: string, body: object): Promise<void>;
  deploy(): Promise<void>;
  /** What all customers saw: files of the load generators. */
  records(): readonly string[];
}

/** Starts the practice service of a plan in a folder of its own, without customers; `closing` ends it. */
export async function openStage(bookshop: Bookshop, dir: string, closing: Closing): Promise<RecordingStage> {
  const shopDir = join(dir, 'shop');
  const options = { dir: shopDir, tether: true, traffic: false, releases: await releasesWith(dir, [{ of: '1.4.0', as: CLEAN }]) };
  const shop = await bookshop.launch(options);
  closing.add(() => shop.stop());
  const records: string[] = [];
  const post = async (path: string, body: object): Promise<void> => {
    const reply = await fetch(`${shop.supervisor.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!reply.ok) throw new NightshiftError('unreachable', `The supervisor answered ${String(reply.status)} to ${path}: ${await reply.text()}`);
  };
  return {
    shop,
    logFile: join(shopDir, 'bookshop.log'),
    post,
    deploy: () => post('/v1/deploy', { release: CLEAN, by: 'release-train', reason: 'planned release' }),
    records: () => records,
    async load({ rate }) {
      // The first has the folder of the shop, as faults look for it there.
      const own = records.length === 0 ? shopDir : join(dir, `customers-${String(records.length + 1)}`);
      records.push(join(own, 'loadgen.jsonl'));
      const seed = String(1 + records.length);
      const customers = await bookshop.startProcess('loadgen', own, ['--url', shop.url, '--rate', String(rate), '--seed', seed], { tether: true });
      closing.add(() => customers.stop());
      return () => customers.stop();
    },
  };
}
