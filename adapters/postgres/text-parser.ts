import pg from 'pg';

const INT8 = 20;

/** Reads a column's text by the type's OID as node-postgres does; but counts, positions and times are numbers, as they are far below 2^53. */
export function textParser(oid: number): (text: string) => unknown {
  return oid === INT8 ? Number : (pg.types.getTypeParser(oid, 'text') as (text: string) => unknown);
}
