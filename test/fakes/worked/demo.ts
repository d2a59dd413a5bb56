import { join } from 'node:path';
import type { DemoWorld, OpenWorld, Tell, WorldLedger } from '../../../cli/demo/deps';
import type { DemoPlaces } from '../../../cli/demo/settings';
import type { Effect } from '../aws/effects';
import type { FakeWebhook } from '../webhook';
import { rememberCalmDay } from './history';
import { faultBeginsAt } from './minute';
import { ACCOUNT, DOCUMENT, REGION, REPOSITORY, STREAM } from './settings';
import { startWorkedWorld } from './world';

/** A minute until its lines are counted, and what the demo takes otherwise, milliseconds. */
const LIMIT_MS = 150_000;

/** The world of `npm run demo -- --target aws`. */
export const workedDemo: DemoWorld = {
  notice:
    `This is a fake AWS on this machine: the account ${ACCOUNT} is nobody's, your own credentials are not read, and nothing of a real account is touched. ` +
    'GitHub, Slack and Jira are fakes beside it; bookshop, customers, Temporal and Nightshift are real.',
  fault: 'memory-leak',
  limitMs: LIMIT_MS,
  open,
};

async function open(places: DemoPlaces, tell: Tell): Promise<OpenWorld> {
  const world = await startWorkedWorld();
  tell('aws', `${world.aws.endpoint} is ${ACCOUNT}/${REGION}, where the bookshop runs on an instance; its log goes to the Kinesis stream ${STREAM}`);
  tell('github', `the runbook restart-bookshop is in ${REPOSITORY} at ${world.commit.slice(0, 12)}; it starts the automation ${DOCUMENT}`);
  await rememberCalmDay(places.home, { environment: places.names.environment, service: 'bookshop' });
  tell('history', 'the error lines of a calm day are put into the store: an error in 13 minutes is usual');
  world.aws.effects.watch((effect) => tell('aws', `${effect.kind}: ${effect.target}`));
  heard('slack', world.slack, tell);
  heard('jira', world.jira, tell);
  world.join({ log: join(places.shopDir, 'bookshop.log'), supervisorUrl: places.supervisorUrl });
  return {
    config: world.config(places),
    beginsAt(from) {
      const at = faultBeginsAt(from);
      tell('lines', `are counted by the minute: the crawler comes at ${new Date(at).toISOString().slice(11, 19)} UTC`);
      return at;
    },
    actions: () => Promise.resolve(world.aws.effects.of('service').length),
    ledger: () => ledgerOf(world.aws.effects.entries),
    close: () => world.close(),
  };
}

/** Tells the first line of each message that somebody got. */
function heard(name: string, receiver: FakeWebhook, tell: Tell): void {
  receiver.answer(({ body }, response) => {
    const { text = '', title = text } = JSON.parse(body) as { readonly text?: string; readonly title?: string };
    tell(name, title);
    response.writeHead(200).end('ok');
  });
}

function ledgerOf(entries: readonly Effect[]): WorldLedger {
  const session = ({ principal }: Effect): string => principal.split('/').at(-1) ?? principal;
  return {
    title: `What truly happened in the fake AWS, by its own ledger: ${String(entries.length)} ${entries.length === 1 ? 'effect' : 'effects'}`,
    headings: ['time UTC', 'effect', 'account/region', 'target', 'caller'],
    rows: entries.map((effect) => {
      const { at, kind, account, region, target } = effect;
      return [new Date(at).toISOString().slice(11, 19), kind, `${account}/${region}`, target, session(effect)];
    }),
    callers: [...new Set(entries.map(({ principal }) => principal))],
  };
}
