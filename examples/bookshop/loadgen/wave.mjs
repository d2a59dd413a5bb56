import { HttpError } from '../lib/http.mjs';

/** How many times the usual customers come in a wave, and for how long (milliseconds), where nobody says otherwise. */
const WAVE = { times: 6, forMs: 17_000 };

/** Many more customers than usual for a while: everybody heard of the same book. */
export class Wave {
  #times = 1;
  #until = 0;

  /** How many times the usual traffic comes now. */
  get times() {
    return Date.now() < this.#until ? this.#times : 1;
  }

  /** Begins a wave in place of the one that is on. Throws HttpError 422. @param {unknown} body with `times` (1 to 10) and `forMs`, both optional */
  begin(body) {
    const { times, forMs } = { ...WAVE, .../** @type {object} */ (typeof body === 'object' && body !== null ? body : {}) };
    if (!(Number(times) >= 1 && Number(times) <= 10)) throw new HttpError(422, 'times is a number from 1 to 10.');
    if (!(Number(forMs) >= 0 && Number(forMs) <= 600_000)) throw new HttpError(422, 'forMs is a number of milliseconds, at most 600000.');
    [this.#times, this.#until] = [Number(times), Date.now() + Number(forMs)];
    return { times: this.#times, until: this.#until };
  }
}
