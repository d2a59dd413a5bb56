import { open, write } from 'node:fs';
import { Writable } from 'node:stream';

/** A file that lines are appended to as long as there is room: a full disk costs lines of a log, and never the process or the one that talks. */
export function lenientLog(file: string): Writable {
  let opened: number | undefined;
  const withFile = (use: (handle: number) => void, without: () => void): void => {
    if (opened !== undefined) return use(opened);
    open(file, 'a', 0o600, (error, handle) => {
      if (error) return without();
      opened = handle;
      use(handle);
    });
  };
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      withFile(
        (handle) => write(handle, chunk, () => done()),
        () => done(),
      );
    },
  });
}
