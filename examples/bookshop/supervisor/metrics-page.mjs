import { refuse } from './forwarder.mjs';

/** Longest wait for the numbers of one instance in milliseconds. */
const ANSWER_WITHIN_MS = 1000;

/** @param {number} port @returns {Promise<string | undefined>} */
async function numbersOf(port) {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const text = await reply.text();
    return reply.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A line of Prometheus text with one more label. @param {string} line @param {string} instance */
function labelled(line, instance) {
  const [, name = '', labels = '', rest = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?(\s.*)$/.exec(line) ?? [];
  return name === '' ? line : `${name}{instance="${instance}"${labels === '' ? '' : `,${labels}`}}${rest}`;
}

/**
 * Answers with the service's numbers as Prometheus text. Those of several instances stand side by side with the label `instance`, and `up` says which of them answered. With
 * none that does it is 503, and 404 where the page is turned off.
 * @param {import('node:http').ServerResponse} response @param {readonly { name: string, port: number }[]} instances @param {{ blind: boolean }} conditions
 */
export async function answerMetrics(response, instances, { blind }) {
  const text = blind ? undefined : await metricsPage(instances);
  if (text !== undefined) response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  else if (blind) refuse(response, 404, 'The page of metrics is turned off.');
  else refuse(response, 503, 'No instance tells its numbers at the moment.');
}

/** @param {readonly { name: string, port: number }[]} instances @returns {Promise<string | undefined>} */
async function metricsPage(instances) {
  const texts = await Promise.all(instances.map(({ port }) => numbersOf(port)));
  if (texts.every((text) => text === undefined)) return undefined;
  if (instances.length === 1) return texts[0];
  const lines = instances.flatMap(({ name }, i) =>
    (texts[i] ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.startsWith('#') ? line : labelled(line, name))),
  );
  const notes = new Set(lines.filter((line) => line.startsWith('#')));
  const up = instances.map(({ name }, i) => `up{instance="${name}"} ${texts[i] === undefined ? 0 : 1}`);
  return [...notes, ...lines.filter((line) => !line.startsWith('#')), '# TYPE up gauge', ...up, ''].join('\n');
}
