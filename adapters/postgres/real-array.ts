const HEAD = 20;
const LENGTH = 4;

/** Numbers as the text of an array of `real`. */
export function realArrayText(values: Float32Array): string {
  return `{${values.join(',')}}`;
}

/** Numbers of an array of `real` that `array_send` gave (https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/arrayfuncs.c), as its text is slow to read. */
export function readRealArray(sent: Buffer): Float32Array {
  const values = new Float32Array(Math.max(0, (sent.length - HEAD) / (2 * LENGTH)));
  for (let i = 0; i < values.length; i += 1) values[i] = sent.readFloatBE(HEAD + i * 2 * LENGTH + LENGTH);
  return values;
}
