import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NightshiftError, errorMessage } from '../../domain/errors';
import type { LogLine } from '../../domain/metrics';
import type { LogSource } from '../../ports/logs';
import { parseLogLine } from './log-line';
import { rotatedFiles } from './rotated-files';

/** Limits of one read. */
export interface FileLogOptions {
  /** Most bytes read from the end of the log. */
  readonly maxBytes: number;
}

const unzip = promisify(gunzip);
const CHUNK_BYTES = 64 * 1024;
/** Lines may stand this much (milliseconds) out of order, as several writers share a file. */
const DISORDER_MS = 5_000;
const NEWLINE = 0x0a;

/**
 * Reads a log file (JSON lines, or plain lines that begin with a time) from its end, back to the wanted time, and on into the rotated files (`.1`, `-20261120`, packed or not) where it was rotated in between. Each read begins anew, so a truncated or
 * replaced file does no harm, and a half-written last line is left for the next read. Throws `not_found` when there is no file and `unreachable` when it cannot be read.
 */
export function createFileLog(options: FileLogOptions): LogSource {
  return {
    async read(service, from, to, maxLines) {
      if (!service.logs) throw new NightshiftError('not_found', `${service.name} has no log file in the inventory; add logs.file to read it`);
      const current = await tail(service.logs.file, from, options.maxBytes);
      const older = current?.complete ? [] : await olderTails(service.logs.file, from, options.maxBytes - (current?.bytes ?? 0), current);
      if (!current && older.length === 0) throw new NightshiftError('not_found', `the log of ${service.name} is not there: ${service.logs.file}`);
      const lines = [...older.flatMap((each) => each.lines), ...(current?.lines ?? [])].filter((line) => line.at >= from && line.at <= to);
      return lines.sort((a, b) => a.at - b.at).slice(Math.max(0, lines.length - maxLines));
    },
  };
}

/** Rotated files that are read at most; with more the wanted time lies further back than anybody asks. */
const MOST_OLDER = 8;

/** Ends of the rotated files, oldest first, as far back as is wanted. One that was the current file when that was read is not read twice. */
async function olderTails(file: string, from: number, maxBytes: number, current: Tail | undefined): Promise<readonly Tail[]> {
  const found: Tail[] = [];
  const seen = new Set(current ? [current.inode] : []);
  let left = maxBytes;
  for (const path of (await rotatedFiles(file)).slice(0, MOST_OLDER)) {
    if (left <= 0) break;
    const older = path.endsWith('.gz') ? await unzippedTail(path, left) : await tail(path, from, left);
    if (!older || seen.has(older.inode)) continue;
    seen.add(older.inode);
    found.unshift(older);
    left -= older.bytes;
    if (older.complete) break;
  }
  return found;
}

interface Tail {
  /** Device and inode: the same file under whatever name. */
  readonly inode: string;
  readonly lines: LogLine[];
  readonly bytes: number;
  /** True when it reached back to the wanted time (or its allowance), so that no older file is needed. */
  readonly complete: boolean;
}

async function tail(path: string, from: number, maxBytes: number): Promise<Tail | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new NightshiftError('unreachable', `the log ${path} cannot be read: ${errorMessage(error)}`, [], { cause: error });
  }
  try {
    return await readBackwards(file, from, maxBytes);
  } finally {
    await file.close();
  }
}

async function readBackwards(file: FileHandle, from: number, maxBytes: number): Promise<Tail> {
  const { size, dev, ino } = await file.stat();
  const inode = `${String(dev)}:${String(ino)}`;
  const parts: LogLine[][] = [];
  let position = size;
  // The start of a chunk is the end of a line whose beginning lies in the chunk before; chunks are joined as bytes, as a cut may split a character.
  let rest: Buffer[] = [];
  let complete = false;
  while (position > 0 && !complete) {
    const length = Math.min(CHUNK_BYTES, position, maxBytes - (size - position));
    if (length <= 0) return { inode, lines: parts.reverse().flat(), bytes: size - position, complete: true };
    position -= length;
    const chunk = await readExactly(file, position, length);
    const cut = position === 0 ? -1 : chunk.indexOf(NEWLINE);
    if (position > 0 && cut < 0) {
      rest.unshift(chunk);
      continue;
    }
    const lines = parseLines(Buffer.concat([chunk.subarray(cut + 1), ...rest]));
    rest = [chunk.subarray(0, cut + 1)];
    parts.push(lines);
    complete = lines.length > 0 && lines.every((line) => line.at < from - DISORDER_MS);
  }
  return { inode, lines: parts.reverse().flat(), bytes: size - position, complete };
}

// Fewer bytes than asked for mean that the file was truncated meanwhile: what is there counts.
async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A rotated file that was packed: read whole, as it has no end to begin from. One that is larger than allowed, or still being written, gives nothing. */
async function unzippedTail(path: string, maxBytes: number): Promise<Tail | undefined> {
  try {
    const { dev, ino } = await stat(path);
    const bytes = await unzip(await readFile(path), { maxOutputLength: maxBytes });
    return { inode: `${String(dev)}:${String(ino)}`, lines: parseLines(bytes), bytes: bytes.length, complete: false };
  } catch {
    return undefined;
  }
}

function parseLines(bytes: Buffer): LogLine[] {
  // Where a file was cut while its writer kept its place, a hole of zeros stands before the next line.
  return bytes
    .toString('utf8')
    .replaceAll('\0', '')
    .split('\n')
    .flatMap((line) => parseLogLine(line) ?? []);
}
