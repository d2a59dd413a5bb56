import type { AuditRecord } from '../../domain/audit';
import { NightshiftError } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../client';
import { canAsk, confirm } from '../confirm';
import type { CliIo, DemoOptions } from '../deps';
import { evidenceTable, whyParts } from '../render/why';
import { proposalLines, stageName } from './screen';
import type { Screen } from './screen';

/** What following an incident needs; `until` is epoch milliseconds. */
export interface DriveContext {
  readonly client: ApiClient;
  readonly approver: ApiClient;
  readonly io: CliIo;
  readonly screen: Screen;
  readonly options: Pick<DemoOptions, 'yes'>;
  /** Shares of failed requests, newest last, by the load generator's record. */
  readonly shares: () => readonly (number | null)[];
  readonly until: number;
  readonly stopping: () => boolean;
  readonly tick: () => Promise<void>;
}

/** How an incident ended for the demo. */
export interface Driven {
  readonly incident: IncidentView | undefined;
  readonly timeline: readonly AuditRecord[];
}

const END: readonly string[] = ['resolved', 'escalated', 'handed-over'];
/** Waiting for a person at the keyboard is not part of the demo's time. */
const PATIENCE_MS = 10 * 60_000;

/** Follows the incident of the demo from its first alert to its end, telling each new entry and answering each proposal. */
export async function drive(context: DriveContext): Promise<Driven> {
  const seen = new Set<number>();
  const answered = new Set<string>();
  let { until } = context;
  let incident: IncidentView | undefined;
  let timeline: readonly AuditRecord[] = [];
  while (Date.now() < until && !context.stopping()) {
    incident = incident ? await context.client.incident(incident.incidentId) : await newest(context.client);
    if (incident) timeline = await tellNew(context, incident, seen);
    if (incident && END.includes(incident.status)) break;
    const asked = incident?.status === 'awaiting-approval' ? incident.proposal : undefined;
    if (incident && asked && !answered.has(asked.proposal.digest)) {
      answered.add(asked.proposal.digest);
      const began = Date.now();
      await answer(context, incident);
      until += Math.min(PATIENCE_MS, Date.now() - began);
    }
    await context.tick();
  }
  return { incident, timeline };
}

async function newest(client: ApiClient): Promise<IncidentView | undefined> {
  const page = await client.incidents({ service: 'bookshop', limit: 1 });
  return page.incidents[0];
}

async function tellNew(context: DriveContext, incident: IncidentView, seen: Set<number>): Promise<readonly AuditRecord[]> {
  const entries = await context.client.timeline(incident.incidentId);
  for (const entry of entries) {
    if (seen.has(entry.seq)) continue;
    seen.add(entry.seq);
    // The proposal itself follows line by line.
    const text = entry.kind === 'proposed' ? (entry.summary.split(':')[0] ?? '') : entry.summary;
    context.screen.stage(Date.parse(entry.at), stageName(entry.kind), text);
    if (entry.kind === 'diagnosed') await tellWhy(context, incident);
    if (entry.kind === 'opened' || entry.kind === 'verified' || entry.kind === 'resolved') context.screen.errorRate(Date.parse(entry.at), context.shares());
  }
  return entries;
}

/** The evidence, the ranked causes, what was ruled out, and why this runbook. */
async function tellWhy({ client, screen }: DriveContext, incident: IncidentView): Promise<void> {
  const evidence = await client.evidence(incident.incidentId);
  if (evidence) screen.block('Evidence', evidenceTable(evidence, screen.width));
  for (const { heading, lines } of whyParts(incident, screen.width)) screen.block(heading, lines);
}

async function answer(context: DriveContext, incident: IncidentView): Promise<void> {
  const proposal = incident.proposal?.proposal;
  if (!proposal) return;
  context.screen.lines(proposalLines(incident));
  const mayAsk = canAsk(context.io) && !context.options.yes;
  const yes = mayAsk ? await confirm(context.io, 'Approve exactly this?') : true;
  if (!mayAsk) context.screen.lines([`${context.options.yes ? '--yes' : 'no terminal'}: approved as "demo", which only the demo's own environment allows`]);
  try {
    await context.approver.decide(incident.incidentId, { verdict: yes ? 'approve' : 'reject', proposal: proposal.digest });
  } catch (error) {
    // The proposal may have fallen while a person thought about it; the next one will be shown.
    if (!(error instanceof NightshiftError) || (error.code !== 'stale_proposal' && error.code !== 'conflict')) throw error;
    context.screen.lines([`not taken: ${error.message}`]);
  }
}
