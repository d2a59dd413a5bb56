import type { Change } from '../../domain/change';
import type { ReleaseEntry } from '../../domain/command-output';
import type { Service } from '../../domain/inventory';
import { OWN_AUTHOR } from '../../domain/own-changes';
import type { ChangeSource } from '../../ports/changes';
import { commandHands } from './command-context';
import type { CommandJournal, OwnDeployment } from './command-journal';
import { readReleases, type CommandLookDeps } from './command-look';

/** A clock on another machine may differ by so much (milliseconds), and seconds are rounded. */
const SLACK_MS = 5_000;

/** Deployments as the command `releases` tells them by its times. A service without that command, or whose releases have no times, has none. Throws `unreachable`. */
export function createCommandChanges(deps: CommandLookDeps & { readonly journal: CommandJournal }): ChangeSource {
  return {
    async list(service, from, to) {
      if (service.hands?.kind !== 'commands') return [];
      const { target, confirmMs } = commandHands(service);
      const [entries, own] = await Promise.all([readReleases(deps, service), deps.journal.deployments(target)]);
      const timed = entries.filter((entry): entry is Timed => entry.at !== undefined).sort((a, b) => a.at - b.at);
      return timed.flatMap((entry, i) => (entry.at < from || entry.at > to ? [] : [changeOf(service, entry, timed[i - 1], isOwn(entry, own, confirmMs))]));
    },
  };
}

type Timed = ReleaseEntry & { readonly at: number };

function changeOf(service: Service, entry: Timed, before: Timed | undefined, ours: boolean): Change {
  const { environment, name } = service;
  const at = new Date(entry.at).toISOString();
  return {
    id: `deployment:${environment}/${name}:${entry.release}:${at}`,
    kind: ours ? 'rollback' : 'deployment',
    ...{ environment, service: name, at },
    author: ours ? OWN_AUTHOR : (entry.by ?? 'unknown'),
    summary: `${entry.release} was deployed`,
    ...(before ? { from: before.release } : {}),
    to: entry.release,
  };
}

/** A deployment that one of ours accounts for: a remedy must not become the next suspect. */
function isOwn({ release, at }: Timed, own: readonly OwnDeployment[], confirmMs: number): boolean {
  return own.some((each) => each.release === release && at >= each.begunAt - SLACK_MS && at <= each.endedAt + confirmMs + SLACK_MS);
}
