import { RELEASE_PATTERN } from '../../domain/command-hands';
import { settleCommand, type CommandRecord, type ServiceSight } from '../../domain/command-sighting';
import { defined } from '../../domain/defined';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { targetId, type Service } from '../../domain/inventory';
import type { ActionName } from '../../domain/actions/table';
import type { Clock } from '../../ports/clock';
import type { Effect, Hands, Sighting, TargetState } from '../../ports/hands';
import { commandHands, commandSpec, saidBy } from './command-context';
import type { CommandJournal } from './command-journal';
import { lookAt, readCurrent, readReleases, type CommandLookDeps } from './command-look';
import { signalGroup } from './process-mark';
import { processState, recordedRun } from './recorded-run';

/** What acting by a team's commands works with. */
export interface CommandHandsDeps extends CommandLookDeps {
  readonly journal: CommandJournal;
  readonly clock: Clock;
}

const COMMAND_OF: Readonly<Partial<Record<ActionName, 'deploy' | 'restart'>>> = { 'release/deploy': 'deploy', 'service/restart': 'restart' };

/**
 * Hands that are a team's own commands. A command keeps no ledger, so what was seen before is written down first, under a name that can be taken once, and what became of an effect is
 * settled by that and by looking at the service: a command is never run twice for one token.
 */
export function createCommandHands(deps: CommandHandsDeps): Hands {
  return {
    describe: (service) => describe(deps, service),
    async look(service, effect) {
      const record = await deps.journal.read(effect.token);
      return record ? settle(deps, service, record) : beforehand(deps, await lookAt(deps, service), effect);
    },
    act: async (service, effect) => {
      await act(deps, service, effect);
      return undefined;
    },
  };
}

async function describe(deps: CommandHandsDeps, service: Service): Promise<TargetState> {
  const { target } = commandHands(service);
  const state = await readCurrent(deps, service);
  const entries = await readReleases(deps, service);
  const names = [...new Set(entries.map((entry) => entry.release))];
  const { release } = state;
  const previous = release === undefined ? undefined : names[names.indexOf(release) + 1];
  return {
    // Commands act where they run; only a `current` that says where that is can tell that it is another place.
    account: state.account ?? target.account,
    region: state.region ?? target.region,
    releases: names.reverse(),
    healthy: state.healthy ?? true,
    ...defined({
      release,
      previousRelease: release !== undefined && names.includes(release) ? previous : undefined,
      startedAt: state.startedAt === undefined ? undefined : new Date(state.startedAt).toISOString(),
    }),
  };
}

/** Nothing was begun under this token. What is wanted may be there all the same: a store that was restored has forgotten what it did, and people act too. */
function beforehand({ clock }: CommandHandsDeps, now: ServiceSight, effect: Effect): Sighting {
  const { action, inputs, intendedAt } = effect;
  const done = (detail: string, at: number): Sighting => ({ state: 'done', detail, at: new Date(at).toISOString() });
  if (action === 'release/deploy') return now.release === inputs['release'] ? done(`${now.release} runs already`, clock.now()) : { state: 'absent' };
  const fresh = now.startedAt !== undefined && now.startedAt > intendedAt;
  return fresh ? done('the process has begun anew since this was approved', now.startedAt) : { state: 'absent' };
}

async function settle({ clock, ...deps }: CommandHandsDeps, service: Service, record: CommandRecord): Promise<Sighting> {
  const alive = !record.ending && (await processState(record.process)) === 'runs';
  // Whoever began it is gone, or has lost sight of it.
  if (alive && clock.now() > record.deadline) signalGroup(record.process?.pid ?? 0, 'SIGKILL');
  const now = await lookAt(deps, service).catch((error: unknown) => errorMessage(error));
  const found = settleCommand({ record, now, at: clock.now(), alive, confirmMs: commandHands(service).confirmMs });
  return found.state === 'done' ? { state: 'done', detail: found.detail, at: new Date(found.at).toISOString() } : { state: found.state, detail: found.detail };
}

async function act(deps: CommandHandsDeps, service: Service, effect: Effect): Promise<void> {
  const { target } = commandHands(service);
  const { clock, journal } = deps;
  const command = COMMAND_OF[effect.action];
  if (!command) throw new NightshiftError('effect_failed', `${service.name} has commands to deploy and to restart; ${effect.action} is none of them`);
  const release = command === 'deploy' ? wantedRelease(effect) : undefined;
  const { token, incidentId: incident, timeoutMs } = effect;
  const spec = commandSpec(service, deps.environments, command, { ...defined({ release }), token, incident, timeoutMs });
  if (!spec) throw new NightshiftError('effect_failed', `${service.name} has no command ${command}; add hands.commands.${command}`);
  const before = await lookAt(deps, service);
  const begunAt = clock.now();
  const record: CommandRecord = { command, ...defined({ release }), begunAt, deadline: begunAt + timeoutMs, before };
  if (!(await journal.begin(token, target, record))) throw new Error(`${command} was begun before; what became of it is looked up`);
  const ending = await recordedRun(spec, {
    clock,
    note: (note) => journal.update(token, target, { ...record, ...note }),
    said: (end) => saidBy(end, deps.environments[targetId(target)]),
  });
  if (ending.kind !== 'exited' || ending.code !== 0) throw new Error(`${command} did not end well; what became of it is looked up`);
}

/** A release that could be taken for an option, or holds a control character, never reaches a program. */
function wantedRelease({ inputs }: Effect): string {
  const release = inputs['release'] ?? '';
  if (!RELEASE_PATTERN.test(release)) {
    const rule = 'letters, digits and . _ + -, at most 100, beginning with a letter or digit';
    throw new NightshiftError('effect_failed', `${JSON.stringify(release)} is not passed to a command: a release has ${rule}`);
  }
  return release;
}
