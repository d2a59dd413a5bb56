import type { StageSettings } from '../../bench/stage/config';
import type { IncidentView } from '../../domain/incident-view';
import type { Autonomy } from '../../ports/autonomy';
import { badRelease, decide, ended, normal, pause, say, status } from './actors';
import type { Play } from './actors';
import { fallsOnce, fixedAutonomy } from './autonomy';

/** One scenario: what happens on services of its own. Ends when the workflows have; returns the incident. */
export interface Scenario {
  /** Names of the histories: the incident's, which is also its service's, and its remediation's where that is worth keeping. */
  readonly incident: string;
  readonly remediation?: string;
  readonly dependsOn?: readonly string[];
  readonly play: (play: Play, service: string) => Promise<IncidentView>;
}

/** Scenarios that share one configuration. */
export interface Act {
  readonly settings: Omit<StageSettings, 'services'>;
  /** Reads the record in place of the ledger. */
  readonly autonomy?: Autonomy;
  readonly scenarios: readonly Scenario[];
}

async function fixed(play: Play, name: string): Promise<IncidentView> {
  await badRelease(play, name);
  await decide(play, await status(play, name, 'awaiting-approval'), 'approve');
  return finished(play, name);
}

async function finished(play: Play, name: string): Promise<IncidentView> {
  const view = await play.stage.seen(name, (v) => v.status === 'resolved', 60_000);
  await ended(play, view.workflowId);
  return view;
}

async function closedByPerson(play: Play, view: IncidentView): Promise<IncidentView> {
  await say(play, view, 'resolve', 'done by hand');
  return finished(play, view.service);
}

const rejected: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  await decide(play, await status(play, name, 'awaiting-approval'), 'reject');
  return closedByPerson(play, await status(play, name, 'escalated'));
};

/** The older of two releases is the guilty one, and shows it late. */
const twoRounds: Scenario['play'] = async (play, name) => {
  const service = await normal(play, name);
  service.errors = {};
  service.deploy('1.5.0', 'ana');
  await pause(500);
  service.deploy('1.5.1', 'ben');
  service.errors = { '1.5.0': 0.4, '1.5.1': 0.4 };
  await decide(play, await status(play, name, 'awaiting-approval'), 'approve');
  await decide(play, await status(play, name, 'awaiting-approval', 2), 'approve');
  return finished(play, name);
};

const unaided: Scenario['play'] = async (play, name) => {
  const service = await badRelease(play, name);
  await status(play, name, 'awaiting-approval');
  service.deploy('1.4.0', 'ana');
  return finished(play, name);
};

const undetermined: Scenario['play'] = async (play, name) => {
  const service = await normal(play, name);
  service.errors = { '1.4.0': 0.4 };
  const view = await status(play, name, 'escalated');
  await say(play, view, 'acknowledge');
  await say(play, view, 'note', 'looking at the network');
  return closedByPerson(play, view);
};

/** A faint sign names no cause, and the trouble that follows does. */
const lookedAgain: Scenario['play'] = async (play, name) => {
  const sign = { name: 'QueueLong', fingerprint: `${name}/queue`, signal: 'saturation' as const, severity: 'sev4' as const };
  const startsAt = new Date().toISOString();
  await play.stage.alert(name, { ...sign, id: `${name}/queue`, startsAt });
  await status(play, name, 'escalated');
  await badRelease(play, name);
  await decide(play, await status(play, name, 'awaiting-approval', 2), 'approve');
  await play.stage.alert(name, { ...sign, id: `${name}/queue-end`, startsAt, status: 'resolved' });
  return finished(play, name);
};

const handedOverAndBack: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  const asked = await status(play, name, 'awaiting-approval');
  await say(play, asked, 'take-over', 'I will look first');
  await status(play, name, 'handed-over');
  await say(play, asked, 'hand-back');
  await decide(play, await status(play, name, 'awaiting-approval', 2), 'approve');
  return finished(play, name);
};

const relapsed: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  await decide(play, await status(play, name, 'awaiting-approval'), 'approve');
  await status(play, name, 'watching');
  const startsAt = new Date().toISOString();
  await play.stage.alert(name, { name: 'CheckoutBroken', fingerprint: `${name}/checkout`, id: `${name}/checkout`, startsAt });
  const view = await play.stage.seen(name, (v) => v.round === 2 && (v.status === 'escalated' || v.status === 'awaiting-approval'));
  return closedByPerson(play, view);
};

const refused: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  const asked = await status(play, name, 'awaiting-approval');
  const at = (): string => new Date().toISOString();
  await play.stage.store.killSwitch.set(true, 'ana', 'a migration is under way', at());
  await decide(play, asked, 'approve');
  const view = await status(play, name, 'escalated');
  await play.stage.store.killSwitch.set(false, 'ana', 'it is over', at());
  return closedByPerson(play, view);
};

/** The release before is worse still. */
const undone: Scenario['play'] = async (play, name) => {
  const service = await normal(play, name);
  service.deploy('1.5.0', 'ana');
  service.errors = { '1.5.0': 0.3, '1.4.0': 0.9 };
  await decide(play, await status(play, name, 'awaiting-approval'), 'approve');
  return closedByPerson(play, await play.stage.seen(name, (v) => v.round === 2 && v.status === 'escalated'));
};

/** A person takes over while the target is still being looked at. */
const stopped: Scenario['play'] = async (play, name) => {
  const service = await badRelease(play, name);
  const asked = await status(play, name, 'awaiting-approval');
  service.describeMs = 2_000;
  await decide(play, asked, 'approve');
  await pause(500);
  await say(play, asked, 'take-over', 'stop, please');
  return closedByPerson(play, await status(play, name, 'handed-over'));
};

const expired: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  return closedByPerson(play, await status(play, name, 'escalated'));
};

/** Notes fill the history until it is cut while the proposal waits. */
const continued: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  const asked = await status(play, name, 'awaiting-approval');
  for (let i = 1; i <= 8; i += 1) {
    await say(play, asked, 'note', `note ${String(i)}`);
    await play.stage.seen(name, (v) => v.version > asked.version + i - 1);
  }
  await decide(play, asked, 'approve');
  return finished(play, name);
};

const HOLDER = 'lock-holder';

/** The cause lies on another service, whose own incident holds the target. */
const waiting: Scenario['play'] = async (play, name) => {
  const holder = await badRelease(play, HOLDER);
  const service = play.world.service(name);
  service.errors = { '1.4.0': 0.4 };
  const [first, second] = await Promise.all([status(play, HOLDER, 'awaiting-approval'), status(play, name, 'awaiting-approval')]);
  holder.actMs = 2_500;
  await decide(play, first, 'approve');
  await status(play, HOLDER, 'remediating');
  await decide(play, second, 'approve');
  await finished(play, HOLDER);
  service.errors = {};
  return finished(play, name);
};

/** What fills up is not full yet: a restart is approved, and later nothing is foretold any more. */
const averted: Scenario['play'] = async (play, name) => {
  const service = play.world.service(name);
  service.fillsSince = Date.now();
  await pause(6_000);
  const told = { name: 'PredictedBreach', source: 'forecast', fingerprint: `${name}/memory`, startsAt: new Date().toISOString() };
  await play.stage.alert(name, { ...told, id: `${name}/memory/firing` });
  await decide(play, await status(play, name, 'awaiting-approval'), 'approve');
  await status(play, name, 'watching');
  await pause(500);
  await play.stage.alert(name, { ...told, id: `${name}/memory/resolved`, status: 'resolved', endsAt: new Date().toISOString() });
  return finished(play, name);
};

/** Somebody cancels the remediation in Temporal while its action has to wait. */
const calledOff: Scenario['play'] = async (play, name) => {
  const service = await badRelease(play, name);
  const asked = await status(play, name, 'awaiting-approval');
  service.busy = true;
  await decide(play, asked, 'approve');
  const { remediation } = await status(play, name, 'remediating');
  await pause(1_000);
  await play.stage.client.workflow.getHandle(remediation?.workflowId ?? '').cancel();
  return closedByPerson(play, await status(play, name, 'escalated'));
};

/** Its record lets it act alone. */
const acted: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  return finished(play, name);
};

/** Nobody objects while there is time. */
const waitedFor: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  await status(play, name, 'awaiting-approval');
  return finished(play, name);
};

/** Somebody objects in time. */
const objected: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  await decide(play, await status(play, name, 'awaiting-approval'), 'reject');
  return closedByPerson(play, await status(play, name, 'escalated'));
};

/** What let it act falls before it begins: a person is asked. */
const fallen: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  const asked = await play.stage.seen(name, (v) => v.status === 'awaiting-approval' && v.proposal?.policy.mode === 'approve');
  await decide(play, asked, 'approve');
  return finished(play, name);
};

const shadowed: Scenario['play'] = async (play, name) => {
  await badRelease(play, name);
  return closedByPerson(play, await status(play, name, 'escalated'));
};

/** Everything that is recorded. */
export const ACTS: readonly Act[] = [
  {
    // Longer than the detector takes to see the end.
    settings: { watch: '6s' },
    scenarios: [
      { incident: 'fixed', remediation: 'fixed', play: fixed },
      { incident: 'rejected', play: rejected },
      { incident: 'two-rounds', remediation: 'unchanged', play: twoRounds },
      { incident: 'unaided', play: unaided },
      { incident: 'escalated-undetermined', play: undetermined },
      { incident: 'looked-again', play: lookedAgain },
      { incident: 'handed-over-and-back', play: handedOverAndBack },
      { incident: 'waiting-for-target', dependsOn: [HOLDER], play: waiting },
      { incident: 'relapsed', play: relapsed },
      { incident: 'refused', remediation: 'refused', play: refused },
      { incident: 'undone', remediation: 'undone', play: undone },
      { incident: 'stopped', remediation: 'stopped', play: stopped },
      { incident: 'averted', remediation: 'averted', play: averted },
      { incident: 'called-off', remediation: 'called-off', play: calledOff },
    ],
  },
  // Shorter than the detector takes to tell an end.
  { settings: { watch: '1ms', detector: { window: '4s' } }, scenarios: [{ incident: 'watched-on', play: fixed }] },
  { settings: { approvals: { remindAfter: '1s', expireAfter: '2s' } }, scenarios: [{ incident: 'expired-reminded', play: expired }] },
  { settings: { incidents: { maxHistoryEvents: 50 } }, scenarios: [{ incident: 'continued', play: continued }] },
  {
    settings: {
      policy: {
        autonomy: { vetoFor: '5s' },
        rules: [
          { service: 'waited-for', mode: 'veto' },
          { service: 'objected', mode: 'veto' },
          { service: 'shadowed', mode: 'shadow' },
          { service: 'acted', mode: 'auto' },
          { service: 'fallen', mode: 'auto' },
        ],
      },
    },
    autonomy: fixedAutonomy(fallsOnce('fallen')),
    scenarios: [
      { incident: 'acted', remediation: 'acted', play: acted },
      { incident: 'waited-for', play: waitedFor },
      { incident: 'objected', play: objected },
      { incident: 'fallen', play: fallen },
      { incident: 'shadowed', play: shadowed },
    ],
  },
];
