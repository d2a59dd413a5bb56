import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AlertNote } from '../../domain/alert';
import type { CauseKind } from '../../domain/names';
import { Closing } from '../stage/closing';
import { assessAll } from './assess';
import type { Models } from './assess';
import { runConfig } from './config';
import { toldAlert, watch } from './freeze';
import type { Watching } from './freeze';
import { inWords, judgeRounds, unseen } from './judge';
import type { Judged } from './judge';
import { measureLateness } from './lateness';
import { MODES } from './model';
import type { Mode } from './model';
import { PEERS } from './peers';
import type { Peer } from './peers';
import type { Plan } from './scenarios';
import { openShop } from './shop';

/** One run: what was judged in each mode, and what the peers say of the same evidence. */
export interface Run {
  readonly plan: Plan;
  readonly judged: Readonly<Record<Mode, Judged>>;
  readonly said: Readonly<Record<Mode, string>>;
  /** What became of the question to the model. */
  readonly heard: Readonly<Record<Mode, string>>;
  readonly peers: Readonly<Record<Peer, CauseKind>>;
  /** From the trouble to the alert, milliseconds; null where none came. */
  readonly alertMs: number | null;
  /** The longest that the machine let this process wait meanwhile, milliseconds. */
  readonly lateMs: number;
  /** How often it was played before, as the machine was too busy. */
  readonly repeats: number;
}

/** The longest of the faults needs about ten seconds. */
const ALERT_WITHIN_MS = 45_000;

/** What a run is played with. */
export interface Around {
  readonly models: Models;
  readonly log: Logger;
  /** Folder that gets the plan, the alert and the evidence of each run. */
  readonly keep?: string;
}

/** Plays a run with a bookshop of its own and judges it. */
export async function runOne(plan: Plan, { models, log, keep }: Around): Promise<Omit<Run, 'repeats'>> {
  return using(async (closing) => {
    const dir = await mkdtemp(join(tmpdir(), 'nightshift-causes-'));
    closing.add(() => rm(dir, { recursive: true, force: true }));
    const played = await openShop(plan, dir, closing);
    const startup = await runConfig(plan.scenario, dir, played.shop);
    const watching = watch(startup, log, closing);
    const lateness = measureLateness();
    closing.add(async () => lateness.stop());
    const from = await played.play(plan, (change) => watching.store.changes.record([change]));
    const alert = await alertOf(plan, watching, from);
    const alertMs = Date.now() - from;
    const lateMs = lateness.longestMs();
    if (!alert) return missed(plan, lateMs);
    const bundle = await watching.freeze(alert);
    if (keep !== undefined) await keepRun(keep, { plan, lateMs, alertMs, alert, bundle });
    const { remedy, cause } = plan.truth;
    const assessed = await assessAll({ startup, watching, bundle, alert }, models, remedy.kind === 'back' ? remedy.to.length : 1);
    const by = <T>(of: (mode: Mode) => T): Readonly<Record<Mode, T>> => Object.fromEntries(MODES.map((mode) => [mode, of(mode)])) as Record<Mode, T>;
    return {
      ...{ plan, alertMs, lateMs },
      judged: by((mode) => judgeRounds(plan.truth, assessed[mode].rounds)),
      said: by((mode) => `${cause} is ${inWords(assessed[mode].rounds)}`),
      heard: by((mode) => assessed[mode].heard),
      peers: { newestChange: PEERS.newestChange(bundle), loudestSignal: PEERS.loudestSignal(bundle) },
    };
  });
}

async function keepRun(dir: string, kept: { readonly plan: Plan; readonly [what: string]: unknown }): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, `${kept.plan.scenario}-${String(kept.plan.seed)}.json`), `${JSON.stringify(kept, undefined, 1)}\n`);
}

async function alertOf({ toldAfter }: Plan, watching: Watching, from: number): Promise<AlertNote | undefined> {
  if (toldAfter === undefined) return watching.alertSince(from, ALERT_WITHIN_MS);
  await delay(Math.max(0, from + toldAfter - Date.now()));
  return toldAlert(Date.now());
}

function missed(plan: Plan, lateMs: number): Omit<Run, 'repeats'> {
  const all = <T>(value: T): Readonly<Record<Mode, T>> => ({ off: value, on: value, lying: value, silent: value });
  const nothing = { newestChange: 'undetermined', loudestSignal: 'undetermined' } as const;
  return { plan, judged: all(unseen(plan.truth)), said: all(inWords([])), heard: all('none'), peers: nothing, alertMs: null, lateMs };
}

async function using<T>(work: (closing: Closing) => Promise<T>): Promise<T> {
  const closing = new Closing();
  try {
    return await work(closing);
  } finally {
    await closing.close();
  }
}
