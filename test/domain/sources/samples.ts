import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';
import type { Reading, Source, SourceContext, WireMessage } from '../../../domain/sources/source';
import { wireMessage } from '../../../domain/sources/wire';

/** A sample of a source: `<name>.json` (or `.bin`) in `test/samples/<source>/`, with `<name>.headers.json` where headers matter and `<name>.expected.json` for what comes of it. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where it was not written yet. */
  readonly expected: Reading | undefined;
}

const FOLDER = join(packageRoot(), 'test', 'samples');
const PARTS = /\.(?:headers|expected)\.json$/;

/** Samples are read as if they came in at this time, without a configuration. */
export const CONTEXT: SourceContext = { environment: 'production', receivedAt: Date.UTC(2026, 2, 1, 12), services: new Map() };

/** Samples of a source, by name; none where there is no folder. */
export function samplesOf({ name: source }: Pick<Source, 'name'>): readonly Sample[] {
  const folder = join(FOLDER, source);
  if (!existsSync(folder)) return [];
  const read = (file: string): unknown => (existsSync(join(folder, file)) ? JSON.parse(readFileSync(join(folder, file), 'utf8')) : undefined);
  return readdirSync(folder)
    .filter((file) => /\.(?:json|bin)$/.test(file) && !PARTS.test(file))
    .sort()
    .map((file) => {
      const name = file.replace(/\.(?:json|bin)$/, '');
      return {
        ...{ name, bytes: new Uint8Array(readFileSync(join(folder, file))) },
        headers: (read(`${name}.headers.json`) ?? {}) as Sample['headers'],
        expected: read(`${name}.expected.json`) as Reading | undefined,
      };
    });
}

/** The sample as a message. */
export function messageOf({ bytes, headers }: Pick<Sample, 'bytes' | 'headers'>): WireMessage {
  return wireMessage(bytes, headers);
}

/** Names of the folders that hold samples. */
export function sampledSources(): readonly string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Whether the folder says where its samples are from. */
export function hasOrigin(source: string): boolean {
  return existsSync(join(FOLDER, source, 'ORIGIN.md'));
}
