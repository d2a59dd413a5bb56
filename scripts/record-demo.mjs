#!/usr/bin/env node
// `node scripts/record-demo.mjs [arguments of the demo]`: runs the demo in a terminal of its own, answers its question with "y" after a look of 3 s, and draws what the
// terminal showed as `docs/demo.svg`. Needs the `script` program of util-linux. `--text FILE` also writes the plain text.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawTerminal } from './setup/terminal-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const COLUMNS = 104;
const LOOK_MS = 3_000;
/** Colours and other marks of a terminal; the picture has its own. */
// eslint-disable-next-line no-control-regex
const MARKS = /\x1b\[[0-9;]*[A-Za-z]/g;

/** Runs a command in a terminal; resolves to its lines, each with the milliseconds from the start to when it was complete, and the exit code. */
function record(command) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const terminal = spawn('script', ['-qec', `stty cols ${COLUMNS} rows 60; ${command}`, '/dev/null'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = [];
    let open = '';
    let asked = false;
    terminal.stdout.setEncoding('utf8').on('data', (text) => {
      process.stderr.write(text);
      const parts = (open + text.replaceAll('\r', '')).split('\n');
      open = parts.pop() ?? '';
      for (const part of parts) lines.push({ at: Date.now() - started, text: part.replace(MARKS, '') });
      if (asked || !open.includes('[y/N]')) return;
      asked = true;
      setTimeout(() => terminal.stdin.write('y\n'), LOOK_MS);
    });
    terminal.once('error', (error) => reject(new Error(`\`script\` cannot be run (${error.message}); it comes with util-linux.`)));
    terminal.once('close', (code) => resolve({ lines, code }));
  });
}

const args = process.argv.slice(2);
const at = args.indexOf('--text');
const textFile = at < 0 ? undefined : args.splice(at, 2)[1];
const shown = ['npm run demo', ...(args.length === 0 ? [] : ['--', ...args])].join(' ');
const { lines, code } = await record(['node scripts/run.mjs demo', ...args].join(' '));
if (code !== 0) throw new Error(`The demo ended with ${code}; nothing was drawn.`);
const first = lines.findIndex((line) => line.text.startsWith('Nightshift demo'));
const all = [{ at: 0, text: `$ ${shown}` }, ...lines.slice(first)];
writeFileSync(new URL('../docs/demo.svg', import.meta.url), drawTerminal(all, { columns: COLUMNS, title: shown }));
if (textFile) writeFileSync(textFile, `${all.map((line) => line.text).join('\n')}\n`);
console.error('Drawn: docs/demo.svg');
