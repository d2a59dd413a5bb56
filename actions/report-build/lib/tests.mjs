import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from './glob.mjs';
import { addCounts, countTests } from './junit.mjs';

/** Reports that are read, and the size of one. */
const MOST_FILES = 5000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Counts the tests in the reports that the globs name; undefined where there is none. What is passed over is told. */
export function testsIn(globs, root, warn) {
  if (globs.length === 0) return undefined;
  const files = filesOf(globs, root);
  if (files.length === 0) warn(`no JUnit report fits ${globs.join(', ')}`);
  if (files.length > MOST_FILES) warn(`only the first ${MOST_FILES} of ${files.length} JUnit reports are counted`);
  const counts = files.slice(0, MOST_FILES).flatMap((file) => {
    const count = countsOf(join(root, file));
    if (!count) warn(`${file} is no JUnit report, or it is too large`);
    return count ? [count] : [];
  });
  return counts.length === 0 ? undefined : addCounts(counts);
}

function countsOf(path) {
  try {
    return statSync(path).size > MOST_BYTES ? undefined : countTests(textOf(readFileSync(path)));
  } catch {
    return undefined;
  }
}

/** Some writers on Windows use UTF-16. */
function textOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder().decode(bytes);
}
