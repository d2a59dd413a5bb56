import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** @typedef {'debug' | 'info' | 'warn' | 'error'} Level */
/** @typedef {(level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void} Log */

/**
 * A logger that appends one JSON object a line: `time` (ISO 8601), `level`, `message`, the fixed fields, then those of the call.
 * Lines are written at once, so that the last words of a killed process are there, and two processes may share the file.
 * @param {string} file
 * @param {Readonly<Record<string, unknown>>} fixed
 * @returns {Log}
 */
export function jsonLog(file, fixed) {
  mkdirSync(path.dirname(file), { recursive: true });
  return (level, message, fields = {}) => {
    appendFileSync(file, `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fixed, ...fields })}\n`);
  };
}
