import { Option } from 'commander';
import type { Command } from 'commander';
import { SYSTEM_ROLES } from '../../config/types';
import type { SystemRole } from '../../config/types';
import { AWS_ROLES } from '../../domain/aws/calls';
import type { AwsRole } from '../../domain/aws/calls';
import { NightshiftError } from '../../domain/errors';
import { regions } from '../arguments';
import type { InitOptions } from '../deps';
import type { Run } from '../run';
import { configOf, isJson, leaf } from '../run';

/** Adds the commands that run by themselves: `init`, `start`, `demo`, `doctor`, `upgrade check`. */
export function addLaunchCommands(program: Command, run: Run): void {
  const { launchers } = run.deps;
  addInit(program, run);
  leaf(program, 'start', 'run Nightshift until it is stopped: Temporal, worker and API')
    .addOption(roleOption())
    .action(async ({ role }: { role: SystemRole }, command: Command) => {
      run.exitCode = await launchers.start({ ...common(command), role });
    });
  leaf(program, 'demo', 'break a real service and watch Nightshift mend it')
    .option('--fault <name>', 'the fault; "list" names them')
    .addOption(
      new Option('--target <world>', 'where the service runs; aws: on a fake one on this machine, which only a clone has')
        .choices(['local', 'aws'])
        .default('local'),
    )
    .option('--yes', 'approve as "demo" without asking', false)
    .option('--keep', 'leave everything running at the end', false)
    .action(async (options: { fault?: string; target: string; yes: boolean; keep: boolean }, command: Command) => {
      if (options.target === 'aws')
        throw new NightshiftError('invalid_input', 'The fake AWS is part of the repository: in a clone run npm run demo -- --target aws.');
      const fault = options.fault === undefined ? {} : { fault: options.fault };
      run.exitCode = await launchers.demo({ ...fault, yes: options.yes, json: isJson(command), keep: options.keep });
    });
  leaf(program, 'doctor', 'check what Nightshift needs and how it is, and say how to mend it')
    .option('--aws', 'look at the accounts of AWS too: whose the credentials are, and what they may read', false)
    .option('--model', 'ask the model of `reasoning` one short question, which costs a few tokens', false)
    .option('--policy', 'with --aws: print the policy that a role of AWS needs, and look at nothing', false)
    .addOption(new Option('--role <role>', 'with --policy: whose policy').choices([...AWS_ROLES, 'actuator']).default('observer'))
    .action(async ({ aws, policy, role, model }: { aws: boolean; policy: boolean; role: AwsRole; model: boolean }, command: Command) => {
      if (policy && !aws) throw new NightshiftError('invalid_input', '--policy belongs to --aws.');
      run.exitCode = await launchers.doctor({ ...common(command), ...(aws && { aws: { policy, role } }), ...(model && { model }) });
    });
  const upgrade = program.command('upgrade').description('before new code replaces the code that runs');
  leaf(upgrade, 'check', 'replay every open workflow of the running system against this code, and say whether it is safe to deploy')
    .addHelpText('after', '\nExit codes: 0 safe, 1 not safe, 3 no Temporal server was reached. It only reads.')
    .action(async (_options: unknown, command: Command) => {
      run.exitCode = await launchers.upgradeCheck(common(command));
    });
}

interface Init extends Omit<InitOptions, 'json' | 'program' | 'service'> {
  readonly service?: string;
  readonly aws?: true;
  readonly profile?: string;
  readonly region?: readonly string[];
}

function addInit(program: Command, run: Run): void {
  leaf(program, 'init [program...]', 'write a first nightshift.yaml for a service of yours, or those found in AWS, which are only observed')
    .option('--service <name>', 'what the service is called')
    .option('--environment <name>', 'where it runs; with --aws where runs what no tag tells it of', 'production')
    .option('--metrics <url>', 'its metrics in Prometheus text; they are looked at')
    .option('--log <file>', 'its log file')
    .option('--dir <folder>', 'where nightshift.yaml is written; this folder when left out')
    .option('--aws', 'find services in an account of AWS, which is only read')
    .option('--profile <name>', 'with --aws: the profile of the AWS configuration')
    .option('--region <regions>', 'with --aws: a region, or several with commas between; may be given more than once', regions)
    .addHelpText(
      'after',
      '\nAfter -- comes the program, with its first arguments, that knows current, releases, deploy RELEASE and restart:\n  nightshift init --service shop -- ./ctl\n  nightshift init --aws --profile acme --region eu-central-1,us-east-1',
    )
    .action(async (words: string[], options: Init, command: Command) => {
      run.exitCode = await begin(words, options, isJson(command), run);
    });
}

function begin(words: readonly string[], { aws, profile, region, service, ...rest }: Init, json: boolean, { deps: { launchers } }: Run): Promise<number> {
  if (aws === true) {
    const [other] = [service !== undefined && '--service', rest.metrics !== undefined && '--metrics', rest.log !== undefined && '--log'].filter(Boolean);
    if (other || words.length > 0) throw new NightshiftError('invalid_input', `${other || 'A program'} is for one service; --aws finds services by itself.`);
    if (!region) throw new NightshiftError('invalid_input', 'Say where to look: --region eu-central-1, or several with commas between.');
    const { environment, dir } = rest;
    return launchers.initAws({ aws: { ...(profile !== undefined && { profile }), regions: region }, environment, ...(dir !== undefined && { dir }), json });
  }
  if (profile !== undefined || region) throw new NightshiftError('invalid_input', '--profile and --region belong to --aws.');
  if (service === undefined) throw new NightshiftError('invalid_input', 'Say what the service is called: --service NAME; or find services with --aws.');
  return launchers.init({ ...rest, service, ...(words.length > 0 ? { program: words } : {}), json });
}

/** `--role`: what one process runs. */
export function roleOption(): Option {
  return new Option('--role <role>', 'what this process runs; worker and api need PostgreSQL and a Temporal server').choices(SYSTEM_ROLES).default('all');
}

function common(command: Command): { readonly config?: string; readonly json: boolean } {
  const config = configOf(command);
  return { ...(config === undefined ? {} : { config }), json: isJson(command) };
}
