import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * Lines of a file as objects, oldest first; none when there is no file. A line torn by a crash is left out.
 * @param {string} file @returns {Record<string, unknown>[]}
 */
export function readLines(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const value = JSON.parse(line);
        return typeof value === 'object' && value !== null ? [value] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Opens a file for lines that are on the disk when the call returns. The file begins a fresh line where a crash tore the last one.
 * @param {string} file @returns {{ append: (value: object) => void, close: () => void }}
 */
export function openJournal(file) {
  const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  const descriptor = openSync(file, 'a');
  if (torn) writeSync(descriptor, '\n');
  return {
    append: (value) => {
      writeSync(descriptor, `${JSON.stringify(value)}\n`);
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}
