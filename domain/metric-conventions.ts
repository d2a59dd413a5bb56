/** One series of a Prometheus text: the name of the metric and its labels. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels that common clients give the status of an answer, and the route of a request; the first that a series has counts. */
export const STATUS_LABELS = ['status', 'code', 'status_code', 'http_status_code', 'http_response_status_code', 'response_code', 'http_status'] as const;
/** See STATUS_LABELS. */
export const ROUTE_LABELS = ['route', 'handler', 'path', 'uri', 'endpoint', 'http_route', 'url_rule'] as const;

/** Names of common counters of requests with the histogram that goes with them. */
const CONVENTIONS: readonly { readonly requests: string; readonly latency: string; readonly unit?: 'milliseconds' }[] = [
  { requests: 'http_requests_total', latency: 'http_request_duration_seconds' },
  // A histogram counts requests too; express-prom-bundle and many handwritten ones have nothing else.
  { requests: 'http_request_duration_seconds_count', latency: 'http_request_duration_seconds' },
  // Spring Boot (Micrometer).
  { requests: 'http_server_requests_seconds_count', latency: 'http_server_requests_seconds' },
  // OpenTelemetry, now and before its names were settled.
  { requests: 'http_server_request_duration_seconds_count', latency: 'http_server_request_duration_seconds' },
  { requests: 'http_server_duration_milliseconds_count', latency: 'http_server_duration_milliseconds', unit: 'milliseconds' },
  // Rack, Flask, Starlette, ASP.NET, axum.
  { requests: 'http_server_requests_total', latency: 'http_server_request_duration_seconds' },
  { requests: 'flask_http_request_total', latency: 'flask_http_request_duration_seconds' },
  { requests: 'starlette_requests_total', latency: 'starlette_request_duration_seconds' },
  { requests: 'http_requests_received_total', latency: 'http_request_duration_seconds' },
  { requests: 'axum_http_requests_total', latency: 'axum_http_requests_duration_seconds' },
];

/** The first of some labels that a series has. */
export function firstLabel(labels: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  const name = names.find((each) => labels[each] !== undefined);
  return name === undefined ? undefined : labels[name];
}

/** What of a service's metrics is understood. */
export interface RecognisedMetrics {
  /** Counter of requests; absent where none is known by its name. */
  readonly requests?: string;
  /** Histogram of how long they take; absent where there is none with buckets. */
  readonly latency?: string;
  readonly unit?: 'milliseconds';
  /** Whether requests carry a status, without which no error can be told from a success. */
  readonly hasStatus: boolean;
  /** Routes of requests that are the watching itself. */
  readonly ownRoutes: readonly string[];
  /** Gauges that fill up, with the gauge of their limit. */
  readonly saturation: readonly { readonly name: string; readonly used: string; readonly limit: string }[];
  readonly memory: boolean;
  readonly startTime: boolean;
  /** Names that may be meant where no counter of requests was found. */
  readonly candidates: readonly string[];
}

const OWN_ROUTE = /^\/?(metrics|healthz?|health\/.*|livez|readyz|ready|live|ping|actuator\/.*|-\/.*)$/;
const MOST_CANDIDATES = 8;

/** Finds the metrics of requests, latency and the process by the conventions of common clients. `declared` are the types by name of the `# TYPE` lines, which stand there before the first request. */
export function recogniseMetrics(series: readonly Series[], declared: Readonly<Record<string, string>>): RecognisedMetrics {
  const names = new Set([...series.map((each) => each.name), ...Object.entries(declared).flatMap(([name, type]) => seriesOf(name, type))]);
  const found = conventionOf(names);
  const requests = series.filter((each) => each.name === found?.requests);
  const routes = requests.flatMap((each) => firstLabel(each.labels, ROUTE_LABELS) ?? []);
  const buckets = found !== undefined && names.has(`${found.latency}_bucket`);
  const hasStatus = requests.some((each) => firstLabel(each.labels, STATUS_LABELS) !== undefined);
  return {
    ...(found ? { requests: found.requests } : {}),
    ...(buckets ? { latency: found.latency } : {}),
    ...(buckets && found.unit ? { unit: found.unit } : {}),
    // Before the first request nobody knows; the usual case is taken.
    hasStatus: found !== undefined && (requests.length === 0 || hasStatus),
    ownRoutes: [...new Set(routes.filter((route) => OWN_ROUTE.test(route)))].sort(),
    memory: names.has('process_resident_memory_bytes'),
    saturation: pairs(series.filter((each) => Object.keys(each.labels).length === 0).map((each) => each.name)),
    startTime: names.has('process_start_time_seconds'),
    candidates: found ? [] : candidates([...names]),
  };
}

/** Names of the series that a declared metric will have. */
function seriesOf(name: string, type: string): string[] {
  if (type === 'histogram') return [`${name}_count`, `${name}_bucket`];
  return type === 'counter' && !name.endsWith('_total') ? [name, `${name}_total`] : [name];
}

function conventionOf(names: ReadonlySet<string>): (typeof CONVENTIONS)[number] | undefined {
  const whole = CONVENTIONS.find((each) => names.has(each.requests) && names.has(`${each.latency}_bucket`));
  const known = whole ?? CONVENTIONS.find((each) => names.has(each.requests));
  if (known) return known;
  // Many put the name of the program before the usual one: `shop_http_requests_total`.
  const prefixed = [...names].flatMap((name) => {
    const convention = CONVENTIONS.find((each) => name.endsWith(`_${each.requests}`));
    if (!convention) return [];
    const prefix = name.slice(0, -convention.requests.length);
    return [{ ...convention, requests: name, latency: `${prefix}${convention.latency}` }];
  });
  return prefixed.find((each) => names.has(`${each.latency}_bucket`)) ?? prefixed[0];
}

/** A gauge and its limit by their names: `x` and `x_limit` or `x_max`, `x_in_use` or `x_active` likewise, and the open files of a process. */
function pairs(names: readonly string[]): { name: string; used: string; limit: string }[] {
  return names.flatMap((used) => {
    const stem = used.replace(/_(in_use|used|active)$/, '');
    const limit = used === 'process_open_fds' ? 'process_max_fds' : [`${stem}_limit`, `${stem}_max`].find((each) => names.includes(each));
    if (limit === undefined || !names.includes(limit)) return [];
    return [{ name: used === 'process_open_fds' ? 'open files' : stem.replaceAll('_', ' '), used, limit }];
  });
}

function candidates(names: readonly string[]): string[] {
  const counters = names.filter((name) => /_(total|count)$/.test(name) && /request|response|http|rpc|call/.test(name));
  return [...new Set(counters)].sort().slice(0, MOST_CANDIDATES);
}

/** What was understood of a service's metrics, a line each, for people. */
export function recognisedLines(found: RecognisedMetrics): string[] {
  if (found.requests === undefined) {
    const hint = found.candidates.length > 0 ? `It may be one of ${found.candidates.join(', ')}` : 'No name looks like one';
    return [`no counter of requests is known by its name. ${hint}; set metrics.names.requests`];
  }
  return [
    `requests are counted by ${found.requests}`,
    ...(found.hasStatus
      ? []
      : ['requests carry no status, so that errors cannot be told: set metrics.names.status, or metrics.names.errors where failures are counted apart']),
    found.latency === undefined ? 'no histogram tells how long they take, so that latency is not watched' : `${found.latency} tells how long they take`,
    ...(found.saturation.length > 0 ? [`resources that can fill up: ${found.saturation.map((each) => each.name).join(', ')}`] : []),
    ...(found.startTime ? [] : ['process_start_time_seconds is missing: a restart is then confirmed only by what the command current tells']),
  ];
}
