import { createLog } from './log.mjs';
import { requireNode } from './node-version.mjs';

/**
 * Runs the body of a script and exits with the code that it resolves to. A SetupError is told without a stack and ends with 1; a signal during the
 * set-up ends it with 128 and the signal's number, after the `exit` listeners have removed what was under way.
 */
export async function runEntry(body) {
  const log = createLog();
  const stop = { SIGINT: () => process.exit(130), SIGTERM: () => process.exit(143), SIGHUP: () => process.exit(129) };
  const release = () => Object.entries(stop).forEach(([signal, handler]) => process.off(signal, handler));
  for (const [signal, handler] of Object.entries(stop)) process.on(signal, handler);
  try {
    requireNode();
    process.exitCode = await body({ log, release });
  } catch (error) {
    log.line(error?.code === 'setup_failed' ? error.message : (error?.stack ?? String(error)));
    process.exitCode = 1;
  } finally {
    release();
  }
}
