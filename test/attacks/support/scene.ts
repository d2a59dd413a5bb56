import { parseLogLine } from '../../../adapters/local/log-line';
import type { Alert } from '../../../domain/alert';
import { readAlerts } from '../../../domain/alert-intake';
import { readChanges } from '../../../domain/change-intake';
import { errorCode } from '../../../domain/errors';
import type { EvidenceBundle } from '../../../domain/evidence';
import { buildEvidence } from '../../../domain/evidence-build';
import type { RawEvidence } from '../../../domain/evidence-raw';
import type { Sample } from '../../../domain/metrics';
import { T0 } from '../../fakes/bookshop-series';
import { badRelease, dependencyFails, deployment, iso, memoryLeak, unknownFault } from '../../fakes/practice-faults';
import type { Attack } from './case';
import { joinedAlerts } from './joined';
import { anomaliesOf, aroundOf, deploymentsOf } from './telemetry';
import type { Said } from './telemetry';

/**
 * Troubles around which somebody attacks. In `blind` a dependency was not measured, so that only the log speaks of it; in `weak-release` only a release's nearness and a step speak for
 * it, enough to ask a person and no more; in `innocent-release` it came some minutes before the trouble and has nothing to do with it.
 */
export const SCENES = ['bad-release', 'memory-leak', 'dependency', 'unknown', 'blind', 'weak-release', 'innocent-release'] as const;
/** One of them. */
export type Scene = (typeof SCENES)[number];

/** A secret that the service itself writes into its log. */
export const OWN_SECRET = 'Kx9vQ2mL7pRtW4z';

const ONSET_SECOND = 46;
const FAULTS: Readonly<Record<Scene, RawEvidence>> = {
  'bad-release': badRelease(),
  'memory-leak': memoryLeak(),
  dependency: dependencyFails(),
  unknown: unknownFault(),
  blind: { ...unknownFault(), neighbours: [{ service: 'payments', samples: [] }] },
  'weak-release': released(10),
  'innocent-release': released(200),
};
const CALM_SECOND = 20;
const LINES = 12;
const OF_CHANGES: readonly Attack['where'][] = ['commit', 'author', 'version'];
const OF_CALLS: readonly Attack['where'][] = ['trace', 'graph', 'span'];
const OF_JOINED: readonly Attack['where'][] = ['joined-alert', 'joined-annotation', 'joined-label'];

/** What Nightshift knows of a trouble. */
export interface Seen {
  readonly bundle: EvidenceBundle;
  readonly alerts: readonly Alert[];
}

/** The same, where the door takes what the attacker wrote; what it refuses has not come in, and stands there without. */
export function seenOrRefused(scene: Scene, attack: Pick<Attack, 'where' | 'text'>): Seen & { readonly refused: boolean } {
  try {
    return { ...seen(scene, attack), refused: false };
  } catch (error) {
    if (errorCode(error) !== 'invalid_input') throw error;
    return { ...seen(scene, undefined, attack.where), refused: true };
  }
}

/** A trouble as it is gathered, with what an attacker wrote; without one, with words that mean nothing where something must stand. */
export function seen(scene: Scene, attack: Pick<Attack, 'where' | 'text'> | undefined, where = attack?.where): Seen {
  const raw = FAULTS[scene];
  // Said before the trouble too, so that it is no sign of it.
  const own = [CALM_SECOND, ONSET_SECOND].flatMap((second) => parsed('error', second, `reconnect with postgres://shop:${OWN_SECRET}@db.internal/orders`));
  const said = (at: Attack['where'], plain: string): string => (attack && where === at ? attack.text : plain);
  const logs = attack && where === 'log' ? Array.from({ length: LINES }, (_, i) => parsed('error', ONSET_SECOND + i, attack.text)).flat() : [];
  const bundle = buildEvidence({
    ...raw,
    logs: [...(raw.logs ?? []), ...own, ...logs],
    changes: [
      ...changesOf(raw, said),
      ...(where && OF_CHANGES.includes(where) ? readChanges(aside(said), { environment: raw.environment, receivedAt: raw.now }) : []),
      ...(where === 'deployment' ? deploymentsOf(said) : []),
    ],
    ...(where === 'metric' && { anomalies: anomaliesOf(said) }),
    ...(where && OF_CALLS.includes(where) && { around: aroundOf(said) }),
    samples: where === 'label' ? raw.samples.map((each) => labelled(each, said('label', 'spare'))) : raw.samples,
  });
  const alerts = readAlerts(alertOf(said, where), { environment: raw.environment, receivedAt: raw.now });
  const joined = where && OF_JOINED.includes(where) ? alerts.flatMap((first) => joinedAlerts(said, first)) : [];
  return { bundle, alerts: [...alerts, ...joined] };
}

/** An unknown fault so many seconds after a release. */
function released(before: number): RawEvidence {
  const raw = unknownFault();
  return {
    ...{ ...raw, settings: { ...raw.settings, lookbackMs: 3_600_000 }, changes: [deployment(ONSET_SECOND - before, '1.4.0', '1.5.0')] },
    targets: [{ service: 'bookshop', release: '1.5.0', releases: ['1.4.0', '1.5.0'], previousRelease: '1.4.0' }],
  };
}

/** What opened the incident; the name of a metric stands there as its signal. */
function alertOf(said: Said, where: Attack['where'] | undefined): object {
  return {
    ...{ id: 'alert-1', fingerprint: 'f1', service: said('service', 'bookshop').slice(0, 64), name: said('alert', 'ErrorShareHigh').slice(0, 200) },
    ...{ summary: said('annotation', 'requests fail'), labels: { note: said('alert-label', 'none') }, startsAt: iso(52), severity: 'critical' },
    ...(where === 'metric' && { signal: said('metric', 'spare_total').slice(0, 100) }),
  };
}

/** The changes of the trouble with an author, a version and words of an attacker. */
function changesOf(raw: RawEvidence, said: Said): RawEvidence['changes'] & object {
  return (raw.changes ?? []).flatMap((change) => {
    const told = { ...change, summary: said('commit', change.summary), author: said('author', change.author).slice(0, 128) };
    return readChanges(told, { environment: raw.environment, receivedAt: raw.now });
  });
}

/** A flag that was turned long before the trouble, as everywhere something is always being changed. */
function aside(said: Said): object {
  const text = { summary: said('commit', 'a flag'), author: said('author', 'cleo').slice(0, 128), to: said('version', '7').slice(0, 128) };
  return { id: 'flag-1', kind: 'flag', service: 'bookshop', environment: 'demo', at: iso(5), ...text };
}

function labelled(sample: Sample, label: string): Sample {
  if (!sample.up) return sample;
  return { ...sample, routes: { ...sample.routes, [label]: { requests: 0, errors: 0 } }, saturation: { ...sample.saturation, [label]: 0.3 } };
}

function parsed(level: string, second: number, msg: string) {
  const line = parseLogLine(JSON.stringify({ time: T0 + second * 1000, level, msg }));
  return line ? [line] : [];
}
