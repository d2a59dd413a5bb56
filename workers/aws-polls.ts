import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { configChangePolls } from '../activities/config-changes';
import { logQueryPolls } from '../activities/log-queries';
import { createPolls } from '../activities/polls';
import type { Poll } from '../activities/polls';
import type { Repeated } from '../activities/repeat';
import { scanBudget } from '../activities/scan-budget';
import { serviceGraphPolls } from '../activities/service-graph';
import { awsAccess } from '../adapters/aws/access';
import { logsInsights } from '../adapters/aws/log-queries';
import { configHistory } from '../adapters/aws/resource-history';
import { xrayGraph } from '../adapters/aws/service-graph';
import { queryBudgetUsd } from '../config/resolve-cloudwatch';
import type { NightshiftConfig } from '../config/types';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';

/** Starts what is read of AWS again and again; undefined where nothing is. */
export function startAwsPolls(config: NightshiftConfig, store: Store, clock: Clock, log: Logger): Repeated | undefined {
  const polls = awsPolls(config, store, clock, log);
  return polls.length === 0 ? undefined : createPolls(polls, { state: store.state, log });
}

function awsPolls({ aws, services, retention }: NightshiftConfig, store: Store, clock: Clock, log: Logger): readonly Poll[] {
  if (!aws) return [];
  const access = awsAccess(aws);
  const { accounts } = aws;
  const common = { accounts, inventory: { services }, clock };
  const { serviceGraph, configuration, logQueries: queries } = aws;
  const budget = scanBudget({ state: store.state, clock, mostUsd: queryBudgetUsd({ aws, services, retention }) });
  return [
    ...(serviceGraph ? serviceGraphPolls({ ...common, ...serviceGraph, graph: xrayGraph(access), writer: store.archive.writer }) : []),
    ...(configuration ? configChangePolls({ ...common, ...configuration, history: configHistory(access), changes: store.changes }) : []),
    ...logQueryPolls({ ...common, queries, logs: logsInsights({ access, wait: pause }), writer: store.archive.writer, budget, log }),
  ];
}

/** Cut short without an error when it is stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}
