import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HttpError } from './http.mjs';

/** @typedef {{ bookId: string, cents: number }} Item */
/** @typedef {{ id: string, items: Item[] }} Cart */

/** Carts in a folder, one file a cart, so that a cart outlives the process that made it. */
export class Carts {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @param {string} id */
  #file(id) {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new HttpError(404, 'There is no such cart.');
    return path.join(this.folder, `${id}.json`);
  }

  /** @param {Cart} cart */
  async #save(cart) {
    await writeFile(this.#file(cart.id), JSON.stringify(cart));
    return cart;
  }

  /** A new empty cart. @returns {Promise<Cart>} */
  create() {
    return this.#save({ id: randomUUID(), items: [] });
  }

  /** The cart; throws HttpError 404 when there is none. @param {string} id @returns {Promise<Cart>} */
  async get(id) {
    const text = await readFile(this.#file(id), 'utf8').catch(() => undefined);
    if (text === undefined) throw new HttpError(404, 'There is no such cart.');
    return JSON.parse(text);
  }

  /** @param {string} id @param {Item} item @returns {Promise<Cart>} */
  async add(id, item) {
    const cart = await this.get(id);
    cart.items.push(item);
    return this.#save(cart);
  }

  /** @param {string} id */
  async remove(id) {
    await rm(this.#file(id), { force: true });
  }
}
