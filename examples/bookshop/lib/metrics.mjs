/** Upper bounds of the latency buckets in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** @typedef {{ requests: Map<string, number>, buckets: number[], sum: number, count: number }} RouteNumbers */

/** Counts requests by route and status with a latency histogram by route, and shows them with gauges as Prometheus text. */
export class Metrics {
  /** @type {Map<string, RouteNumbers>} */
  #routes = new Map();
  /** @type {{ name: string, help: string, labels: string, read: () => number }[]} */
  #gauges = [];

  /** @param {string} prefix first word of every metric's name @param {string} release */
  constructor(prefix, release) {
    this.prefix = prefix;
    this.gauge(`${prefix}_build_info`, 'Release that runs.', () => 1, `{release="${release}"}`);
    const startedAt = Date.now() / 1000;
    this.gauge('process_start_time_seconds', 'Start of the process since the epoch.', () => startedAt);
  }

  /** @param {string} name @param {string} help @param {() => number} read @param {string} [labels] */
  gauge(name, help, read, labels = '') {
    this.#gauges.push({ name, help, labels, read });
  }

  /** @param {string} route @param {number} status @param {number} seconds */
  observe(route, status, seconds) {
    const numbers = this.#routes.get(route) ?? { requests: new Map(), buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
    this.#routes.set(route, numbers);
    numbers.requests.set(String(status), (numbers.requests.get(String(status)) ?? 0) + 1);
    BUCKETS.forEach((le, i) => {
      if (seconds <= le) numbers.buckets[i] = (numbers.buckets[i] ?? 0) + 1;
    });
    numbers.sum += seconds;
    numbers.count += 1;
  }

  /** @returns {string} */
  text() {
    return [...this.#requestLines(), ...this.#latencyLines(), ...this.#gaugeLines(), ''].join('\n');
  }

  #requestLines() {
    const name = `${this.prefix}_requests_total`;
    const lines = [`# HELP ${name} Requests answered.`, `# TYPE ${name} counter`];
    for (const [route, numbers] of this.#routes) {
      for (const [status, count] of numbers.requests) lines.push(`${name}{route="${route}",status="${status}"} ${count}`);
    }
    return lines;
  }

  #latencyLines() {
    const name = `${this.prefix}_request_seconds`;
    const lines = [`# HELP ${name} Time to answer.`, `# TYPE ${name} histogram`];
    for (const [route, numbers] of this.#routes) {
      BUCKETS.forEach((le, i) => lines.push(`${name}_bucket{route="${route}",le="${le}"} ${numbers.buckets[i]}`));
      lines.push(`${name}_bucket{route="${route}",le="+Inf"} ${numbers.count}`);
      lines.push(`${name}_sum{route="${route}"} ${numbers.sum}`, `${name}_count{route="${route}"} ${numbers.count}`);
    }
    return lines;
  }

  #gaugeLines() {
    return this.#gauges.flatMap(({ name, help, labels, read }) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name}${labels} ${read()}`]);
  }
}
