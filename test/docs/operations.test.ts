import { readdirSync } from 'node:fs';
import { defaultsOf } from '../../config/defaults';
import { openPage, ROOT, textOf } from './markdown';

const page = textOf('docs/operations.md');
/** Rooms that read the environment: the loader, the set-up, and the programs beside it. */
const READERS = ['config', 'scripts'];
/** Of the system, not of ours. */
const SYSTEM = ['PATH', 'Path', 'HOME', 'SystemRoot', 'LOCALAPPDATA', 'SSL_CERT_FILE'];
/** What images of the containers take, told by docker-compose.yml. */
const IMAGES = /^POSTGRES_/;

function variablesOfTheCode(): string[] {
  const files = READERS.flatMap((room) =>
    readdirSync(`${ROOT}/${room}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?[jt]s$/.test(path))
      .map((path) => textOf(`${room}/${path}`)),
  );
  // `env.X`, `env['X']`, and `{ X: name }: Environment`.
  const taken = /\benv(?:\.([A-Za-z_]+)|\['([A-Z_]+)'\])|^ {2}(NIGHTSHIFT_\w+): \w+,$/gm;
  const names = files.flatMap((text) => [...text.matchAll(taken)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')).filter((name) => /^[A-Z]/.test(name));
  return [...new Set(names)].filter((name) => !SYSTEM.includes(name) && !IMAGES.test(name)).sort();
}

/** Names in the first column of the table of the environment. */
function variablesOfThePage(): string[] {
  const [, section = ''] = page.split('The environment wins over the file:\n');
  const table = section.trimStart().split('\n\n')[0] ?? '';
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name)))].sort();
}

test('the page names exactly the variables of the environment that the code takes', () => {
  expect(variablesOfTheCode().length).toBeGreaterThan(10);
  expect(variablesOfThePage()).toEqual(variablesOfTheCode());
});

test('the page names exactly the ports that are opened: by the defaults, by the embedded Temporal server, and by the containers on their host', () => {
  const { api, worker } = defaultsOf('default');
  const [, grpc, ui] = /TEMPORAL_PORTS = \{ grpc: (\d+), ui: (\d+) \}/.exec(textOf('workers/start.ts')) ?? [];
  const published = [...textOf('docker-compose.yml').matchAll(/^ {4}ports: \['127\.0\.0\.1:\$\{\w+:-(\d+)\}:\d+'\]$/gm)].map(([, port]) => port);
  const opened = new Set([api.port, worker.port, grpc, ui, ...published].map(String));
  const named = new Set([...page.matchAll(/(?<![\d.])[1-9]\d{3}(?!\d| ms|\.\d)/g)].map(([port]) => port).filter((port) => Number(port) > 5000));
  expect([...named].sort()).toEqual([...opened].sort());
});

test('a command in a block, in a list or in prose is left until it is run, and one that does not stand there is refused', () => {
  const opened = openPage('docs/operations.md', { spans: true });
  const [inBlock, inList, inProse] = [
    'npx nightshift key list',
    'temporal operator namespace update --namespace default --retention 72h',
    'npx nightshift audit verify --file F',
  ];
  expect(opened.left()).toEqual(expect.arrayContaining([inBlock, inList, inProse]));
  opened.take(inBlock);
  expect(opened.left()).not.toContain(inBlock);
  expect(() => opened.take('npx nightshift juggle')).toThrow('docs/operations.md has no command npx nightshift juggle');
});
