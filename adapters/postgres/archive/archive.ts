import { ARCHIVE_DEFAULTS } from '../../../domain/archive-settings';
import type { ArchiveSettings } from '../../../domain/archive-settings';
import type { Archive } from '../../../ports/archive';
import type { Db } from '../database';
import { buildReader } from './builds';
import { callReader, logReader } from './counts';
import { pointReader } from './points';
import { archivePruner } from './prune';
import { archiveMarks } from './refusals';
import { archiveWriter } from './writer';

/** What an archive is put together from. */
export interface ArchiveParts {
  readonly db: Db;
  readonly settings?: ArchiveSettings | undefined;
  /** See `createStore`. */
  readonly forgotten: (rows: number) => Promise<void>;
}

/** The archive over a database; `guard` makes the methods of a part throw our errors only. */
export function archiveOf({ db, settings = ARCHIVE_DEFAULTS, forgotten }: ArchiveParts, guard: <T extends object>(part: T) => T): Archive {
  return {
    writer: guard(archiveWriter(db, settings)),
    points: guard(pointReader(db)),
    logs: guard(logReader(db)),
    calls: guard(callReader(db)),
    builds: guard(buildReader(db)),
    marks: guard(archiveMarks(db)),
    pruner: guard(archivePruner(db, forgotten)),
  };
}
