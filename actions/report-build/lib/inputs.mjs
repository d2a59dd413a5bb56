const VERDICTS = ['anomalous', 'unknown', 'normal'];
const UNITS = { ms: 1, s: 1000, m: 60_000 };
const LONGEST_WAIT_MS = 60_000;

/** The inputs of the step, checked; the key is masked before anything else can print it. Throws an error that says what to write. */
export function readInputs(env, runner) {
  const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const key = input('key');
  if (key !== '') runner.mask(key);
  return {
    key,
    url: baseUrl(input('url')),
    service: input('service'),
    environment: input('environment'),
    name: input('name'),
    junit: lines(input('junit')),
    waitMs: waitOf(input('wait')),
    failOn: verdictsOf(input('fail-on-verdict')),
    report: oneOf('report', ['at-end', 'now'], input('report') || 'at-end'),
    status: input('status'),
    jobId: /^\d+$/.test(input('job-id')) ? input('job-id') : '',
    matrix: matrixOf(input('matrix')),
  };
}

/** Whether the text of an input means yes. */
export function isTrue(text) {
  return /^(true|yes|on|1)$/i.test((text ?? '').trim());
}

function baseUrl(text) {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new Error('the input `url` must be an address such as https://nightshift.example.com.');
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') throw new Error('the input `url` must hold no name and password; the key goes into `key`.');
  return text.replace(/[?#].*$/, '').replace(/\/+$/, '');
}

function waitOf(text) {
  if (text === '') return 0;
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  const ms = match ? Number(match[1]) * UNITS[match[2]] : NaN;
  if (!(ms <= LONGEST_WAIT_MS)) throw new Error('the input `wait` must be a time such as 10s, at most 60s.');
  return ms;
}

function verdictsOf(text) {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => oneOf('fail-on-verdict', VERDICTS, word));
}

function oneOf(name, words, word) {
  if (!words.includes(word)) throw new Error(`the input \`${name}\` must be one of ${words.join(', ')}.`);
  return word;
}

function lines(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Values of the matrix as GitHub shows them after the name of the job. */
function matrixOf(text) {
  try {
    const matrix = JSON.parse(text === '' ? 'null' : text);
    if (typeof matrix !== 'object' || matrix === null) return [];
    return Object.values(matrix).flatMap((value) => (['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : []));
  } catch {
    return [];
  }
}
