import { alarmPages } from '../../../domain/lookback/aws/alarms';
import { deploymentChange, healthChange, runChange } from '../../../domain/lookback/aws/changes';
import { trailChange } from '../../../domain/lookback/aws/trail';
import type { PastFact, Span } from '../../../domain/lookback/facts';
import type { PartRead, PastReader } from '../../../ports/lookback';
import { DAY, type Fortnight } from './world';

/** Items of one answer, as the real APIs page them. */
const PAGE = { alarms: 100, history: 100, deployments: 100, deploymentsOfBatch: 25, runs: 100, builds: 100, trail: 50, health: 100, tagged: 100 } as const;

/** One part: what it asks, how many items there are, and its facts. */
interface Part {
  readonly part: string;
  readonly asked: readonly { readonly operation: string; readonly items: number; readonly page: number; readonly likely: number }[];
  readonly facts: () => readonly PastFact[];
}

/** Reads a fortnight from memory and counts the calls that the APIs of AWS would take for it, page by page. `failing` names parts that cannot be read. */
export function memoryReader(world: Fortnight, failing: ReadonlySet<string> = new Set()): PastReader {
  return {
    source: `fortnight of ${world.account}`,
    estimate: (span) => {
      const parts = partsOf(world, span).map(({ part, asked }) => ({
        part,
        calls: asked.map(({ operation, page, likely }) => ({ operation, calls: pagesOf(likely, page), usd: 0 })),
      }));
      return Promise.resolve({ parts, notes: [] });
    },
    async *read(span, { done, signal }) {
      for (const { part, asked, facts } of partsOf(world, span).filter((each) => !done.has(each.part))) {
        await Promise.resolve();
        signal.throwIfAborted();
        const calls: Record<string, number> = {};
        for (const { operation, items, page } of asked) calls[operation] = (calls[operation] ?? 0) + pagesOf(items, page);
        const read: PartRead = failing.has(part) ? { part, calls: {}, facts: [], error: `${part} does not answer` } : { part, calls, facts: facts() };
        yield read;
      }
    },
  };
}

function pagesOf(items: number, page: number): number {
  return Math.max(1, Math.ceil(items / page));
}

function partsOf(world: Fortnight, span: Span): Part[] {
  const days = Array.from({ length: Math.ceil((span.to - span.from) / DAY) }, (_none, i) => ({
    from: span.from + i * DAY,
    to: Math.min(span.from + (i + 1) * DAY, span.to),
  }));
  return world.regions
    .flatMap((region) => [
      definitions(world, region),
      ...days.flatMap((day) => [history(world, region, day), trail(world, region, day)]),
      deliveries(world, region, span),
    ])
    .concat(health(world, span));
}

function definitions({ alarms, tagged, calls }: Fortnight, region: string): Part {
  const own = tagged.filter(({ resource }) => resource.split(':')[3] === region);
  const count = alarms.filter(({ arn }) => arn.split(':')[3] === region).length;
  return {
    part: `${region}/resources`,
    asked: [
      { operation: 'cloudwatch:DescribeAlarms', items: count, page: PAGE.alarms, likely: 3 * PAGE.alarms },
      { operation: 'tag:GetResources', items: own.length, page: PAGE.tagged, likely: 3 * PAGE.tagged },
    ],
    facts: () => [...own.map((each) => ({ kind: 'owner' as const, ...each })), ...calls.map((each) => ({ kind: 'dependency' as const, ...each }))],
  };
}

function history({ alarms, history: all }: Fortnight, region: string, day: Span): Part {
  const within = alarms
    .filter(({ arn }) => arn.split(':')[3] === region)
    .map((alarm) => ({ alarm, transitions: (all.get(alarm.arn) ?? []).filter(({ at }) => at >= day.from && at < day.to) }));
  const items = within.reduce((sum, { transitions }) => sum + transitions.length, 0);
  return {
    part: `${region}/alarm-history/${new Date(day.from).toISOString().slice(0, 10)}`,
    // Two changes of state a day for each alarm are many.
    asked: [{ operation: 'cloudwatch:DescribeAlarmHistory', items, page: PAGE.history, likely: 2 * within.length }],
    facts: () => within.flatMap(({ alarm, transitions }) => alarmPages(alarm, transitions)),
  };
}

function trail({ trail: all }: Fortnight, region: string, day: Span): Part {
  const own = all.filter(({ at, record }) => at >= day.from && at < day.to && record.includes(`"awsRegion":"${region}"`));
  return {
    part: `${region}/trail/${new Date(day.from).toISOString().slice(0, 10)}`,
    asked: [{ operation: 'cloudtrail:LookupEvents', items: own.length, page: PAGE.trail, likely: 4 * PAGE.trail }],
    facts: () => own.flatMap((event) => trailChange(event) ?? []),
  };
}

function deliveries({ deployments, runs }: Fortnight, region: string, span: Span): Part {
  const own = deployments.filter((each) => each.region === region && each.startedAt >= span.from && each.startedAt < span.to);
  const ran = runs.filter((each) => each.region === region && each.startedAt >= span.from && each.startedAt < span.to);
  const count = (kind: string): number => ran.filter((each) => each.kind === kind).length;
  const likely = 4 * PAGE.deployments;
  return {
    part: `${region}/deliveries`,
    asked: [
      { operation: 'codedeploy:ListDeployments', items: own.length, page: PAGE.deployments, likely },
      { operation: 'codedeploy:BatchGetDeployments', items: own.length, page: PAGE.deploymentsOfBatch, likely },
      { operation: 'codepipeline:ListPipelineExecutions', items: count('codepipeline'), page: PAGE.runs, likely },
      { operation: 'codebuild:BatchGetBuilds', items: count('codebuild'), page: PAGE.builds, likely },
    ],
    facts: () => [...own.map(deploymentChange), ...ran.map(runChange)],
  };
}

function health({ health: all }: Fortnight, span: Span): Part {
  const own = all.filter(({ startedAt }) => startedAt >= span.from && startedAt < span.to);
  return {
    part: 'health',
    asked: [{ operation: 'health:DescribeEvents', items: own.length, page: PAGE.health, likely: 3 * PAGE.health }],
    facts: () => own.flatMap((event) => healthChange(event) ?? []),
  };
}
