import type { z } from 'zod';
import { CORRELATE_DEFAULTS, type CorrelateSettings } from '../domain/correlate/types';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import type { Service } from '../domain/inventory';
import { suggestion } from '../domain/nearest';
import { overlay } from './overlay';
import type { correlationSchema } from './schema-correlation';

/** Settings of correlation with defaults filled in. */
export function resolveCorrelation({ enabled, window, maxHops, rules = [] }: z.output<typeof correlationSchema> = {}): CorrelateSettings {
  return {
    ...overlay(CORRELATE_DEFAULTS, { enabled, windowMs: window, maxHops }),
    rules: rules.map(({ name, match = {}, services = [], environments = [], action }) => ({ name, match: defined(match), services, environments, action })),
  };
}

/** What does not fit together in them: names that are used twice or that nothing has, and a rule that would make everything one incident. */
export function correlationProblems({ rules }: CorrelateSettings, services: readonly Service[], incomplete = false): Problem[] {
  const known = { services: [...new Set(services.map(({ name }) => name))], environments: [...new Set(services.map(({ environment }) => environment))] };
  return rules.flatMap((rule, i) => {
    const path = `correlation.rules.${String(i)}`;
    const twice = rules.findIndex(({ name }) => name === rule.name) < i;
    const everything = rule.action === 'join' && rule.services.length === 0 && Object.keys(rule.match).every((key) => key === 'environment');
    const unknown = (['services', 'environments'] as const).flatMap((kind) =>
      rule[kind].flatMap((name, j) =>
        incomplete || services.length === 0 || known[kind].includes(name)
          ? []
          : [{ path: `${path}.${kind}.${String(j)}`, message: `no service of the inventory fits ${name}; ${suggestion(name, known[kind])}` }],
      ),
    );
    return [
      ...(twice ? [{ path: `${path}.name`, message: `${rule.name} is used twice; give each rule its own name` }] : []),
      ...(everything ? [{ path, message: 'would make one incident of everything; say which services, or what the alerts have in match' }] : []),
      ...unknown,
    ];
  });
}
