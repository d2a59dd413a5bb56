import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NightshiftError } from '../../domain/errors';
import type { Source } from '../../domain/sources/source';
import { isUnreadable, keepAside, orSetAside } from '../aside';
import type { IntakeDeps } from '../intake-message';
import { takeIn } from '../intake-message';
import type { Taken } from '../keep';
import { knownSources } from '../known-sources';
import { addRoute } from '../route';
import type { SentMessage } from '../sent-message';
import { sentMessage } from '../sent-message';
import { signatureDoor } from '../signature-door';
import { takenSchema } from '../taken-schema';
import { addOtlpRoutes } from './otlp';
import { addRemoteWriteRoute } from './remote-write';

const NOTHING: Taken = { alerts: { accepted: 0, duplicates: 0 }, changes: { accepted: 0 }, leftAside: [] };

/** POST /v1/sources/{name}: what other systems send, as they send it, with a key or a signature of its source. */
export function addSourceRoutes(app: FastifyInstance, deps: IntakeDeps): void {
  const sources = knownSources(deps.sources);
  const door = signatureDoor(deps);
  // In a scope of its own: signatures are over the bytes, and some formats are no JSON.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    // These answer as their protocols want.
    addOtlpRoutes(scope, deps);
    addRemoteWriteRoute(scope, deps);
    addRoute(scope, {
      method: 'POST',
      url: '/v1/sources/:name',
      operation: 'sendToSource',
      access: 'responder',
      opensBySignature: (request) => door.opens(nameIn(request)),
      tag: 'intake',
      summary: 'Take in a message of another system',
      description: `Sources: ${sources.names.join(', ')}. Everything in the message is committed, or nothing; the same message again counts as duplicates. A source whose secret or topics are configured needs no key.`,
      params: z.object({
        name: z
          .string()
          .max(100)
          .meta({ description: 'Name of the source.', examples: ['alertmanager'] }),
      }),
      describedBody: z.unknown().meta({ description: 'The message as the source sends it; gzip is understood.' }),
      answer: { status: 202, description: 'Committed.', schema: takenSchema },
      problems: ['overloaded', 'unreadable', 'too_large'],
      handle: ({ params, request }) => {
        const source = sources.named(params.name);
        const sent = sentMessage(request);
        return request.person ? takeKeyed(deps, source, sent, request.log) : takeSigned(deps, door, source, sent, request.log);
      },
    });
    done();
  });
}

function nameIn({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'name' in params ? String(params.name) : '';
}

/** Who has a key sees the answer and can mend what is sent; the message is kept all the same, as some drop what they are told is wrong. */
function takeKeyed(deps: IntakeDeps, source: Source, sent: SentMessage, log: FastifyBaseLogger): Promise<Taken> {
  const receivedAt = deps.clock.now();
  return orSetAside(deps, { ...sent, source: source.name, receivedAt }, () => takeIn(deps, source, sent, receivedAt, log));
}

/** Nobody sees the answer to a signed message, and its sender does not keep it: it is taken in, or set aside, or refused so that the sender notes it as lost. */
async function takeSigned(deps: IntakeDeps, door: ReturnType<typeof signatureDoor>, source: Source, sent: SentMessage, log: FastifyBaseLogger): Promise<Taken> {
  const receivedAt = deps.clock.now();
  const admitted = await door.letIn(source.name, sent, log);
  if (admitted.note !== undefined) {
    await admitted.remember();
    return { ...NOTHING, leftAside: [admitted.note] };
  }
  const taken = await takeIn(deps, source, sent, receivedAt, log).catch(async (error: unknown) => {
    if (!isUnreadable(error)) throw error;
    const id = await keepAside(deps, { ...sent, source: source.name, receivedAt, by: 'signature', error });
    if (id === undefined) throw new NightshiftError('overloaded', 'The message cannot be read now, and no more can be set aside. Send it again later.');
    log.warn({ source: source.name, id }, 'a message that cannot be read was set aside');
    return { ...NOTHING, leftAside: [`a message that cannot be read yet; it is set aside as ${id}`] };
  });
  await admitted.remember();
  return taken;
}
