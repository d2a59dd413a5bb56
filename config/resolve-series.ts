import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import type { SeriesDefinition } from '../domain/series/definition';
import { SERIES_DEFAULTS } from './schema-series';
import type { SeriesSource } from './schema-series';

/** A declared series with defaults filled in. */
export function resolveSeries(source: SeriesSource): SeriesDefinition {
  const { name, from, measure, window = SERIES_DEFAULTS.windowMs, slide = window, by = [], errors } = source;
  return defined({
    name,
    from: defined({ ...from, labels: from.labels ?? {} }),
    measure,
    windowMs: window,
    slideMs: slide,
    latenessMs: source.lateness ?? SERIES_DEFAULTS.latenessMs,
    settleMs: source.settle ?? SERIES_DEFAULTS.settleMs,
    by,
    errors,
    unit: source.unit ?? unitOf(source),
    limit: limitOf(source.limit),
    anomalies: source.anomalies && defined({ kind: source.anomalies.kind, quietMs: source.anomalies.quiet }),
  });
}

function limitOf(limit: SeriesSource['limit']): SeriesDefinition['limit'] {
  if (!limit) return undefined;
  const { above, below, severity } = limit;
  return defined({ side: above === undefined ? ('below' as const) : ('above' as const), value: above ?? below ?? NaN, severity });
}

/** What does not fit together although each series is well formed. */
export function seriesNameProblems(series: readonly SeriesDefinition[]): Problem[] {
  const names = series.map(({ name }) => name);
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [{ path: `series.${i}.name`, message: `${name} is declared twice; give each series its own name` }] : [],
  );
}

/** Units in the notation of UCUM, as OpenTelemetry has them. */
function unitOf({ measure, from }: SeriesSource): string | undefined {
  if (measure === 'rate') return '1/s';
  if (measure === 'count' || measure === 'error-share') return '1';
  return from.builds ? 'ms' : undefined;
}
