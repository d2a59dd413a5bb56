import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { Proposal } from '../../domain/proposal';
import { REJECTION_CODES, REJECTION_TEXTS } from '../../domain/rejection';
import type { RejectionCode } from '../../domain/rejection';
import { assignment, oneOf } from '../arguments';
import type { ApiClient, DecideBody } from '../client';
import { answersOf, canAsk, chooseOne, confirmBy } from '../confirm';
import type { Answers } from '../confirm';
import { EXIT } from '../exit-codes';
import { findIncident, INCIDENT_ID } from '../find-incident';
import { incidentPage } from '../render/incident';
import { createStyle } from '../render/style';
import type { Run } from '../run';
import { isJson, leaf } from '../run';
import { replyText } from './reply-text';

interface DecideOptions {
  readonly proposal?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly breakGlass?: boolean;
  readonly yes?: boolean;
  readonly code?: RejectionCode;
}

type Verdict = DecideBody['verdict'];

/** Adds `nightshift incident approve` and `reject`. */
export function addDecisions(incident: Command, run: Run): void {
  const decide = (verdict: Verdict) => (id: string, options: DecideOptions, command: Command) => decideOn(run, verdict, id, options, command);
  withCommonOptions(leaf(incident, 'approve', 'approve one exact proposal; without --proposal it is shown and you are asked'))
    .option('--set <name=value>', 'approve with this parameter changed (may be given again)', assignment)
    .option('--break-glass', 'act outside your scope in an emergency; this is loud in the audit')
    .option('--yes', 'refused: only the demo approves without being shown what')
    .action(decide('approve'));
  withCommonOptions(leaf(incident, 'reject', 'reject one exact proposal; without --proposal it is shown and you are asked'))
    .option('--code <code>', `why: ${REJECTION_CODES.join(', ')}; it teaches which runbook to choose`, oneOf(REJECTION_CODES))
    .action(decide('reject'));
}

function withCommonOptions(command: Command): Command {
  return command
    .argument('<id>', INCIDENT_ID)
    .option('--proposal <digest>', 'digest of the proposal as it was shown to you')
    .option('--reason <text>', 'why, for the audit');
}

async function decideOn(run: Run, verdict: Verdict, id: string, options: DecideOptions, command: Command): Promise<void> {
  if (options.yes === true) throw new NightshiftError('refused', '--yes works only in the demo. Pass --proposal with the digest that you were shown.');
  const client = await run.client(command);
  const view = await findIncident(client, id);
  const chosen: Chosen | undefined =
    options.proposal === undefined ? await shownDigest(run, verdict, { view, client, options, command }) : { digest: options.proposal };
  if (chosen === undefined) return;
  const { digest, code = options.code } = chosen;
  const parameters = editedParameters(view, digest, options.set);
  const reply = await client.decide(view.incidentId, {
    verdict,
    proposal: digest,
    ...(parameters === undefined ? {} : { parameters }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.breakGlass === true ? { breakGlass: true } : {}),
    ...(code === undefined ? {} : { code }),
  });
  run.emit(command, { incidentId: view.incidentId, ...reply }, () => replyText(reply));
}

/** What a person decided on, and why where it is rejected. */
interface Chosen {
  readonly digest: string;
  readonly code?: RejectionCode | undefined;
}

/** Shows the proposal and asks; the digest of what was shown, or undefined when the person said no. */
async function shownDigest(
  run: Run,
  verdict: Verdict,
  asked: { readonly view: IncidentView; readonly client: ApiClient; readonly options: DecideOptions; readonly command: Command },
): Promise<Chosen | undefined> {
  const { view, client, options, command } = asked;
  const { io, clock } = run.deps;
  const proposal = openProposal(view);
  if (!canAsk(io) || isJson(command)) {
    throw new NightshiftError(
      'invalid_input',
      `Nobody can be asked here. Pass --proposal with the digest that you were shown; "nightshift incident show ${view.incidentId}" shows it.`,
    );
  }
  const evidence = await client.evidence(view.incidentId);
  const page = incidentPage(view, { now: clock.now(), width: io.columns, style: createStyle(io.color) }, evidence === undefined ? {} : { evidence });
  run.tell(page);
  const changed = Object.entries(options.set ?? {}).map(([name, value]) => `${name}=${value}`);
  const how = `${changed.length === 0 ? '' : ` with ${changed.join(', ')}`}${options.breakGlass === true ? ' by BREAK-GLASS' : ''}`;
  const answers = answersOf(io);
  try {
    if (await confirmBy(answers, `${verdict === 'approve' ? 'Approve' : 'Reject'} exactly this${how}?`)) {
      const wanted = verdict === 'reject' && options.code === undefined;
      return { digest: proposal.digest, ...(wanted ? { code: await askedCode(answers) } : {}) };
    }
  } finally {
    answers.close();
  }
  run.tell('Nothing was sent.');
  run.exitCode = EXIT.refused;
  return undefined;
}

/** The code is asked for after the decision is made, and may be left out. */
async function askedCode(answers: Answers): Promise<RejectionCode | undefined> {
  return chooseOne(answers, 'Why? It teaches which runbook to choose; Enter leaves it out.', REJECTION_CODES, (code) => `${code}  ${REJECTION_TEXTS[code]}`);
}

function openProposal(view: IncidentView): Proposal {
  const shown = view.proposal;
  if (shown?.state === 'open') return shown.proposal;
  const state = shown === undefined ? `it is ${view.status} and has no proposal` : `its proposal is ${shown.state}`;
  throw new NightshiftError('conflict', `There is nothing to decide in ${view.incidentId}: ${state}.`);
}

/** All parameters with the edits in them, as the edited proposal is checked whole. Edits need the proposal that they were made on. */
function editedParameters(view: IncidentView, digest: string, edits: DecideOptions['set']): Readonly<Record<string, string>> | undefined {
  if (edits === undefined) return undefined;
  const proposal = openProposal(view);
  if (proposal.digest !== digest) {
    throw new NightshiftError(
      'stale_proposal',
      `The proposal has changed since it was shown; it is now ${proposal.digest}. Look at it again before you edit it.`,
    );
  }
  const unknown = Object.keys(edits).filter((name) => !Object.hasOwn(proposal.parameters, name));
  if (unknown.length === 0) return { ...proposal.parameters, ...edits };
  const known = Object.keys(proposal.parameters).join(', ');
  throw new NightshiftError('invalid_input', `${unknown.join(', ')}: no such parameter. This proposal has ${known === '' ? 'none' : known}.`);
}
