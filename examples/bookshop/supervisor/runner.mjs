import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInstance } from './instance.mjs';

/** Patience with requests under way on the old instance, and pause before a crashed instance is started again, milliseconds. */
const DRAIN_MS = 3000;
const CRASH_PAUSE_MS = 500;

/** Keeps one healthy instance of a release behind the forwarder. */
export class Runner {
  /** @type {import('./instance.mjs').Instance | undefined} */
  instance;
  #closing = false;

  /**
   * @param {{ dir: string, releases: string }} where
   * @param {import('./forwarder.mjs').Forwarder} forwarder
   * @param {import('../lib/json-log.mjs').Log} log
   */
  constructor(where, forwarder, log) {
    this.where = where;
    this.forwarder = forwarder;
    this.log = log;
  }

  /**
   * Starts an instance of the release beside the old one, calls `switching` when it is healthy, moves the traffic over, and ends the old one.
   * Rejects, with the old one still serving, when the new one does not become healthy.
   * @param {string} release @param {() => void} [switching]
   */
  async replace(release, switching = () => undefined) {
    const fresh = await startInstance({ ...this.where, release, id: `instance-${randomUUID().slice(0, 8)}` });
    try {
      if (this.#closing) throw new Error('was not put to work, as the supervisor is ending');
      switching();
    } catch (error) {
      await fresh.stop();
      throw error;
    }
    const old = this.instance;
    this.instance = fresh;
    void fresh.ended.then((how) => this.#ended(fresh, how));
    await this.forwarder.switchTo(fresh.port, DRAIN_MS);
    await old?.stop();
  }

  /** @param {import('./instance.mjs').Instance} instance @param {string} how */
  async #ended(instance, how) {
    while (!this.#closing && this.instance === instance) {
      this.log('error', `instance ended by itself (${how}), starting it again`, { release: instance.release });
      await sleep(CRASH_PAUSE_MS);
      if (this.#closing || this.instance !== instance) return;
      const onlyIfNeeded = () => {
        if (this.instance !== instance) throw new Error('a newer instance serves already');
      };
      await this.replace(instance.release, onlyIfNeeded).catch((error) => this.log('warn', `did not start it again: ${String(error)}`));
    }
  }

  /** Ends the instance; none is started after this. */
  async close() {
    this.#closing = true;
    await this.forwarder.switchTo(undefined, 500);
    await this.instance?.stop();
  }
}
