import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadBookshop } from '../../cli/demo/shop';
import type { Bookshop, Shop, ShopProcess } from '../../cli/demo/shop';
import type { Change } from '../../domain/change';
import { NightshiftError } from '../../domain/errors';
import { releasesWith } from '../matrix/record/releases';
import type { Closing } from '../stage/closing';
import { BAD, CLEAN } from './scenarios';
import type { Plan, Step } from './scenarios';

/** A bookshop that a run is played on, in a folder of its own and on free ports. */
export interface PlayedShop {
  readonly shop: Shop;
  /** Plays what comes before the trouble, and the trouble; `told` takes the changes that only a person's system tells of. Returns when it was brought about, epoch milliseconds. */
  play(plan: Plan, told: (change: Change) => Promise<void>): Promise<number>;
}

/** More customers for a while before the trouble: requests a second and milliseconds. */
const CROWD = { rate: 15, forMs: 5000 } as const;

/** Starts one, with the customers of the plan; `closing` ends it. */
export async function openShop(plan: Plan, dir: string, closing: Closing): Promise<PlayedShop> {
  const bookshop = await loadBookshop();
  const copies = [{ of: '1.4.0', as: CLEAN }, ...BAD.slice(1).map((as) => ({ of: BAD[0], as }))];
  const options = { dir: join(dir, 'shop'), tether: true, traffic: false, releases: await releasesWith(dir, copies) };
  const shop = await bookshop.launch(options);
  closing.add(() => shop.stop());
  const come = async (folder: string, rate: number, seed: number): Promise<ShopProcess & { stop(): Promise<void> }> => {
    const customers = await bookshop.startProcess('loadgen', folder, ['--url', shop.url, '--rate', String(rate), '--seed', String(seed)], { tether: true });
    closing.add(() => customers.stop());
    return customers;
  };
  await come(shop.dir, plan.rate, plan.seed);
  const crowd = async (): Promise<void> => {
    const more = await come(join(dir, 'crowd'), CROWD.rate, plan.seed + 1);
    await delay(CROWD.forMs);
    await more.stop();
  };
  return { shop, play: (played, told) => new Playing(bookshop, shop, { crowd, told }).run(played) };
}

interface Beside {
  readonly crowd: () => Promise<void>;
  readonly told: (change: Change) => Promise<void>;
}

class Playing {
  private readonly under: Promise<void>[] = [];

  constructor(
    private readonly bookshop: Bookshop,
    private readonly shop: Shop,
    private readonly beside: Beside,
  ) {}

  async run({ steps, at, ...plan }: Plan): Promise<number> {
    const began = Date.now();
    const until = (ms: number): Promise<void> => delay(Math.max(0, began + ms - Date.now()));
    for (const step of steps) {
      await until(step.at);
      if (step.what === 'crowd') this.start(this.beside.crowd());
      else await this.take(step);
    }
    await until(at);
    await Promise.all(this.under);
    if (plan.scenario === 'unseen') await this.post('/v1/conditions', { blind: true });
    const from = Date.now();
    await this.trouble(plan);
    return from;
  }

  /** Beside the steps; that it failed is told when it is waited for. */
  private start(doing: Promise<void>): void {
    doing.catch(() => undefined);
    this.under.push(doing);
  }

  private async take({ what, release }: Step): Promise<void> {
    if (what === 'restart') await this.post('/v1/restart', { by: 'operator', reason: 'planned restart' });
    else if (what === 'deploy') await this.post('/v1/deploy', { release, by: 'release-train', reason: 'planned release' });
    else await this.beside.told(flagOfPayments(Date.now()));
  }

  private async trouble({ scenario, bad }: Pick<Plan, 'scenario' | 'bad'>): Promise<void> {
    if (scenario === 'false-alarm') return;
    if (bad !== undefined) return this.post('/v1/deploy', { release: bad, by: 'release-train', reason: 'planned release' });
    // What cannot be read may be anything; it is the fault that leaves least.
    await this.bookshop.inject(scenario === 'unseen' ? 'unknown' : scenario, { dir: this.shop.dir });
  }

  private async post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${this.shop.supervisor.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new NightshiftError('unreachable', `The supervisor answered ${String(reply.status)} to ${path}: ${await reply.text()}`);
  }
}

function flagOfPayments(at: number): Change {
  const id = `flag-${String(at)}`;
  const what = { kind: 'flag', environment: 'demo', service: 'payments', author: 'payments-team', summary: 'receipts by mail are on' } as const;
  return { id, at: new Date(at).toISOString(), ...what };
}
