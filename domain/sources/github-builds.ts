import { z } from 'zod';
import { cleanText } from '../outside-text';
import { actor, id, repository, repositoryService, resultOf, text } from './github-event';
import { epochOf } from './instants';
import { environmentOf } from './names';
import type { Reading, SourceContext, WireMessage } from './source';
import { between, toBuild } from './to-build';
import type { ToldBuild, ToldStep } from './to-build';
import { firstOf } from './to-change';
import { readAs } from './wire';

const attempt = z.number().nullish();
const commit = { head_sha: text, head_branch: text };

const runEvent = z.looseObject({
  repository,
  sender: actor,
  workflow: z.looseObject({ name: text }).nullish(),
  workflow_run: z.looseObject({
    ...{ id, run_attempt: attempt, name: text, path: text, conclusion: text, ...commit, html_url: text },
    ...{ run_started_at: text, created_at: text, updated_at: text, actor, triggering_actor: actor },
  }),
});

const step = z.looseObject({ name: z.string(), conclusion: text, started_at: text, completed_at: text });
const jobEvent = z.looseObject({
  repository,
  sender: actor,
  workflow_job: z.looseObject({
    ...{ id, run_id: id, run_attempt: attempt, name: z.string(), workflow_name: text, conclusion: text, ...commit, html_url: text },
    ...{ started_at: text, completed_at: text, steps: z.array(step).nullish() },
  }),
});

const checkEvent = z.looseObject({
  repository,
  sender: actor,
  check_run: z.looseObject({
    ...{ id, name: z.string(), conclusion: text, head_sha: text, details_url: text, html_url: text, started_at: text, completed_at: text },
    check_suite: z.looseObject({ head_branch: text }).nullish(),
    app: z.looseObject({ slug: text, name: text }).nullish(),
  }),
});

/** What is told of a build besides where it belongs and how it ended. */
type Facts = Omit<ToldBuild, 'source' | 'environment' | 'service' | 'result'>;

/** A run of a workflow that has ended; its name is the workflow's. */
export function readRun(message: WireMessage, context: SourceContext): Reading {
  const { repository: of, workflow_run: run, workflow, sender } = readAs(message, runEvent);
  const facts = {
    ...runOf(of.full_name, run.id, run.run_attempt),
    name: firstOf([workflow?.name, run.name, run.path]) ?? 'workflow',
    ...{ commit: run.head_sha, branch: run.head_branch, link: run.html_url },
    startedAt: epochOf(run.run_started_at) ?? epochOf(run.created_at),
    endedAt: epochOf(run.updated_at),
    author: firstOf([run.triggering_actor?.login, run.actor?.login, sender?.login]),
  };
  return ended(facts, run.conclusion, of, context);
}

/** A job of a workflow that has ended, with its steps; its name begins with the workflow's, and its id with that of the run. */
export function readJob(message: WireMessage, context: SourceContext): Reading {
  const { repository: of, workflow_job: job, sender } = readAs(message, jobEvent);
  const { id: run, ...rest } = runOf(of.full_name, job.run_id, job.run_attempt);
  const facts = {
    ...{ ...rest, id: `${run}/jobs/${job.id}` },
    name: [firstOf([job.workflow_name]), job.name].filter((part) => part !== undefined).join(' / '),
    ...{ commit: job.head_sha, branch: job.head_branch, link: job.html_url, author: sender?.login },
    ...{ startedAt: epochOf(job.started_at), endedAt: epochOf(job.completed_at), steps: (job.steps ?? []).flatMap(stepOf) },
  };
  return ended(facts, job.conclusion, of, context);
}

/** A check of another app that has ended. The checks of GitHub Actions are its jobs, which come as `workflow_job`, so they are left aside. */
export function readCheck(message: WireMessage, context: SourceContext): Reading {
  const { repository: of, check_run: check, sender } = readAs(message, checkEvent);
  const { slug, name: app } = check.app ?? {};
  if ((firstOf([slug]) ?? firstOf([app])?.toLowerCase().replace(/ /g, '-')) === 'github-actions') {
    return { objects: [], passedOver: [`the check \`${cleanText(check.name, 100)}\` of GitHub Actions, which comes as \`workflow_job\` too`] };
  }
  const facts = {
    ...{ id: `github:${of.full_name}/check-runs/${check.id}`, name: check.name, run: check.id },
    ...{ commit: check.head_sha, branch: check.check_suite?.head_branch, link: firstOf([check.details_url, check.html_url]) },
    ...{ startedAt: epochOf(check.started_at), endedAt: epochOf(check.completed_at), author: firstOf([app, sender?.login]) },
  };
  return ended(facts, check.conclusion, of, context);
}

/** Every attempt is a run of its own. */
function runOf(name: string, run: string, number: number | null | undefined): { readonly id: string; readonly run: string } {
  const attempt = number ?? 1;
  return { id: `github:${name}/runs/${run}/attempts/${String(attempt)}`, run: attempt === 1 ? run : `${run} attempt ${String(attempt)}` };
}

function ended(facts: Facts, conclusion: string | null | undefined, of: z.output<typeof repository>, context: SourceContext): Reading {
  const result = resultOf(conclusion);
  if (result === undefined) {
    const how = conclusion ? `ended as \`${cleanText(conclusion, 64)}\`` : 'has no conclusion';
    return { objects: [], passedOver: [`\`${cleanText(facts.name, 100)}\`, which ${how} and neither succeeded nor failed`] };
  }
  const place = { source: 'github', environment: environmentOf([], context), service: repositoryService(of, context) };
  return { objects: [toBuild({ ...place, ...facts, result }, context)], passedOver: [] };
}

function stepOf({ name, conclusion, started_at: from, completed_at: to }: z.output<typeof step>): ToldStep[] {
  const result = conclusion === 'skipped' ? conclusion : resultOf(conclusion);
  // A step that was skipped, or never ended, took no time worth telling.
  return result === undefined ? [] : [{ name, result, durationMs: result === 'skipped' ? undefined : between(epochOf(from), epochOf(to)) }];
}
