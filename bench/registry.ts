import { clusterPrograms } from '../scripts/cluster/programs';
import type { Benchmark } from './benchmark';
import { causesBenchmark } from './causes/causes';
import { benchCluster } from './cluster/cluster';
import { confidenceBenchmark } from './confidence/confidence';
import { detectorBenchmark } from './detector/detector';
import { benchForecast } from './forecast/forecast';
import { forecastTable } from './forecast/table';
import { hookBenchmark } from './hook/hook';
import { benchIncidents } from './incidents';
import { benchIntake } from './intake/intake';
import { kinesisBenchmark } from './kinesis/benchmark';
import { rcaBenchmark } from './rca/rca';
import { benchRcf } from './rcf/rcf';
import { rcfTable } from './rcf/table';
import { lookbackBenchmark } from './lookback/benchmark';
import { LOGS } from './logs/benchmark';
import { matrixBenchmark } from './matrix/matrix';
import { nabBenchmark } from './nab/nab';
import { redactBenchmark } from './redact/benchmark';
import { benchStorm } from './storm/storm';
import { clusterTable, incidentsTable, intakeTable, stormTable } from './table';

/** Every benchmark by its name. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  incidents: {
    about: `Priced incidents (1 firing, 1 repeated and 1 resolved alert, approved by update, one step, measured, not
watched) against a bare workflow with one activity that does nothing, on one server of their own, in 5
interleaved pairs. About 3 minutes. --cluster: the same beside two workers on PostgreSQL with Temporal on
PostgreSQL (the services of docker-compose.yml as plain processes), 3 pairs each, and then 200 open
incidents of which one worker is killed. Needs PostgreSQL's programs and, the first time, Go. About 8 minutes.`,
    options: { cluster: { type: 'boolean' } },
    temporal: true,
    async run({ options, env, program, log, tell }) {
      if (options['cluster'] !== true) {
        const result = await benchIncidents({ program, log, tell });
        return { result, table: incidentsTable(result) };
      }
      const result = await benchCluster({ programs: clusterPrograms(env), path: env['PATH'] ?? '', log, tell });
      return { result, table: clusterTable(result) };
    },
  },
  intake: {
    about: `Distinct alerts of 40 services over HTTP into an embedded system: single, in batches of 50, the way from the
acknowledgement to the workflow, and points of metrics into the archive, with Alertmanager (where it is
installed) under the same load. About 3 minutes.`,
    temporal: true,
    async run({ env, tell }) {
      const result = await benchIntake({ env, tell });
      return { result, table: intakeTable(result) };
    },
  },
  logs: LOGS,
  storm: {
    about: '100,000 alerts of 40 groups on 40 services: is each kept, and in the incident of its group? About 5 minutes.',
    temporal: true,
    async run({ env, tell }) {
      const result = await benchStorm({ env, tell });
      return { result, table: stormTable(result) };
    },
  },
  rcf: {
    about: `Our Random Cut Forest and AWS's for Java (from Maven Central; needs a JDK and Maven) on the same points, 8
dimensions, 50 trees of 256 points, one thread, in 5 interleaved rounds. About 1 minute.`,
    temporal: false,
    async run({ env, tell }) {
      const result = await benchRcf({ env, tell });
      return { result, table: rcfTable(result) };
    },
  },
  confidence: confidenceBenchmark,
  nab: nabBenchmark,
  matrix: matrixBenchmark,
  detector: detectorBenchmark,
  hook: hookBenchmark,
  kinesis: kinesisBenchmark,
  lookback: lookbackBenchmark,
  redact: redactBenchmark,
  rca: rcaBenchmark,
  causes: causesBenchmark,
  forecast: {
    about: `Forecasts of held-out time: error against seasonal naive, coverage of intervals, and alarms before limits are broken.
--data DIR: CSV files \`timestamp,value\`, one a series; else generated ones. --peer: statsmodels beside it, from
PyPI. About 5 minutes, the peer 10 more.`,
    options: { data: { type: 'string' }, peer: { type: 'boolean' } },
    temporal: false,
    async run(bench) {
      const result = await benchForecast(bench);
      return { result, table: forecastTable(result) };
    },
  },
};
