import type { Draw } from './draw';

type Context = (text: string, d: Draw) => string;

/** A name that says nothing, or not the right thing, about what stands beside it. */
const dumb = (d: Draw): string => d.one(['value', 'arg0', 'input', 'payload', 'data', 'param', 'got', 'field', 'x']);

/** Lines in which a token stands alone: nothing else tells that it is one. The last third are shapes that no rule was written for. */
export const AROUND_TOKENS: readonly Context[] = [
  (t, d) => `${d.time()} INFO ${d.word()} started with ${t}`,
  (t, d) => JSON.stringify({ time: d.time(), level: 'warn', msg: 'unexpected input', [dumb(d)]: t }),
  (t, d) => `ts=${d.time()} level=error svc=${d.word()} ${dumb(d)}=${t} dur=12ms`,
  (t, d) => `export ${d.word().toUpperCase()}_${dumb(d).toUpperCase()}="${t}"`,
  (t, d) => `  ${dumb(d)}: ${t}`,
  (t, d) => `    at ${d.word()}.connect (/app/src/${d.word()}.js:42:17) [${t}]`,
  (t, d) => `Caused by: java.lang.IllegalArgumentException: bad ${dumb(d)} <${t}>`,
  (t, d) => `${d.word()}[${String(d.number(100, 9999))}]: rejected '${t}' from ${d.ip()}`,
  (t, d) => `GET /hooks?${dumb(d)}=${t}&page=2 HTTP/1.1" 403 19 "-" "curl/8.5.0"`,
  (t, d) => `${String(d.number(1, 99))},${d.time()},${d.word()},${t},failed`,
  (t) => `<td>${t}</td>`,
  (t, d) => `| ${d.word()} | ${t} | ${String(d.number(1, 9))} |`,
  (t, d) => `\u001b[33mWARN\u001b[0m ${d.word()} \u001b[36m${dumb(d)}=\u001b[0m${t}`,
  (t, d) => `"Env":["PATH=/usr/bin","${d.word().toUpperCase()}=${t}","TZ=UTC"]`,
  (t, d) => `git clone failed: ${d.word()}\\n${t}\\nexit 128`,
];

/** Lines around text that tells by itself what is in it. */
export const AROUND_TEXTS: readonly Context[] = [
  (t) => t,
  (t, d) => `${d.time()} ${d.word()} DEBUG ${t}`,
  (t, d) => `Nov 22 10:0${String(d.number(0, 9))}:11 host-${String(d.number(1, 9))} ${d.word()}[${String(d.number(100, 9999))}]: ${t}`,
  (t, d) => `[${d.time()}] (${d.word()}) ${t}`,
  (t, d) => `\u001b[31mERROR\u001b[0m ${d.word()}: ${t}`,
  (t, d) => `+ ${t}   # ${d.word()}`,
  (t, d) => `2026/11/22 10:00:00 ${d.word()}.go:${String(d.number(10, 400))}: ${t}`,
];
