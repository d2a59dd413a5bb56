import type { Logger } from 'pino';
import { createPolls } from '../activities/polls';
import type { Poll } from '../activities/polls';
import type { Repeated } from '../activities/repeat';
import { serviceGraphPolls } from '../activities/service-graph';
import { awsAccess } from '../adapters/aws/access';
import { xrayGraph } from '../adapters/aws/service-graph';
import type { NightshiftConfig } from '../config/types';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';

/** Starts what is read of AWS again and again; undefined where nothing is. */
export function startAwsPolls(config: NightshiftConfig, store: Store, clock: Clock, log: Logger): Repeated | undefined {
  const polls = awsPolls(config, store, clock);
  return polls.length === 0 ? undefined : createPolls(polls, { state: store.state, log });
}

function awsPolls({ aws, services }: NightshiftConfig, store: Store, clock: Clock): readonly Poll[] {
  if (!aws) return [];
  const access = awsAccess(aws);
  const { accounts } = aws;
  const common = { accounts, inventory: { services }, clock };
  return [...(aws.serviceGraph ? serviceGraphPolls({ ...common, ...aws.serviceGraph, graph: xrayGraph(access), writer: store.archive.writer }) : [])];
}
