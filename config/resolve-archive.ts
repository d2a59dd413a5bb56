import type { z } from 'zod';
import { ARCHIVE_DEFAULTS } from '../domain/archive-settings';
import type { ArchiveSettings } from '../domain/archive-settings';
import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { archiveSchema, retentionSchema } from './schema-archive';
import type { ArchiveConfig, NightshiftConfig, RetentionConfig } from './types';

/** How long each kind is kept; what the file does not say is as by default. */
export function resolveRetention(source: z.output<typeof retentionSchema> | undefined, defaults: Defaults): RetentionConfig {
  const { samples: samplesMs, measures: measuresMs, points: pointsMs, logs: logsMs, builds: buildsMs, changes: changesMs } = source ?? {};
  return overlay(defaults.retention, { samplesMs, measuresMs, pointsMs, logsMs, buildsMs, changesMs });
}

/** The limits of the archive. */
export function resolveArchive(source: z.output<typeof archiveSchema> | undefined, defaults: Defaults): ArchiveConfig {
  const { lateAfter: lateAfterMs, ...limits } = source ?? {};
  return overlay(defaults.archive, { ...limits, lateAfterMs });
}

/** What the archive is opened with. */
export function archiveSettings({
  archive,
  retention: { samplesMs: _samples, measuresMs: _measures, ...keep },
}: Pick<NightshiftConfig, 'archive' | 'retention'>): ArchiveSettings {
  return { ...ARCHIVE_DEFAULTS, ...archive, keep };
}
