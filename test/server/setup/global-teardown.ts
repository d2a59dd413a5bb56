import { rm } from 'node:fs/promises';

/** Ends the server that global-setup started. */
export default async function globalTeardown(): Promise<void> {
  const running = globalThis.nightshiftTemporal;
  running?.held.close();
  await running?.server.stop();
  if (running) await rm(running.folder, { recursive: true, force: true });
}
