import type { Migration } from '../migrate';
import { initial } from './0001-initial';
import { watch } from './0002-watch';
import { archive } from './0003-archive';
import { setAside } from './0004-set-aside';
import { quiet } from './0005-quiet';
import { servicesSeen } from './0006-services-seen';
import { places } from './0007-places';
import { detection } from './0008-detection';
import { anomalies } from './0009-anomalies';
import { fewerIndexes } from './0010-fewer-indexes';
import { measures } from './0011-measures';
import { attempts } from './0012-attempts';
import { heard } from './0013-heard';
import { reasoning } from './0014-reasoning';
import { knowledge } from './0015-knowledge';
import { outcomeLines } from './0016-outcome-lines';
import { shadow } from './0017-shadow';
import { correlation } from './0018-correlation';
import { relationsByTime } from './0019-relations-by-time';

/**
 * All migrations, oldest first, numbered without a gap. One that was released is never edited: a new one is added.
 *
 * `olderReads: true` takes that the version before, which runs on while this one starts and again after a roll back, finds all that it reads and may leave out all that is new.
 * So a step adds tables, indexes and columns that may be empty or have a default, and puts no rows in: what the version before writes later, or what comes from its backup, has
 * none of them. What is no longer used stays for one release, and only the step that takes it away is `olderReads: false`.
 */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  watch,
  archive,
  setAside,
  quiet,
  servicesSeen,
  places,
  detection,
  anomalies,
  fewerIndexes,
  measures,
  attempts,
  heard,
  reasoning,
  knowledge,
  outcomeLines,
  shadow,
  correlation,
  relationsByTime,
];
