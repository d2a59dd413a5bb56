/** How often a line of progress is written where a line cannot be drawn over, in milliseconds. */
const LINE_EVERY_MS = 10_000;

/**
 * Writes what set-up does to `stream` (standard error, so that standard output stays clean): `line` for what stays,
 * `progress` for what a terminal draws over and a file gets every ten seconds.
 */
export function createLog(stream = process.stderr, now = Date.now) {
  let drawn = false;
  let last = now();
  const clear = () => {
    if (drawn) stream.write('\r\x1b[2K');
    drawn = false;
  };
  return {
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    progress(text) {
      if (stream.isTTY) {
        clear();
        stream.write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
        drawn = true;
      } else if (now() - last >= LINE_EVERY_MS) {
        last = now();
        stream.write(`${text}\n`);
      }
    },
  };
}

/** Bytes as people read them. */
export function megabytes(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
