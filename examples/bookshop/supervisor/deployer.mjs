/** @typedef {import('./ledger.mjs').Entry} Entry */
/** @typedef {{ release?: string, by: string, token: string | null, reason?: string }} Call */

/** Takes deploy and restart calls, writes each down, and works them off one after another. It never asks whether a call is a repetition. */
export class Deployer {
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {import('./ledger.mjs').Ledger} ledger @param {import('./changes.mjs').Changes} changes
   * @param {import('./pointer.mjs').Pointer} pointer @param {import('./runner.mjs').Runner} runner
   * @param {() => readonly string[]} releases
   */
  constructor(ledger, changes, pointer, runner, releases) {
    this.ledger = ledger;
    this.changes = changes;
    this.pointer = pointer;
    this.runner = runner;
    this.releases = releases;
  }

  /** Deploys a release. Resolves with the ended entry, `done` or `failed`. @param {Call & { release: string }} call @returns {Promise<Entry>} */
  deploy(call) {
    const entry = this.#receive('deploy', call.release, call);
    if (!this.releases().includes(call.release)) {
      return Promise.resolve(this.ledger.end(entry, 'failed', `There is no release ${call.release}; there are ${this.releases().join(', ')}.`));
    }
    return this.#inTurn(entry);
  }

  /** Starts the current release anew. Resolves with the ended entry. @param {Call} call @returns {Promise<Entry>} */
  restart(call) {
    return this.#inTurn(this.#receive('restart', this.pointer.now.current, call));
  }

  /** @param {Entry['kind']} kind @param {string} release @param {Call} call */
  #receive(kind, release, { by, token, reason }) {
    return this.ledger.receive({ kind, token, by, release, from: this.pointer.now.current, ...(reason === undefined ? {} : { reason }) });
  }

  /** @param {Entry} entry @returns {Promise<Entry>} */
  #inTurn(entry) {
    const turn = this.#queue.then(() => this.#work(entry));
    this.#queue = turn;
    return turn;
  }

  /** @param {Entry} received @returns {Promise<Entry>} */
  async #work(received) {
    const from = this.pointer.now.current;
    const entry = { ...received, from, release: received.kind === 'restart' ? from : received.release };
    try {
      const replaced = await this.runner.replace(entry.release, () => {
        const { at } = entry.kind === 'restart' ? { at: new Date().toISOString() } : this.pointer.set(entry.release, entry.id);
        this.changes.record(entry, at);
      });
      const where = replaced < this.runner.slots.length ? ` on ${replaced} of ${this.runner.slots.length} instances` : '';
      return this.ledger.end(entry, 'done', entry.kind === 'restart' ? `${from} runs in a new process${where}.` : `${entry.release} runs${where}.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.ledger.end(entry, 'failed', `${entry.release} ${reason}; ${from} was kept.`);
    }
  }

  /** After a crash: ends unfinished calls as interrupted, and records the change of one that had already switched the release. */
  recover() {
    for (const entry of this.ledger.interruptUnfinished()) {
      if (this.pointer.now.by === entry.id) this.changes.record({ ...entry, from: this.pointer.now.previous }, this.pointer.now.at);
    }
  }
}
