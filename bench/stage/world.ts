import type { Change } from '../../domain/change';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import { OWN_AUTHOR } from '../../domain/own-changes';
import type { Effect, Hands, Sighting, TargetState } from '../../ports/hands';
import type { MetricSource } from '../../ports/metrics';
import type { Senses } from '../../workers/senses';

/** Account and region that every service of the stage is found in. */
export const PLACE = { account: 'stage', region: 'local' } as const;

const ENVIRONMENT = 'stage';
const RELEASES = ['1.4.0', '1.5.0', '1.5.1'];
const REQUESTS_PER_SECOND = 400;
const QUICK_SHARE = 0.99;

/** One service that exists only as numbers: how many requests fail follows from the release that runs. */
export class StubService {
  release = '1.4.0';
  /** Share of failing requests by release, 0 to 1; a release that is not named serves all of them. */
  errors: Readonly<Record<string, number>> = { '1.5.0': 0.4 };
  /** It takes no action now. */
  busy = false;
  /** Since when its memory fills up, full after a few seconds; epoch milliseconds. */
  fillsSince: number | undefined;
  /** How long an action and a look at the target take, milliseconds. */
  actMs = 0;
  describeMs = 0;
  readonly releases: readonly string[] = RELEASES;
  readonly changes: Change[] = [];
  readonly done = new Map<string, string>();
  readonly #startedAt = Date.now() - 60_000;
  #counted = { at: 0, requests: 10_000, errors: 0 };

  constructor(
    readonly name: string,
    private readonly onActed: (service: StubService) => Promise<void>,
  ) {}

  /** What a scrape at a time (epoch milliseconds) answers; times only go forward. */
  sample(at: number): Sample {
    const served = this.#counted.at === 0 ? 0 : Math.round((REQUESTS_PER_SECOND * (at - this.#counted.at)) / 1000);
    const requests = this.#counted.requests + served;
    const errors = this.#counted.errors + Math.round(served * (this.errors[this.release] ?? 0));
    this.#counted = { at, requests, errors };
    return {
      ...{
        service: this.name,
        environment: ENVIRONMENT,
        instance: 'a',
        at,
        up: true,
        startedAt: this.#startedAt,
        release: this.release,
        saturation: this.saturation(at),
      },
      routes: { '/': { requests, errors } },
      latency: { le: [0.05, null], counts: [Math.round(requests * QUICK_SHARE), requests] },
    };
  }

  private saturation(at: number): Sample['saturation'] {
    return this.fillsSince === undefined ? {} : { memory: Math.min(0.97, 0.5 + 0.1 * ((at - this.fillsSince) / 1000)) };
  }

  /** Somebody deploys a release. */
  deploy(to: string, author: string, at = Date.now()): void {
    const from = this.release;
    const kind = to < from ? 'rollback' : 'deployment';
    const id = `${this.name}-change-${String(this.changes.length + 1)}`;
    this.changes.push({
      id,
      kind,
      environment: ENVIRONMENT,
      service: this.name,
      at: new Date(at).toISOString(),
      author,
      summary: `${kind} of ${to}`,
      from,
      to,
    });
    this.release = to;
  }

  act(effect: Effect): Promise<void> {
    return this.perform(effect.token, effect.inputs['release']);
  }

  /** Deploys a release, or restarts, for whoever carries the token. */
  async perform(token: string, to: string | undefined): Promise<void> {
    await pause(this.actMs);
    if (this.busy) throw new NightshiftError('not_begun', `${this.name} is busy`, [], { retryAfterMs: 60_000 });
    if (to !== undefined) this.deploy(to, OWN_AUTHOR);
    this.done.set(token, new Date().toISOString());
    await this.onActed(this);
  }
}

/** The world outside of a stage: services as numbers, and hands that change them. Nothing here reads a network. */
export class StubWorld {
  readonly #services = new Map<string, StubService>();

  constructor(
    names: readonly string[],
    private readonly options: { readonly scraped: boolean; readonly onActed?: (service: StubService) => Promise<void> },
  ) {
    for (const name of names) this.#services.set(name, new StubService(name, options.onActed ?? (() => Promise.resolve())));
  }

  service(name: string): StubService {
    const found = this.#services.get(name);
    if (!found) throw new Error(`the stage has no service ${name}`);
    return found;
  }

  /** The parts of the system that this world takes the place of. */
  senses(): Pick<Senses, 'metrics' | 'changes' | 'hands'> {
    const scrape: MetricSource['scrape'] = async ({ name }) => (this.options.scraped ? [this.service(name).sample(Date.now())] : []);
    const list = async ({ name }: Service, from: number, to: number): Promise<readonly Change[]> =>
      this.service(name).changes.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
    return { metrics: { scrape }, changes: [{ list }], hands: this.#hands() };
  }

  #hands(): Hands {
    return {
      describe: async ({ name }): Promise<TargetState> => {
        const service = this.service(name);
        await pause(service.describeMs);
        return { ...PLACE, release: service.release, releases: service.releases, healthy: true };
      },
      look: async ({ name }, { token }): Promise<Sighting> => {
        const at = this.service(name).done.get(token);
        return at === undefined ? { state: 'absent' } : { state: 'done', detail: 'deploy done', at };
      },
      act: async ({ name }, effect) => {
        await this.service(name).act(effect);
        return undefined;
      },
    };
  }
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
