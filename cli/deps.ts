import type { Catalogue } from '../config/catalogue';
import type { ClientSettings } from '../config/client';
import type { NightshiftConfig, SystemRole } from '../config/types';
import type { LookbackReport } from '../domain/lookback/report';
import type { Severity } from '../domain/names';
import type { AwsRole } from '../domain/aws/calls';
import type { Clock } from '../ports/clock';
import type { Objects } from '../ports/objects';
import type { SealedTexts } from '../ports/sealed';
import type { BackupSummary } from '../ports/store';

/** The terminal, or the pipes, that a command talks over. Data goes to `stdout`, everything else to `stderr`. */
export interface CliIo {
  /** `done` is called when more may be written. */
  readonly stdout: { write(text: string | Uint8Array, done?: () => void): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: NodeJS.ReadableStream;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** False where NO_COLOR is set; pipes are never coloured anyway. */
  readonly color: boolean;
}

/** Options of `nightshift demo`. */
export interface DemoOptions {
  /** Name of the fault, or `list`; the default fault when absent. */
  readonly fault?: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly keep: boolean;
}

/** What a restore did; `keptIn` is the folder that holds what was there before. */
export interface Restored extends BackupSummary {
  readonly keptIn?: string;
}

/** Options of `nightshift init`. */
export interface InitOptions {
  readonly service: string;
  readonly environment: string;
  /** Folder that the file is written into; the working folder when absent. */
  readonly dir?: string;
  readonly metrics?: string;
  readonly log?: string;
  /** Program, with its first arguments, that knows `current`, `releases`, `deploy` and `restart`. */
  readonly program?: readonly string[];
  readonly json: boolean;
}

/** What `nightshift init --aws` is to do. */
export interface InitAwsOptions {
  /** Whose account is looked through. */
  readonly aws: AwsLookback;
  /** Environment of what no tag says another of. */
  readonly environment: string;
  /** Folder that the file is written into; the working folder when absent. */
  readonly dir?: string;
  readonly json: boolean;
}

/** Which part of AWS a look back reads. */
export interface AwsLookback {
  /** Of the AWS configuration; what the environment says when absent. */
  readonly profile?: string;
  /** None stands for the one of the profile. */
  readonly regions: readonly string[];
}

/** A report, and what forgets the parts that it was made of, once it is written. */
export interface LookedBack {
  readonly report: LookbackReport;
  readonly finish: () => Promise<void>;
}

/** Options of `nightshift lookback`. */
export interface LookbackOptions {
  readonly prometheus?: string;
  readonly alertmanager?: string;
  /** File with the bearer token for both. */
  readonly tokenFile?: string;
  readonly aws?: AwsLookback;
  readonly sinceMs: number;
  readonly severities: readonly Severity[];
  /** IANA zone; this machine's when absent. */
  readonly zone?: string;
  readonly maxUsd: number;
  /** File that parts are kept in. */
  readonly resume?: string;
  readonly config?: string;
  /** Tells the person who waits, a line. */
  readonly tell: (line: string) => void;
}

/** What `nightshift doctor --aws` does: with `policy` it prints that of the role and looks at nothing. */
export interface DoctorAws {
  readonly policy: boolean;
  readonly role: AwsRole;
}

/** Commands that run a system of their own; each returns its exit code. `config` is a path as it was typed. */
export interface Launchers {
  start(options: { readonly config?: string; readonly json: boolean; readonly role: SystemRole }): Promise<number>;
  demo(options: DemoOptions): Promise<number>;
  /** With `model` it asks the configured model one short question, which costs a little. */
  doctor(options: { readonly config?: string; readonly json: boolean; readonly aws?: DoctorAws; readonly model?: boolean }): Promise<number>;
  /** Says whether the code at hand can carry on what is open on the server of the running system. Throws `unreachable` when nothing runs. */
  upgradeCheck(options: { readonly config?: string; readonly json: boolean }): Promise<number>;
  /** Throws `locked` while Nightshift runs, `invalid_input` and `conflict` for a file that is no whole backup of a version that is known here. */
  restore(options: { readonly file: string; readonly config?: string }): Promise<Restored>;
  init(options: InitOptions): Promise<number>;
  /** Finds services in AWS and writes them down. Throws `conflict` where a configuration is there, `unreachable` where nothing can be read. */
  initAws(options: InitAwsOptions): Promise<number>;
  /** Reads the past; undefined when the person stopped it. Throws `refused` beyond `maxUsd`, `unreachable` where nothing can be read. */
  lookback(options: LookbackOptions): Promise<LookedBack | undefined>;
}

/** Everything that the command line is given; it reads neither environment nor clock itself. */
export interface CliDeps {
  readonly io: CliIo;
  readonly clock: Clock;
  readonly version: string;
  /** Settings of the API client; `config` is a configuration file that the person named. */
  clientSettings(config?: string): Promise<ClientSettings> | ClientSettings;
  /** Reads the configuration as a process of the role (`all` when absent) would, and looks whether the programs that it names are there; throws `invalid_config` with every problem. */
  loadConfig(config?: string, role?: SystemRole): Promise<NightshiftConfig> | NightshiftConfig;
  /** Reads the named runbook files, or the built-in catalogue with the team's own where none is named; what cannot be read is among the problems. */
  loadCatalogue(options: { readonly files?: readonly string[]; readonly config?: string }): Promise<Catalogue> | Catalogue;
  /** A folder, `s3://bucket/prefix`, or the bucket that the configuration names for the archive where none is given. */
  objects(target: string | undefined, config?: string): Promise<Objects> | Objects;
  /** A folder, or `s3://bucket/prefix` under Object Lock with the credentials that the configuration names. */
  sealed(target: string, config?: string): Promise<SealedTexts> | SealedTexts;
  readonly launchers: Launchers;
  /** Pause between two looks of `incident watch`, milliseconds; 1,000 when absent. */
  readonly watchEveryMs?: number;
}
