import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { awsAccess } from '../adapters/aws/access';
import { accountOf } from '../adapters/aws/lookback/account';
import { machineClock } from '../adapters/aws/lookback/ask';
import { atOnce } from '../adapters/aws/lookback/at-once';
import { discoverPlace } from '../adapters/aws/discovery/place';
import type { PlaceFound, Unread } from '../adapters/aws/discovery/place';
import type { CliIo, InitAwsOptions } from '../cli/deps';
import { EXIT, exitCodeOf } from '../cli/exit-codes';
import { CONFIG_FILE } from '../config/load';
import { awsEndpoint, BACKFILL_MS, endpointProblems, MONTHLY_USD } from '../config/resolve-aws';
import { checkSource } from '../config/schema';
import { awsStarterText } from '../config/starter-aws';
import type { Environment } from '../config/types';
import { servicesOf } from '../domain/aws/found-services';
import { planNumbers } from '../domain/aws/numbers-plan';
import type { NumbersPlan } from '../domain/aws/numbers-plan';
import { placesOf, placeText } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { usdOf } from '../domain/aws/prices';
import type { ReadAction } from '../domain/aws/prices';
import { defined } from '../domain/defined';
import { NightshiftError } from '../domain/errors';
import { plainText } from '../domain/plain-text';
import { readYaml } from '../domain/yaml-text';
import { isThere, writeFirst } from './init';

/** Of one try. */
const TIMEOUT_MS = 20_000;
const AT_ONCE = 6;

/** What finding services is run with. */
type InitAws = InitAwsOptions & { readonly io: CliIo; readonly cwd: string; readonly env: Environment; readonly stopped: Promise<unknown> };

/** Finds services in an account and writes a first configuration that only observes them; never over one that is there. Asks nothing, so that scripts can use it. */
export async function initAws(options: InitAws): Promise<number> {
  const { io, cwd, dir, json, environment, env } = options;
  const file = resolve(cwd, dir ?? '.', CONFIG_FILE);
  // Before anything is asked of AWS.
  if (existsSync(file)) throw isThere(file);
  const problems = endpointProblems(env);
  if (problems.length > 0) throw new NightshiftError('invalid_config', 'The address of AWS is not one.', problems);
  const account = await accountIn(options);
  const found = await discover(account, options);
  const unread = found.flatMap((each) => each.unread);
  const { services, notes } = servicesOf(
    found.flatMap(({ resources }) => resources),
    environment,
  );
  const told = [...unread.map(unreadText), ...notes];
  for (const line of told) io.stderr.write(`${plainText(line)}\n`);
  if (services.length === 0) return nothing(unread, found, io);
  const plan = planNumbers(services, { mostUsd: MONTHLY_USD, reachMs: BACKFILL_MS });
  for (const line of plan.notes) io.stderr.write(`${plainText(line)}\n`);
  const text = awsStarterText(account, plan);
  const checked = checkSource(readYaml(text).value);
  if (checked.problems.length > 0) throw new NightshiftError('invalid_input', 'From what was found no valid configuration can be written.', checked.problems);
  writeFirst(file, text);
  const calls = callsOf(found);
  if (json) io.stdout.write(`${JSON.stringify(summary(file, account, plan, { unread, notes: [...notes, ...plan.notes], calls }))}\n`);
  else io.stdout.write(`${summaryLines(file, account, plan, unread, calls).join('\n')}\n`);
  return EXIT.ok;
}

/** By the first region that answers: whose the credentials are is the same in all, and one that is not enabled refuses them. */
async function accountIn({ aws: { profile, regions }, env, environment }: InitAws): Promise<AwsAccount> {
  const options = defined({ timeoutMs: TIMEOUT_MS, endpoint: awsEndpoint(env) });
  const failures: unknown[] = [];
  for (const region of regions) {
    try {
      const { id } = await accountOf(profile, [region], options);
      return defined({ id, regions, environment, profile });
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

async function discover(account: AwsAccount, { env, stopped }: InitAws): Promise<readonly PlaceFound[]> {
  const access = awsAccess(defined({ accounts: [account], timeoutMs: TIMEOUT_MS, endpoint: awsEndpoint(env) }));
  const stop = new AbortController();
  void stopped.then(() => stop.abort(new NightshiftError('refused', 'Stopped; nothing was written.')));
  const places = placesOf([account]);
  const sources = places.map(
    (place) =>
      async function* () {
        yield await discoverPlace(place, access, machineClock, stop.signal);
      },
  );
  const found: PlaceFound[] = [];
  for await (const each of atOnce(sources, AT_ONCE)) found.push(each);
  return found.sort((a, b) => account.regions.indexOf(a.place.region) - account.regions.indexOf(b.place.region));
}

/** Nothing is written: where nothing could be read the reason is the answer. */
function nothing(unread: readonly Unread[], found: readonly PlaceFound[], io: CliIo): number {
  const shut = unread.filter(({ what }) => what === 'access');
  if (shut.length === found.length) {
    const [first] = shut;
    io.stderr.write('Nothing could be read, and nothing was written.\n');
    return first?.code === undefined ? EXIT.failed : exitCodeOf(first);
  }
  io.stderr.write(
    'No service was found in ECS, Lambda or CodeDeploy, and nothing was written. Is it the right account and region? nightshift init --service NAME begins without.\n',
  );
  return EXIT.failed;
}

function unreadText({ what, place, missing, reason }: Unread): string {
  if (missing !== undefined)
    return `Not allowed: ${missing} in ${placeText(place)}, so that ${what} were not read. npx nightshift doctor --aws --policy prints what the role needs.`;
  return what === 'access' ? `${placeText(place)} was not read: ${reason}` : `${what} of ${placeText(place)} were not read: ${reason}`;
}

type Calls = readonly (readonly [action: ReadAction, count: number])[];

function callsOf(found: readonly PlaceFound[]): Calls {
  const sum = new Map<ReadAction, number>();
  for (const { calls } of found) for (const [action, count] of Object.entries(calls) as [ReadAction, number][]) sum.set(action, (sum.get(action) ?? 0) + count);
  return [...sum].sort(([a], [b]) => (a < b ? -1 : 1));
}

interface Told {
  readonly unread: readonly Unread[];
  readonly notes: readonly string[];
  readonly calls: Calls;
}

function summary(file: string, { id, regions }: AwsAccount, plan: NumbersPlan, { unread, notes, calls }: Told): object {
  return {
    ...{ file, account: id, regions, mode: 'observe' },
    services: plan.services.map(({ name, environment, resources, numbers }) => ({
      ...{ name, environment, resources: resources.map(({ arn }) => arn), measured: numbers.length > 0 },
    })),
    unread: unread.map(({ what, place, missing, reason }) => ({ what, ...place, missing: missing ?? null, reason })),
    notes,
    calls: Object.fromEntries(calls),
    estimate: { everyMs: plan.everyMs, readsAMonth: plan.reads, usdAMonth: plan.usd, pastReads: plan.pastReads, pastUsd: plan.pastUsd },
  };
}

/** So many services are listed one by one. */
const MOST_LISTED = 40;

function summaryLines(file: string, { id, regions }: AwsAccount, plan: NumbersPlan, unread: readonly Unread[], calls: Calls): string[] {
  const { services } = plan;
  const count = calls.reduce((sum, [, each]) => sum + each, 0);
  const usd = calls.reduce((sum, [action, each]) => sum + usdOf(action, each), 0);
  const listed = services.slice(0, MOST_LISTED).map(({ name, environment, resources, numbers }) => {
    const kinds = [...new Set(resources.map(({ kind }) => kind))].join(', ');
    return `    ${environment}/${name}: ${String(resources.length)} of ${kinds}${numbers.length === 0 ? '; nothing tells its numbers' : ''}`;
  });
  return [
    `Wrote ${file}`,
    `  account   ${id}, ${regions.join(', ')}${unread.length > 0 ? `; ${String(unread.length)} ${unread.length === 1 ? 'thing was' : 'things were'} not read, see above` : ''}`,
    `  services  ${String(services.length)}, all observed: Nightshift says what it would do, and does nothing; it has no hands`,
    ...listed,
    ...(services.length > MOST_LISTED ? [`    and ${String(services.length - MOST_LISTED)} more`] : []),
    `  calls     ${String(count)} so far, all reading, ${dollars(usd)}`,
    `  numbers   ${String(plan.metrics)} metrics each ${String(plan.everyMs / 60_000)}m: about ${String(plan.reads)} reads a month, ${dollars(plan.usd)}`,
    `  past      ${String(BACKFILL_MS / 86_400_000)} days of them, read once after the first start: about ${String(plan.pastReads)} reads, ${dollars(plan.pastUsd)}`,
    'Next: npx nightshift config check, npx nightshift doctor --aws, then npm start.',
  ];
}

function dollars(usd: number): string {
  return usd === 0 ? 'which cost nothing' : usd < 0.01 ? 'less than 0.01 USD' : `about ${usd.toFixed(2)} USD`;
}
