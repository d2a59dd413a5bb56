import type { Migration } from '../migrate';
import { initial } from './0001-initial';

/** All migrations, oldest first. One that was released is never edited: a new one is added. */
export const MIGRATIONS: readonly Migration[] = [initial];
