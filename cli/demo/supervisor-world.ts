import type { DemoWorld } from './deps';
import { demoConfig } from './settings';

/** The world in which the service's supervisor, a process beside it, is asked to act. */
export const supervisorWorld: DemoWorld = {
  fault: 'bad-release',
  limitMs: 72_000,
  open: (places) =>
    Promise.resolve({
      config: demoConfig(places),
      beginsAt: (from) => from,
      async actions() {
        const reply = await fetch(`${places.supervisorUrl}/v1/ledger`);
        return ((await reply.json()) as { entries: unknown[] }).entries.length;
      },
      ledger: () => undefined,
      close: () => Promise.resolve(),
    }),
};
