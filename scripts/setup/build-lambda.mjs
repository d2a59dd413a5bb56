import { createRequire } from 'node:module';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** How the function is bundled: one module for Node 20 of Lambda with the SDK's clients in it, always the same bytes for the same sources. */
const OPTIONS = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  charset: 'utf8',
};
/** Name of the module in the archive: its handler is `post-build.handler`. */
export const MODULE = 'post-build.mjs';
/** First day that an archive can name, so that the same module gives the same archive. */
const DATE = 0x21;

/** The Lambda function that reports builds, as one module. Throws esbuild's error. */
export async function bundleLambda(root) {
  const { outputFiles } = await bundled(root);
  return outputFiles[0].contents;
}

/** Paths of the modules of which any code is in it, from the root on. */
export async function lambdaModules(root) {
  const { metafile } = await bundled(root);
  const [{ inputs }] = Object.values(metafile.outputs);
  return Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
}

function bundled(root) {
  const { build } = createRequire(join(root, 'package.json'))('esbuild');
  return build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, 'workers', 'post-build.ts')],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

/** A ZIP archive of one file. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16 */
export function zipped(name, content) {
  const packed = deflateRawSync(content, { level: 9 });
  const file = Buffer.from(name);
  // Version 2.0, names in UTF-8, deflated, midnight.
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x800, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([words(0x04034b50), common, file, packed]);
  const attributes = Buffer.alloc(14);
  // A regular file that everybody may read, as written by Unix.
  attributes.writeUInt32LE(0o100644 * 0x10000, 6);
  const entry = Buffer.concat([words(0x02014b50), Buffer.from([20, 3]), common, attributes, file]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, entry, words(0x06054b50), end]);
}

/** A signature of the format. */
function words(signature) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
