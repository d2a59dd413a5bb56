import { parentPort, workerData } from 'node:worker_threads';
import { REDACTED, taggedMask } from '../domain/redact';
import { RedactedStream } from '../domain/redact/stream';
import type { ThreadAnswer, ThreadData } from './redact-threads';

// A thread of `nightshift redact`: whole lines in, redacted lines out.
const { tagKey } = workerData as ThreadData;
const mask = tagKey ? taggedMask(tagKey) : () => REDACTED;

parentPort?.on('message', (lines: Uint8Array) => {
  const stream = new RedactedStream(mask);
  const bytes = Uint8Array.from(Buffer.from(stream.push(Buffer.from(lines).toString('latin1')), 'latin1'));
  parentPort?.postMessage({ bytes, after: stream.carried } satisfies ThreadAnswer, [bytes.buffer]);
});
