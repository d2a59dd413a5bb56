import { z } from 'zod';
import { NightshiftError } from '../errors';
import type { Problem } from '../errors';
import { findService } from '../inventory';
import type { Inventory } from '../inventory';
import { suggestion } from '../nearest';
import { isoTime } from '../outside-schemas';
import { cleanText } from '../outside-text';
import type { RunbookSnapshot } from '../runbook';
import { LONGEST_GRANT_MS } from './grant';
import type { AutonomyGrant } from './grant';

/** Most services of one grant: it is for some that somebody thought of, never for all. */
const MOST_SERVICES = 20;
const LONGEST_REASON = 500;
const DAY_MS = 86_400_000;

const name = z.string().min(1).max(200);

/** A grant as a person asks for it. */
export const grantInput = z
  .strictObject({
    runbook: name.meta({ description: 'Id of the runbook; the grant is for its present version.' }),
    environment: name,
    services: z.array(name).min(1).max(MOST_SERVICES).meta({ description: 'Names of services of that environment.' }),
    mode: z.enum(['veto', 'auto']).meta({ description: 'Acts after a time in which people may object, or at once. Policy stays the ceiling.' }),
    until: isoTime('when it ends, such as 2026-03-01T06:00:00Z').meta({ description: 'At most 90 days from now.' }),
    reason: z.string().trim().min(1).max(LONGEST_REASON),
  })
  .meta({
    examples: [
      {
        ...{ runbook: 'scale-out', environment: 'production', services: ['bookshop'], mode: 'veto' },
        ...{ until: '2026-04-01T00:00:00Z', reason: 'rehearsed on 12 February' },
      },
    ],
  });

/** A grant as it was asked for. */
export type GrantInput = z.output<typeof grantInput>;

/** What a new grant is checked against; `now` is epoch milliseconds. */
export interface GrantFacts {
  readonly id: string;
  readonly person: string;
  readonly now: number;
  readonly inventory: Inventory;
  readonly catalogue: readonly RunbookSnapshot[];
}

/** The grant that a person asked for, not signed yet. Throws `invalid_input` with everything that is wrong with it. */
export function newGrant(input: GrantInput, { id, person, now, inventory, catalogue }: GrantFacts): AutonomyGrant {
  const snapshot = catalogue.find(({ runbook }) => runbook.id === input.runbook);
  const services = [...new Set(input.services)];
  const problems = [...runbookProblems(input.runbook, snapshot, catalogue), ...placeProblems(input, inventory), ...timeProblems(input.until, now)];
  if (snapshot === undefined || problems.length > 0) throw new NightshiftError('invalid_input', 'This cannot be granted.', problems);
  return {
    ...{ id, runbook: input.runbook, hash: snapshot.hash, environment: input.environment, services, mode: input.mode, person },
    ...{ reason: cleanText(input.reason, LONGEST_REASON), from: new Date(now).toISOString(), until: new Date(input.until).toISOString() },
  };
}

function runbookProblems(id: string, snapshot: RunbookSnapshot | undefined, catalogue: readonly RunbookSnapshot[]): Problem[] {
  if (snapshot === undefined) {
    const known = catalogue.map(({ runbook }) => runbook.id);
    return [{ path: 'runbook', message: `${id} is not in the catalogue; ${suggestion(id, known)}` }];
  }
  const { risk, reversible } = snapshot.runbook;
  if (reversible && risk === 'low') return [];
  const why = reversible ? `has a ${risk} risk` : `is not reversible${risk === 'low' ? '' : ` and has a ${risk} risk`}`;
  return [{ path: 'runbook', message: `${id} ${why}; only a reversible runbook of low risk can be granted autonomy by a person` }];
}

function placeProblems({ environment, services }: GrantInput, inventory: Inventory): Problem[] {
  const known = inventory.services.filter((each) => each.environment === environment).map((each) => each.name);
  return services.flatMap((service, i) => {
    const path = `services[${String(i)}]`;
    if (service.includes('*')) return [{ path, message: 'a grant is for services that are named, never for all' }];
    if (findService(inventory, environment, service)) return [];
    return [{ path, message: `there is no service ${service} in ${environment}; ${suggestion(service, known)}` }];
  });
}

function timeProblems(until: string, now: number): Problem[] {
  const ms = Date.parse(until) - now;
  if (ms <= 0) return [{ path: 'until', message: 'is over already; give a time to come' }];
  if (ms <= LONGEST_GRANT_MS) return [];
  const latest = new Date(now + LONGEST_GRANT_MS).toISOString();
  return [{ path: 'until', message: `is more than ${String(LONGEST_GRANT_MS / DAY_MS)} days from now; ${latest} is the latest` }];
}
