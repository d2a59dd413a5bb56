import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import { sourceNamed } from '../../domain/sources/recognise';
import type { Reading } from '../../domain/sources/source';
import type { IntakeDeps } from '../intake-message';
import { refusedOf } from '../refusals';
import { addRoute } from '../route';
import { sentMessage } from '../sent-message';
import { takeTelemetry } from '../telemetry';

/**
 * Prometheus remote write: 204 when all is kept; 400 when a part was refused, with the rest kept, which the specification wants so that senders do not try again.
 * https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#required-written-response-headers
 */
export function addRemoteWriteRoute(scope: FastifyInstance, deps: IntakeDeps): void {
  addRoute(scope, {
    method: 'POST',
    url: '/v1/sources/prometheus-remote-write',
    operation: 'writeRemotely',
    access: 'responder',
    tag: 'intake',
    summary: 'Take in what Prometheus writes',
    description:
      'Remote write, version 1 and 2: protobuf in a block of Snappy. Everything that is not refused is committed before the answer; what cannot be read is set aside.',
    describedBody: z.unknown().meta({ description: 'The request as Prometheus sends it.' }),
    answer: { status: 204, description: 'Committed.' },
    problems: ['overloaded', 'unreadable', 'too_large'],
    handle: async ({ request, reply }) => {
      const { taken, reading } = await takeTelemetry(deps, sourceNamed('prometheus-remote-write'), sentMessage(request), request.log);
      const { count, words } = refusedOf(taken, reading.leftOut);
      sayWritten(reply, reading, refusedOf(taken).count);
      if (count > 0) throw new NightshiftError('invalid_input', `Not kept: ${words.join('; ')}. Everything else was.`);
    },
  });
}

/** What says that nothing was measured counts as written. Which the archive refused is not told apart: that counts as samples first. */
function sayWritten(reply: FastifyReply, { objects, leftOut = [] }: Reading, refused: number): void {
  const passed = (kind: string): number => leftOut.filter((each) => each.thing === kind && !each.refused).reduce((sum, { count }) => sum + count, 0);
  const ours = objects.filter((each) => each.object === 'point' && each.histogram).length;
  const histograms = ours + passed('histogram');
  const samples = objects.length - ours + passed('sample');
  void reply.headers({
    'x-prometheus-remote-write-samples-written': String(Math.max(0, samples - refused)),
    'x-prometheus-remote-write-histograms-written': String(histograms - Math.max(0, refused - samples)),
    'x-prometheus-remote-write-exemplars-written': '0',
  });
}
