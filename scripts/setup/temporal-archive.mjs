import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, reason } from './errors.mjs';
import { runChild } from './child.mjs';
import { download } from './download.mjs';
import { trustedCertificates } from './https.mjs';
import { megabytes } from './log.mjs';
import { isProgram, programName } from './places.mjs';

/**
 * Downloads the official archive for this system into `folder` (a folder of this attempt alone), checks it and unpacks it.
 * Resolves to the program's path; throws a SetupError that says why it did not work.
 */
export async function fromArchive({ env, log, folder, cacheDir, release, system }) {
  const archive = release.archives[system];
  if (!archive) throw new SetupError(`there is no official archive for ${system}`);
  const target = join(folder, archive.url.endsWith('.zip') ? 'archive.zip' : 'archive.tar.gz');
  const announce = (bytes) => {
    const size = bytes ? megabytes(bytes) : `about ${archive.aboutMegabytes} MB`;
    log.line(`Downloading the Temporal CLI ${release.version} (a server for development, ${size}) from ${archive.url}`);
    log.line(`  into ${cacheDir}; to remove it, delete that folder.`);
  };
  await download({ url: archive.url, sha256: archive.sha256, target, env, ca: trustedCertificates(env, log), log, announce });
  return unpack(target, folder, env);
}

async function unpack(archive, folder, env) {
  // Windows ships a tar that reads zip files; one from elsewhere on the PATH may not.
  const tar = process.platform === 'win32' ? join(env.SystemRoot || 'C:\\Windows', 'System32', 'tar.exe') : 'tar';
  let result;
  try {
    result = await runChild(tar, ['-xf', archive, '-C', folder, ...(process.platform === 'win32' ? [] : ['--no-same-owner'])], { env });
  } catch (error) {
    throw new SetupError(`\`tar\`, which unpacks the archive, cannot be run: ${reason(error)}`);
  }
  const program = join(folder, programName('temporal'));
  if (result.code !== 0) throw new SetupError(`the archive could not be unpacked: ${result.output.split('\n').at(-1)}`);
  if (process.platform !== 'win32') chmodQuietly(program);
  if (!isProgram(program)) throw new SetupError('the archive holds no temporal program');
  return program;
}

function chmodQuietly(path) {
  try {
    chmodSync(path, 0o755);
  } catch {
    // A missing program is told by the check that follows.
  }
}
