import { parseArgs } from 'node:util';

/**
 * Options of a process from its command line: every option of `defaults` takes a value, `--tether` takes none. Ends the process with code 2 and a
 * sentence when an option is unknown or `dir` is missing.
 * @template {Record<string, string>} T
 * @param {T} defaults an empty default means that the option is needed
 * @param {readonly string[]} [argv]
 * @returns {T & { tether: boolean }}
 */
export function optionsOf(defaults, argv = process.argv.slice(2)) {
  try {
    const options = { tether: /** @type {const} */ ({ type: 'boolean', default: false }) };
    for (const [name, value] of Object.entries(defaults)) Object.assign(options, { [name]: { type: 'string', default: value } });
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    const missing = Object.keys(defaults).filter((name) => Reflect.get(values, name) === '');
    if (missing.length > 0) throw new Error(`Please give ${missing.map((name) => `--${name}`).join(' and ')}.`);
    return /** @type {T & { tether: boolean }} */ (/** @type {unknown} */ (values));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/**
 * A port number from an option; 0 lets the system choose. Ends the process with code 2 when it is none.
 * @param {string} text
 * @returns {number}
 */
export function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  process.stderr.write(`A port is a number from 0 to 65535, not "${text}".\n`);
  process.exit(2);
}
