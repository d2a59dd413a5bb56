const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Limits of the archive; durations in milliseconds. */
export interface ArchiveSettings {
  /** Most series of one service in one environment; points of further ones are refused and counted. */
  readonly seriesPerService: number;
  /** Most templates of log lines of one service in one environment; lines of further ones are counted together. */
  readonly templatesPerService: number;
  /** Most services that one service is seen to call; calls of further ones are counted together. */
  readonly calleesPerService: number;
  /** A point that is older than the newest of its series by more than this is late. */
  readonly lateAfterMs: number;
  /** What lies further ahead of its arrival is refused: it would be kept for ever, and everything after it would be late. */
  readonly aheadMs: number;
  /** How long each kind is kept; what is older when it arrives is refused. */
  readonly keep: { readonly pointsMs: number; readonly logsMs: number; readonly buildsMs: number; readonly changesMs: number };
}

/** What holds where nothing else is said. */
export const ARCHIVE_DEFAULTS: ArchiveSettings = {
  seriesPerService: 10_000,
  templatesPerService: 2_000,
  calleesPerService: 500,
  lateAfterMs: 5 * MINUTE,
  aheadMs: DAY,
  keep: { pointsMs: 15 * DAY, logsMs: 30 * DAY, buildsMs: 180 * DAY, changesMs: 180 * DAY },
};

/** Whether something of that time (epoch milliseconds) is kept, or why not. */
export function admitted(at: number, receivedAt: number, keepMs: number, { aheadMs }: Pick<ArchiveSettings, 'aheadMs'>): 'kept' | 'too-old' | 'ahead' {
  if (!(at >= receivedAt - keepMs)) return 'too-old';
  return at > receivedAt + aheadMs ? 'ahead' : 'kept';
}
