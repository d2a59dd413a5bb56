import { z } from 'zod';
import type { Build } from '../domain/build';
import { NightshiftError } from '../domain/errors';
import { isoTime } from '../domain/outside-schemas';
import { jsonOf } from '../domain/sources/wire';

/** Where a page of builds ended. */
type Place = Pick<Build, 'endedAt' | 'id'>;

const place = z.tuple([isoTime('').pipe(z.string().endsWith('Z')), z.string().min(1).max(200)]);

/** The cursor of the page after a build. */
export function writeCursor({ endedAt, id }: Place): string {
  return Buffer.from(JSON.stringify([endedAt, id])).toString('base64url');
}

/** The build that a page before ended with. Throws `invalid_input` for what is no cursor of ours. */
export function readCursor(cursor: string): Place {
  const read = place.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (read.success) return { endedAt: read.data[0], id: read.data[1] };
  throw new NightshiftError('invalid_input', 'The cursor is not one that a page before gave. Start again without it.', [
    { path: 'cursor', message: 'not a cursor of ours' },
  ]);
}
