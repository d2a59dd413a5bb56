import { SetupError } from './errors.mjs';

const MINIMUM = [20, 19];

/** Throws a SetupError when Node (a version such as `20.19.0`) is older than what Nightshift needs. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new SetupError(
    `Nightshift needs Node ${MINIMUM.join('.')} or newer, and this is Node ${version}. Install Node 22 or 24 (https://nodejs.org) and run the same command again.`,
  );
}
