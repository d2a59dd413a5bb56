import type { CommandRecord } from '../../domain/command-sighting';
import { targetId, type Target } from '../../domain/inventory';
import type { StateStore } from '../../ports/store';

/** A deployment of our own. Times are epoch milliseconds; where its end was not seen, it is when it was to end at the latest. */
export interface OwnDeployment {
  readonly release: string;
  readonly begunAt: number;
  readonly endedAt: number;
}

/** What is written down of effects by commands, in the store: whichever worker comes next finds it. */
export interface CommandJournal {
  read(token: string): Promise<CommandRecord | undefined>;
  /** Writes the record of an effect that begins; false where it was begun before, by whomever. */
  begin(token: string, target: Target, record: CommandRecord): Promise<boolean>;
  update(token: string, target: Target, record: CommandRecord): Promise<void>;
  /** Deployments of ours on a target, the newest few. */
  deployments(target: Target): Promise<readonly OwnDeployment[]>;
}

const KEPT = 50;

/** The journal over the store's small states. */
export function createCommandJournal(state: StateStore): CommandJournal {
  const key = (token: string): string => `command:${token}`;
  const list = (target: Target): string => `deployments:${targetId(target)}`;
  const deployments = async (target: Target): Promise<readonly OwnDeployment[]> => ((await state.load(list(target))) ?? []) as OwnDeployment[];
  const remember = async (target: Target, { release, begunAt, deadline, ending }: CommandRecord): Promise<void> => {
    if (release === undefined) return;
    // One remediation at a time holds a target, so nobody else writes this list.
    const others = (await deployments(target)).filter((each) => each.begunAt !== begunAt);
    await state.save(list(target), [...others, { release, begunAt, endedAt: ending?.at ?? deadline }].slice(-KEPT));
  };
  return {
    read: async (token) => (await state.load(key(token))) as CommandRecord | undefined,
    begin: async (token, target, record) => {
      if (!(await state.create(key(token), record))) return false;
      await remember(target, record);
      return true;
    },
    update: async (token, target, record) => {
      await state.save(key(token), record);
      if (record.ending) await remember(target, record);
    },
    deployments,
  };
}
