import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CliIo, DoctorAws } from '../cli/deps';
import { EXIT } from '../cli/exit-codes';
import { loadClientSettings } from '../config/client';
import { temporalProgram } from '../config/environment';
import { packageRoot } from '../config/package-root';
import { loadStartup } from '../config/startup';
import type { Startup } from '../config/startup';
import type { Environment, NightshiftConfig } from '../config/types';
import type { AwsRole } from '../domain/aws/calls';
import { errorMessage, NightshiftError } from '../domain/errors';
import { plainText } from '../domain/plain-text';
import { ATTRIBUTES } from '../domain/search-attributes';
import { awsFindings, rolePolicy } from './doctor-aws';
import { githubFindings } from './doctor-github';
import { reasoningFindings } from './doctor-reasoning';
import { runbookFindings } from './doctor-runbooks';
import { serviceFindings } from './doctor-services';
import type { Finding } from './doctor-services';
import { connectClient, temporalPlace } from './connect';
import type { TemporalPlace } from './connect';
import { idleActionsPerDay } from './system';

/** What `nightshift doctor` is given. */
export interface DoctorOptions {
  readonly io: CliIo;
  readonly env: Environment;
  readonly cwd: string;
  readonly config?: string;
  readonly json: boolean;
  readonly aws?: DoctorAws;
  readonly model?: boolean;
}

/** A server that takes longer is none that one can work with. */
const ANSWER_MS = 3_000;

/** Looks at everything that Nightshift needs, changes nothing, and says how to mend what is wrong. */
export async function doctor(options: DoctorOptions): Promise<number> {
  if (options.aws?.policy === true) return printPolicy(options, options.aws.role);
  const findings: Finding[] = [nodeFinding()];
  const startup = configFinding(options, findings);
  const config = startup?.config;
  if (startup) findings.push(...(await startupFindings(startup)));
  if (options.aws && startup) findings.push(...(await awsFindings(startup.config.aws, startup.config.services)));
  if (startup) findings.push(...(await reasoningFindings(startup.config, options.model === true)));
  const api = await apiFinding(options);
  findings.push(await temporalFinding(options.env, config, api.ready), api.finding);
  const idle = config ? idleActionsPerDay(config) : 0;
  findings.push({ check: 'idle cost', ok: true, detail: `${String(idle)} billable Temporal actions a day without incidents` });
  const ok = findings.every((f) => f.ok);
  if (options.json) {
    options.io.stdout.write(`${JSON.stringify({ ok, idleActionsPerDay: idle, findings })}\n`);
  } else {
    for (const f of findings)
      options.io.stdout.write(
        `${f.ok ? 'ok    ' : 'wrong '} ${f.check.padEnd(16)} ${plainText(f.detail)}\n${f.ok || f.mend === undefined ? '' : `       ${' '.repeat(16)} ${plainText(f.mend)}\n`}`,
      );
  }
  return ok ? EXIT.ok : EXIT.failed;
}

async function startupFindings({ config, catalogue }: Startup): Promise<Finding[]> {
  const clock = { now: () => Date.now() };
  const repository = await runbookFindings(config, catalogue, clock);
  const actions = await githubFindings(config.actions, clock);
  return [...repository.findings, ...actions, ...(await serviceFindings(config, [...catalogue, ...repository.runbooks], clock))];
}

/** A policy is needed before there is a configuration, so that one that cannot be read is no reason to print none. */
function printPolicy(options: DoctorOptions, role: AwsRole): number {
  const config = configFinding(options, [])?.config;
  const reasoner = config?.reasoning?.provider === 'bedrock' ? [config.reasoning.bedrock.account] : [];
  options.io.stdout.write(`${JSON.stringify(rolePolicy(role, config?.aws, config?.services, reasoner), undefined, 2)}\n`);
  return EXIT.ok;
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { check: 'node', ok, detail: process.versions.node, mend: 'Install Node 20.19 or newer; 22 or 24 for production.' };
}

function configFinding(options: DoctorOptions, findings: Finding[]): Startup | undefined {
  try {
    const startup = loadStartup({
      root: packageRoot(),
      env: options.env,
      cwd: options.cwd,
      ...(options.config === undefined ? {} : { file: options.config }),
    });
    findings.push({ check: 'configuration', ok: true, detail: startup.config.file ?? 'defaults; no nightshift.yaml here' });
    return startup;
  } catch (error) {
    const problems = error instanceof NightshiftError ? error.problems.map((p) => `${p.path}: ${p.message}`) : [];
    findings.push({
      check: 'configuration',
      ok: false,
      detail: [errorMessage(error), ...problems].join('; '),
      mend: 'npx nightshift config check, or npx nightshift init for a first one.',
    });
    return undefined;
  }
}

async function temporalFinding(env: Environment, config: NightshiftConfig | undefined, ready: boolean): Promise<Finding> {
  const address = config?.temporal.address;
  if (address !== undefined) return serverFinding(config ? temporalPlace(address, config.temporal) : { address }, config?.temporal.namespace ?? 'default');
  const program = temporalProgram(env);
  if (program === undefined && ready) return { check: 'temporal', ok: true, detail: 'the system that runs here has a server that answers' };
  if (program === undefined)
    return { check: 'temporal', ok: false, detail: 'no server program was found', mend: 'npm start gets one, or set TEMPORAL_ADDRESS to a running server.' };
  try {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return { check: 'temporal', ok: true, detail: `${stdout.trim()} (${program})` };
  } catch (error) {
    return {
      check: 'temporal',
      ok: false,
      detail: `${program} does not run: ${errorMessage(error)}`,
      mend: 'Set NIGHTSHIFT_TEMPORAL_CLI to a working program.',
    };
  }
}

async function serverFinding(place: TemporalPlace, namespace: string): Promise<Finding> {
  const { address } = place;
  try {
    const connection = await connectClient(place, ANSWER_MS);
    try {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.values(ATTRIBUTES).filter((name) => !Object.hasOwn(customAttributes, name));
      const detail = missing.length === 0 ? `${address} answers` : `${address} answers; made at the next start: ${missing.join(', ')}`;
      return { check: 'temporal', ok: true, detail };
    } finally {
      await connection.close();
    }
  } catch (error) {
    return {
      check: 'temporal',
      ok: false,
      detail: errorMessage(error),
      mend: 'Start it, or unset TEMPORAL_ADDRESS to use the embedded server.',
    };
  }
}

/** `ready`: a system runs, and its store and its Temporal server answer. */
async function apiFinding(options: DoctorOptions): Promise<{ readonly finding: Finding; readonly ready: boolean }> {
  try {
    const { apiUrl } = loadClientSettings({ env: options.env, cwd: options.cwd, ...(options.config === undefined ? {} : { file: options.config }) });
    const reply = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(3_000) });
    const detail = `${apiUrl} ${reply.ok ? 'is ready' : `answers ${String(reply.status)}`}`;
    return { finding: { check: 'api', ok: reply.ok, detail, mend: 'Its log says why.' }, ready: reply.ok };
  } catch {
    return { finding: { check: 'api', ok: true, detail: 'nothing runs here now; start it with npm start' }, ready: false };
  }
}
