import { allowedValues, digestLabel, refusalOf, requireAllowed, type AllowedCommand } from '../../domain/actions/allowed';
import { settleRun, type RunRecord } from '../../domain/actions/run-record';
import { fillTemplate } from '../../domain/actions/template';
import type { Service } from '../../domain/inventory';
import type { Clock } from '../../ports/clock';
import type { Carrier, Effect, Sighting } from '../../ports/hands';
import type { StateStore } from '../../ports/store';
import { saidBy, type CommandEnvironments } from './command-context';
import { signalGroup } from './process-mark';
import { processState, recordedRun } from './recorded-run';
import type { CommandSpec } from './run-command';

/** What running allowed commands works with. */
export interface AllowedCommandDeps {
  readonly commands: readonly AllowedCommand[];
  /** By name of the command. */
  readonly environments: CommandEnvironments;
  readonly state: StateStore;
  readonly clock: Clock;
}

/** Carries out `command.run`. A command is written down under its token before it begins, a name that can be taken once, so that it is never begun twice; its exit code tells what became of it. */
export function createAllowedCommands(deps: AllowedCommandDeps): Carrier {
  return {
    async look(_service, { token }) {
      const record = (await deps.state.load(key(token))) as RunRecord | undefined;
      return record ? sight(deps, record) : { state: 'absent' };
    },
    async act(service, effect) {
      const { name, spec } = prepared(deps, service, effect);
      const begunAt = deps.clock.now();
      const record: RunRecord = { name, begunAt, deadline: begunAt + effect.timeoutMs };
      if (!(await deps.state.create(key(effect.token), record))) throw new Error(`${name} was begun before; what became of it is looked up`);
      const note = (more: object): Promise<void> => deps.state.save(key(effect.token), { ...record, ...more });
      await recordedRun(spec, { clock: deps.clock, note, said: (end) => saidBy(end, deps.environments[name]) });
      return undefined;
    },
    async unmet(service, effect) {
      return refusalOf(() => prepared(deps, service, { ...effect, token: '', incidentId: '' }));
    },
    async preview(service, effect) {
      const { spec, allowed } = prepared(deps, service, { ...effect, token: '<token>', incidentId: '<incident>' });
      return `runs ${digestLabel(allowed)} ${spec.argv.map((word) => JSON.stringify(word)).join(' ')} in ${spec.directory}`;
    },
  };
}

function key(token: string): string {
  return `run:${token}`;
}

async function sight({ clock }: AllowedCommandDeps, record: RunRecord): Promise<Sighting> {
  const process = await processState(record.process);
  // Whoever began it is gone, or has lost sight of it.
  if (!record.ending && process === 'runs' && clock.now() > record.deadline) signalGroup(record.process?.pid ?? 0, 'SIGKILL');
  const { state, detail, at } = settleRun(record, process, clock.now());
  return state === 'done' ? { state, detail, at: new Date(at).toISOString() } : { state, detail };
}

/** Throws `effect_failed` when the command is not allowed, not for this service, or not with these inputs. */
function prepared(
  { commands, environments }: AllowedCommandDeps,
  service: Service,
  effect: Pick<Effect, 'inputs' | 'token' | 'incidentId' | 'timeoutMs'>,
): { readonly name: string; readonly allowed: AllowedCommand; readonly spec: CommandSpec } {
  const { command: name = '', ...inputs } = effect.inputs;
  const allowed = requireAllowed('commands', commands, name);
  const values = allowedValues(allowed, inputs, service, effect);
  const { directory, outputLimitBytes: maxBytes, argv } = allowed;
  const variables = environments[name]?.variables ?? {};
  return {
    name,
    allowed,
    spec: {
      argv: argv.map((word, i) => (i === 0 ? word : fillTemplate(word, values))),
      directory,
      environment: variables,
      timeoutMs: effect.timeoutMs,
      maxBytes,
    },
  };
}
