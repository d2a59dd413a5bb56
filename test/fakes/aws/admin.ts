import { z } from 'zod';
import type { TestClock } from './clock';
import type { Dispatch } from './dispatch';
import type { Fault } from './faults';
import type { Hiding, Lag } from './hidden';
import { DEFAULT_ACCOUNT } from './identity';
import type { FakeService } from './service';
import { parseJson } from './wire/rpc';
import type { WireAnswer, WireRequest } from './wire/protocol';
import { JSON_FORMAT, read } from './wire/shapes';

const ACCOUNT = z
  .string()
  .regex(/^\d{12}$/)
  .default(DEFAULT_ACCOUNT);
const FACTS = z.strictObject({ service: z.string(), kind: z.string(), region: z.string(), account: ACCOUNT, facts: z.array(z.unknown()) });
const HIDE = z.strictObject({
  service: z.string(),
  region: z.string(),
  account: ACCOUNT,
  id: z.string(),
  reads: z.int().positive().optional(),
  ms: z.number().positive().optional(),
});
const WHICH = {
  service: z.string().optional(),
  operation: z.string().optional(),
  account: z.string().optional(),
  region: z.string().optional(),
  only: z.enum(['reads', 'writes']).optional(),
  times: z.int().positive().optional(),
  after: z.int().nonnegative().optional(),
  chance: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
};
const LAG = z.strictObject({ ...WHICH, reads: z.int().positive().optional(), ms: z.number().positive().optional() });
const FAULT = z.strictObject({
  effect: z.enum(['throttle', 'deny', 'error', 'hang', 'refuse', 'drop', 'fail', 'stall', 'slow', 'late']),
  ...WHICH,
  delayMs: z.number().nonnegative().optional(),
  error: z.strictObject({ name: z.string(), message: z.string().optional(), status: z.int().optional() }).optional(),
});
const PAGES = z.strictObject({ size: z.int().positive().nullable(), operation: z.string().optional() });
const CLOCK = z.strictObject({ advanceMs: z.number().nonnegative() });

type Door = (all: Dispatch, request: WireRequest) => unknown;

/** What can be asked and told over HTTP beside AWS's own protocols, by `METHOD path`. */
const DOORS: Readonly<Record<string, Door>> = {
  'GET /_fake': (all) =>
    [...all.services.values()].map(({ signedAs, operations, facts = {} }) => ({
      service: signedAs,
      operations: Object.keys(operations),
      facts: Object.keys(facts),
    })),
  'GET /_fake/ledger': (all, { query }) => (query.has('of') ? all.ledger.of(query.get('of') ?? '') : all.ledger.entries),
  'DELETE /_fake/ledger': (all) => done(all.ledger.clear()),
  'GET /_fake/effects': ({ world: { effects } }, { query }) => (query.has('of') ? effects.of(query.get('of') ?? '') : effects.entries),
  'DELETE /_fake/effects': (all) => done(all.world.effects.clear()),
  'POST /_fake/facts': putFacts,
  'POST /_fake/faults': (all, request) => done(all.faults.add(FAULT.parse(parseJson(request.body)) as Fault)),
  'DELETE /_fake/faults': (all) => done(all.faults.clear()),
  'POST /_fake/hidden': (all, request) => done(all.hidden.add(HIDE.parse(parseJson(request.body)) as Hiding)),
  'POST /_fake/lags': (all, request) => done(all.hidden.lags.add(LAG.parse(parseJson(request.body)) as Lag)),
  'DELETE /_fake/lags': (all) => done(all.hidden.lags.clear()),
  'POST /_fake/pages': (all, request) => {
    const { size, operation } = PAGES.parse(parseJson(request.body));
    return done(all.pages.limit(size ?? undefined, operation));
  },
  'POST /_fake/clock': (all, request) => {
    if (!('advance' in all.world.clock)) throw new Error('This fake goes by the clock of the machine: start it with --clock to move it.');
    return done((all.world.clock as TestClock).advance(CLOCK.parse(parseJson(request.body)).advanceMs));
  },
};

/** Answers a request of a test, in JSON: 200, 400 with what is wrong, or 404. */
export async function admin(all: Dispatch, request: WireRequest): Promise<WireAnswer> {
  const door = DOORS[`${request.method} ${request.path.replace(/\/$/, '')}`];
  if (!door) return json(404, { error: `There are: ${Object.keys(DOORS).join(', ')}.` });
  try {
    return json(200, await door(all, request));
  } catch (error) {
    return json(400, { error: error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error) });
  }
}

async function putFacts(all: Dispatch, request: WireRequest): Promise<object> {
  const { service, kind, region, account, facts } = FACTS.parse(parseJson(request.body));
  const found = all.services.get(service);
  if (!found) throw new Error(`There is no service ${service}; there are ${[...all.services.keys()].join(', ')}.`);
  const put = await putterOf(all, found, kind);
  const place = all.world.place(account, region);
  for (const fact of facts) put(place, fact);
  return { put: facts.length };
}

async function putterOf(all: Dispatch, service: FakeService, kind: string): Promise<(place: ReturnType<Dispatch['world']['place']>, fact: unknown) => void> {
  const known = service.facts?.[kind];
  if (!known) throw new Error(`${service.signedAs} has no facts of the kind ${kind}; it has ${Object.keys(service.facts ?? {}).join(', ')}.`);
  const { shape } = known;
  if (shape === undefined) return (place, fact) => known.put(place, fact as never);
  const model = await all.models(service);
  if (typeof shape === 'string') return (place, fact) => known.put(place, read(model.shape(shape), fact, JSON_FORMAT, true) as never);
  return (place, fact) => {
    const given = fact as Record<string, unknown>;
    const members = Object.entries(shape).map(([name, of]) => [name, read(model.shape(of), given[name], JSON_FORMAT, true)] as const);
    known.put(place, { ...given, ...Object.fromEntries(members) } as never);
  };
}

function done(_nothing: unknown): object {
  return { done: true };
}

function json(status: number, body: unknown): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
