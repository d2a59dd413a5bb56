import { z } from 'zod';
import { refusalOf } from '../../domain/actions/allowed';
import { settleCall, type CallRecord } from '../../domain/actions/call-record';
import { NightshiftError } from '../../domain/errors';
import type { Clock } from '../../ports/clock';
import type { Carrier, Effect, Sighting } from '../../ports/hands';
import { configuredPlace, placeFor, type GithubActionsDeps, type GithubPlace } from './access';
import { dispatchRequest, type DispatchRequest } from './dispatch-request';
import { sightingOf } from './run-sighting';
import { findDispatched, readRun, readWorkflowState, sendGithub, workflowPath, type Sent } from './workflow-runs';

/** What is written down of a dispatch before it goes out, and of its answer. */
interface DispatchRecord extends CallRecord {
  readonly repository: string;
  readonly file: string;
  /** Input that the token went out in, which the name of the run shows. */
  readonly tokenInput?: string;
  /** Id of the run that it became. */
  readonly run?: string;
}

/** How much longer ago than it was written down a run may have been created, milliseconds: clocks differ, and nothing on record says when it began where a restored store has forgotten. */
const EARLIER_MS = { recorded: 3_600_000, unrecorded: 86_400_000 } as const;
const startedRun = z.object({ workflow_run_id: z.int() });

/**
 * Carries out `github.dispatch`: it goes out once and is written down before. Its run is known by the id in the answer, or by the token that its name shows; where neither tells it, an accepted one is done
 * and one whose answer was lost is a person's to settle.
 */
export function createDispatch(deps: GithubActionsDeps): Carrier {
  const { state, clock } = deps;
  return {
    async look(_service, effect) {
      const record = (await state.load(key(effect.token))) as DispatchRecord | undefined;
      const unconfigured = refusalOf(() => configuredPlace(deps));
      if (unconfigured !== undefined) return record ? { state: 'ambiguous', detail: unconfigured } : { state: 'absent' };
      const place = configuredPlace(deps);
      return record ? recorded(deps, place, record, effect) : unrecorded(place, effect);
    },
    async act(service, effect) {
      const place = placeFor(deps, service);
      const request = dispatchRequest(place, service, effect);
      const record = await begin(deps, place, effect, request);
      const sent = await sendGithub(place.api, `${workflowPath(record.repository, record.file)}/dispatches`, bodyOf(place, request));
      const ended: DispatchRecord = { ...record, ...answerOf(sent, clock) };
      await state.save(key(effect.token), ended);
      const found = settleCall(ended, false, clock.now());
      if (found.state === 'failed') throw new NightshiftError('effect_failed', found.detail);
      const wait = sent.kind === 'not-begun' && sent.waitMs !== undefined ? { retryAfterMs: sent.waitMs } : {};
      if (found.state === 'absent' && found.nothing) throw new NightshiftError('not_begun', found.detail, [], wait);
      if (found.state !== 'done') throw new Error(found.detail);
      return ended.run;
    },
    async unmet(service, effect) {
      const filled = (): DispatchRequest => dispatchRequest(placeFor(deps, service), service, { ...effect, token: 'token', incidentId: 'incident' });
      const refusal = refusalOf(filled);
      if (refusal !== undefined) return refusal;
      const { api, github } = placeFor(deps, service);
      const { file } = filled().allowed;
      const active = await readWorkflowState(api, github.repository, file);
      if (active === 'active') return undefined;
      return `Workflow ${file} of ${github.repository} ${active === undefined ? 'is not shown to the token of actions.github' : `is ${active}`}.`;
    },
    async preview(service, effect) {
      const place = placeFor(deps, service);
      const { allowed, inputs, label } = dispatchRequest(place, service, { ...effect, token: '<token>', incidentId: '<incident>' });
      return `starts ${label} ${allowed.file} of ${place.github.repository} at ${allowed.ref} with ${JSON.stringify(inputs)}`;
    },
  };
}

function bodyOf({ access }: GithubPlace, { allowed, inputs }: DispatchRequest): unknown {
  return { ref: allowed.ref, inputs, ...(access.namesRuns && { return_run_details: true }) };
}

/** Writes down that it begins. Another attempt that is on record is followed by this one only where that does no harm; it is not forgotten, as it may have had its effect. */
async function begin(
  { state, clock }: GithubActionsDeps,
  { github: { repository }, access }: GithubPlace,
  { token, idempotent }: Effect,
  { allowed: { name, file, tokenInput } }: DispatchRequest,
): Promise<DispatchRecord> {
  const begunAt = clock.now();
  const record: DispatchRecord = { name, begunAt, deadline: begunAt + access.timeoutMs, repository, file, ...(tokenInput !== undefined && { tokenInput }) };
  if (await state.create(key(token), record)) return record;
  const before = (await state.load(key(token))) as DispatchRecord;
  const found = settleCall(before, false, begunAt);
  if (found.state !== 'absent' || !(found.again || idempotent)) throw new Error(`${name} was begun before; what became of it is looked up`);
  // The earliest begin is kept, as its run may be older than this attempt.
  const next: DispatchRecord = found.nothing ? record : { ...record, begunAt: before.begunAt, earlier: true };
  await state.save(key(token), next);
  return next;
}

function answerOf(sent: Sent, clock: Clock): Partial<DispatchRecord> {
  const at = clock.now();
  if (sent.kind === 'lost') return { lost: { at, reason: sent.reason } };
  if (sent.kind === 'not-begun') return { lost: { at, reason: sent.reason }, notBegun: true };
  if (sent.kind === 'refused') return { answer: { status: sent.status, at, said: sent.said } };
  const run = runIn(sent.text);
  return { answer: { status: sent.status, at, said: '' }, ...(run !== undefined && { run }) };
}

/** Id of the run in an answer; a server that names none answers without a body. */
function runIn(text: string): string | undefined {
  try {
    return String(startedRun.parse(JSON.parse(text)).workflow_run_id);
  } catch {
    return undefined;
  }
}

async function recorded({ state, clock }: GithubActionsDeps, { api }: GithubPlace, record: DispatchRecord, { token, reference }: Effect): Promise<Sighting> {
  const { repository, file, tokenInput } = record;
  const settled = settleCall(record, false, clock.now());
  const id = record.run ?? reference;
  if (id !== undefined) {
    const run = await readRun(api, repository, id);
    return run ? sightingOf(api, repository, run) : { state: 'in-progress', detail: `run ${id} of ${repository} was started and is not shown yet` };
  }
  if (settled.state === 'in-progress' || settled.state === 'failed') return settled;
  if (settled.state === 'absent' && settled.nothing) return { state: 'absent', again: true };
  if (tokenInput === undefined) return withoutToken(settled, record);
  const found = await search(api, { repository, file, since: record.begunAt - EARLIER_MS.recorded, title: token });
  if (found && 'run' in found) await state.save(key(token), { ...record, run: found.run });
  if (found) return found.sighting;
  if (settled.state !== 'done') return settled.state === 'ambiguous' ? settled : { state: 'absent' };
  return {
    state: 'in-progress',
    detail: `GitHub accepted ${record.name}, and no run of ${file} shows the token yet; does its run-name show the input ${tokenInput}?`,
  };
}

/** Which run it became cannot be told. */
function withoutToken(settled: ReturnType<typeof settleCall>, { file }: DispatchRecord): Sighting {
  if (settled.state === 'ambiguous') return settled;
  if (settled.state !== 'done') return { state: 'absent' };
  const detail = `${settled.detail}; which run of ${file} it became cannot be told without tokenInput, and its end was not awaited`;
  return { state: 'done', detail, at: new Date(settled.at).toISOString() };
}

/** Nothing is on record, so that nothing went out, unless a restored store has forgotten it: then a run may show the token. */
async function unrecorded({ api, github }: GithubPlace, { inputs, token, intendedAt }: Effect): Promise<Sighting> {
  const allowed = github.workflows.find(({ name }) => name === inputs['workflow']);
  if (allowed?.tokenInput === undefined) return { state: 'absent' };
  const found = await search(api, { repository: github.repository, file: allowed.file, since: intendedAt - EARLIER_MS.unrecorded, title: token });
  return found?.sighting ?? { state: 'absent' };
}

type Found = { readonly sighting: Sighting; readonly run: string } | { readonly sighting: Sighting };

async function search(api: GithubPlace['api'], wanted: Parameters<typeof findDispatched>[1]): Promise<Found | undefined> {
  const { runs, all } = await findDispatched(api, wanted);
  const [first] = runs;
  if (first) return { run: first.id, sighting: await sightingOf(api, wanted.repository, first) };
  if (all) return undefined;
  return {
    sighting: { state: 'ambiguous', detail: `${wanted.file} was dispatched more often since than GitHub lists, and no run that it lists shows the token` },
  };
}

function key(token: string): string {
  return `github-dispatch:${token}`;
}
