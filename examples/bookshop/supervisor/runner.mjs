import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInstance } from './instance.mjs';

/** Patience with requests under way on the old instances, and pause before a crashed instance is started again, milliseconds. */
const DRAIN_MS = 3000;
const CRASH_PAUSE_MS = 500;

/** @typedef {import('./instance.mjs').Instance} Instance */
/** @typedef {{ name: string, instance: Instance | undefined }} Slot a place of the service; its name outlives the processes in it */

/** Keeps healthy instances of a release behind the forwarder. */
export class Runner {
  #closing = false;

  /**
   * @param {{ dir: string, releases: string }} where
   * @param {number} size how many instances
   * @param {import('./forwarder.mjs').Forwarder} forwarder
   * @param {import('./conditions.mjs').Conditions} conditions
   * @param {import('../lib/json-log.mjs').Log} log
   */
  constructor(where, size, forwarder, conditions, log) {
    this.where = where;
    this.forwarder = forwarder;
    this.conditions = conditions;
    this.log = log;
    /** @type {Slot[]} */
    this.slots = Array.from({ length: size }, (_, i) => ({ name: `bookshop-${i + 1}`, instance: undefined }));
  }

  /** Instances that run. @returns {(Instance & { name: string })[]} */
  get instances() {
    return this.slots.flatMap(({ name, instance }) => (instance ? [{ ...instance, name }] : []));
  }

  /** Instances that get no traffic, last ones first. @param {string} name */
  isDrained(name) {
    return this.slots.slice(this.slots.length - this.conditions.drained).some((slot) => slot.name === name);
  }

  /** Places that a roll-out reaches: those that are pinned keep what they run. */
  get reachable() {
    const free = this.slots.slice(0, this.slots.length - this.conditions.pinned);
    return this.slots.filter((slot) => free.includes(slot) || slot.instance === undefined);
  }

  /**
   * Starts instances of the release beside the old ones, calls `switching` when all are healthy, moves the traffic over, and ends the old ones. Resolves to how many were
   * replaced. Rejects, with the old ones still serving, when a new one does not become healthy.
   * @param {string} release @param {() => void} [switching] @param {readonly Slot[]} [slots]
   */
  async replace(release, switching = () => undefined, slots = this.reachable) {
    const begun = await Promise.allSettled(slots.map(() => startInstance({ ...this.where, release, id: `instance-${randomUUID().slice(0, 8)}` })));
    const fresh = begun.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    try {
      for (const start of begun) if (start.status === 'rejected') throw start.reason;
      if (this.#closing) throw new Error('was not put to work, as the supervisor is ending');
      switching();
    } catch (error) {
      await Promise.all(fresh.map((one) => one.stop()));
      throw error;
    }
    const old = slots.map((slot) => slot.instance);
    slots.forEach((slot, i) => this.#put(slot, fresh[i]));
    await this.route(DRAIN_MS);
    await Promise.all(old.map((one) => one?.stop()));
    return fresh.length;
  }

  /** Sends the traffic to the instances that run and are not drained. @param {number} patienceMs */
  async route(patienceMs) {
    const serving = this.instances.filter(({ name }) => !this.isDrained(name));
    await this.forwarder.switchTo(
      serving.map(({ port }) => port),
      patienceMs,
    );
  }

  /** @param {Slot} slot @param {Instance | undefined} instance */
  #put(slot, instance) {
    slot.instance = instance;
    if (instance) void instance.ended.then((how) => this.#ended(slot, instance, how));
  }

  /** @param {Slot} slot @param {Instance} instance @param {string} how */
  async #ended(slot, instance, how) {
    while (!this.#closing && slot.instance === instance) {
      this.log('error', `instance ended by itself (${how}), starting it again`, { release: instance.release });
      await sleep(CRASH_PAUSE_MS);
      if (this.#closing || slot.instance !== instance) return;
      const onlyIfNeeded = () => {
        if (slot.instance !== instance) throw new Error('a newer instance serves already');
      };
      await this.replace(instance.release, onlyIfNeeded, [slot]).catch((error) => this.log('warn', `did not start it again: ${String(error)}`));
    }
  }

  /** Ends the instances; none is started after this. */
  async close() {
    this.#closing = true;
    await this.forwarder.switchTo([], 500);
    await Promise.all(this.slots.map(({ instance }) => instance?.stop()));
  }
}
