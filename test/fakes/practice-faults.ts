import type { Change } from '../../domain/change';
import type { RawEvidence } from '../../domain/evidence-raw';
import type { LogLine } from '../../domain/metrics';
import { makeLines, makeSeries, T0, type Second } from './bookshop-series';

/** Traffic of the practice service: a day of 24 s, 60 to 120 requests a second. */
export const traffic = (second: number): number => 90 + 25 * Math.sin((second / 24) * 2 * Math.PI);
/** ISO time of a second since `T0`. */
export const iso = (second: number): string => new Date(T0 + second * 1000).toISOString();
/** A deployment of the practice service. */
export const deployment = (second: number, from: string, to: string, author = 'ana'): Change => {
  const kind = to < from ? 'rollback' : 'deployment';
  return { id: `deploy-${second}`, kind, environment: 'demo', service: 'bookshop', at: iso(second), author, summary: `deploy ${to}`, from, to };
};

const calm = (second: number): Second => ({ rate: traffic(second), saturation: { handles: 0.12 + 0.03 * Math.sin(second), cache: 0.2 } });
const payments = (failsFrom = Infinity) =>
  makeSeries({ service: 'payments', instance: 'p', seconds: 70, seed: 3, at: (s) => ({ rate: 25, errorShare: s >= failsFrom ? 0.9 : 0.001 }) });
const info: LogLine[] = makeLines('info', 0, 60, 100, (i) => `served request ${i}`);

/** Raw evidence of a calm service with the settings of the `fast` profile, gathered at second 60 for an alert at second 52. */
export function calmRaw(overrides: Partial<RawEvidence> = {}): RawEvidence {
  return {
    incidentId: 'inc-aaaaaaaaaaaaaaaa',
    round: 1,
    environment: 'demo',
    service: 'bookshop',
    now: T0 + 60_000,
    firstAlertAt: T0 + 52_000,
    settings: { baselineMs: 20_000, lookbackMs: 60_000, stepMs: 1000 },
    samples: makeSeries({ seconds: 60, at: calm }),
    neighbours: [{ service: 'payments', samples: payments() }],
    logs: info,
    changes: [],
    targets: [{ service: 'bookshop', release: '1.4.0', releases: ['1.4.0', '1.5.0', '1.5.1'], startedAt: iso(-3600) }],
    knownServices: ['bookshop', 'payments'],
    missing: [],
    ...overrides,
  };
}

const leaking =
  (deployed: number, fails: number) =>
  (s: number): Second =>
    s < deployed
      ? calm(s)
      : {
          rate: traffic(s),
          errorShare: s >= fails ? 0.28 : 0.002,
          latencyMs: s >= fails ? 180 : 8,
          saturation: { handles: Math.min(1, 0.12 + (0.88 * (s - deployed)) / (fails - deployed)), cache: 0.2 },
        };

/** 1.5.0 deployed at second 38 leaks handles; requests fail `lead` seconds later. */
export function badRelease(lead = 8): RawEvidence {
  const fails = 38 + lead;
  return calmRaw({
    firstAlertAt: T0 + (fails + 5) * 1000,
    samples: makeSeries({ seconds: 60, restarts: [38], at: leaking(38, fails) }),
    logs: [...info, ...makeLines('error', fails, 60, 90, (i) => `checkout ord-${1000 + i}a failed: no free handle after ${i} ms`)],
    changes: [deployment(38, '1.4.0', '1.5.0')],
    targets: [{ service: 'bookshop', release: '1.5.0', releases: ['1.4.0', '1.5.0'], previousRelease: '1.4.0', startedAt: iso(38) }],
  });
}

/** The cache fills from second 15 on and the service sheds load from second 45 on; nothing was changed. */
export function memoryLeak(): RawEvidence {
  return calmRaw({
    samples: makeSeries({
      seconds: 60,
      at: (s) => ({
        ...calm(s),
        errorShare: s >= 45 ? 0.35 : 0.002,
        saturation: { handles: 0.15, cache: Math.min(1, 0.2 + (0.8 * Math.max(0, s - 15)) / 30) },
      }),
    }),
    logs: [...info, ...makeLines('warn', 45, 60, 100, (i) => `cache full, request ${i} shed`)],
  });
}

/** Payments fails from second 45 on; calls to it pile up in the service's handles. */
export function dependencyFails(): RawEvidence {
  return calmRaw({
    samples: makeSeries({
      seconds: 60,
      at: (s) => (s < 44 ? calm(s) : { rate: traffic(s), errorShare: 0.2, latencyMs: 300, saturation: { handles: s > 46 ? 0.95 : 0.5, cache: 0.2 } }),
    }),
    neighbours: [{ service: 'payments', samples: payments(44) }],
    logs: [...info, ...makeLines('error', 45, 60, 100, (i) => `payments did not answer within ${200 + i} ms`)],
  });
}

/** 1.5.0 (guilty) at second 36, 1.5.1 at second 40, failing from 46 on. In round 2 Nightshift went back to 1.5.0 at second 64, which changed nothing. */
export function twoReleases(round: 1 | 2): RawEvidence {
  const later = round === 2;
  const seconds = later ? 76 : 60;
  const own = deployment(64, '1.5.1', '1.5.0', 'nightshift');
  return calmRaw({
    round,
    now: T0 + seconds * 1000,
    samples: makeSeries({ seconds, restarts: later ? [36, 40, 64] : [36, 40], at: (s) => (s < 64 ? leaking(40, 46)(s) : leaking(64, 66)(s)) }),
    logs: [...info, ...makeLines('error', 46, seconds, 90, (i) => `checkout failed: no free handle (${i})`)],
    changes: [deployment(36, '1.4.0', '1.5.0'), deployment(40, '1.5.0', '1.5.1'), ...(later ? [own] : [])],
    targets: [{ service: 'bookshop', release: later ? '1.5.0' : '1.5.1', releases: ['1.4.0', '1.5.0', '1.5.1'], previousRelease: later ? '1.5.1' : '1.5.0' }],
  });
}

/** A fifth of the requests fail from second 46 on without a word in the log and without a change. */
export function unknownFault(): RawEvidence {
  return calmRaw({ samples: makeSeries({ seconds: 60, at: (s) => ({ ...calm(s), errorShare: s >= 46 ? 0.22 : 0.002 }) }) });
}

/** 1.5.0 failed from second 20 to 30 and was rolled back; then 1.5.1 came at second 52 and fails from 54 on, in the same words. It was measured as well from second 34 on. */
export function relapsed(): RawEvidence {
  const bad = (second: number): boolean => (second >= 20 && second < 30) || second >= 54;
  return calmRaw({
    round: 2,
    firstAlertAt: T0 + 56_000,
    wellSince: T0 + 34_000,
    samples: makeSeries({ seconds: 60, restarts: [18, 30, 52], at: (s) => ({ ...calm(s), errorShare: bad(s) ? 0.4 : 0.002 }) }),
    logs: [...info, ...[20, 54].flatMap((from) => makeLines('error', from, from + 6, 90, (i) => `checkout failed: no free handle (${i})`))],
    changes: [deployment(18, '1.4.0', '1.5.0'), deployment(30, '1.5.0', '1.4.0', 'nightshift'), deployment(52, '1.4.0', '1.5.1', 'cleo')],
    targets: [{ service: 'bookshop', release: '1.5.1', releases: ['1.4.0', '1.5.0', '1.5.1'], previousRelease: '1.4.0', startedAt: iso(52) }],
  });
}
