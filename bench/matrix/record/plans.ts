/** Customers that come at a mean rate (requests a second) from one second of the recording to another. */
export interface Load {
  readonly rate: number;
  readonly from: number;
  readonly to: number;
}

/** What is done at a second of the recording. `pause` and `resume` are of the recorder; the page of metrics is `blind` until it is `seeing` again. */
export interface Step {
  readonly at: number;
  readonly what: 'restart' | 'deploy' | 'pause' | 'resume' | 'blind' | 'seeing';
}

/** How something is recorded; times are seconds since the recording began. */
export interface Plan {
  readonly name: string;
  readonly about: string;
  readonly seconds: number;
  readonly loads: readonly Load[];
  readonly steps: readonly Step[];
  /** A fault of the practice service, and when it is brought about. */
  readonly fault?: { readonly name: string; readonly at: number };
}

/** Seconds before and after an onset, and by how much it is later in each further recording of one fault: a fraction of the day of 24 s. */
const BEFORE = 60;
const AFTER = 60;
const LATER = 8;
const HEALTHY_SECONDS = 120;
/** What the customers of the demo ask for. */
const USUAL = 64;

/** The `nth` (from 1) recording of a fault. */
export function faultPlan(fault: { readonly name: string; readonly title: string }, nth: number): Plan {
  const at = BEFORE + LATER * (nth - 1);
  const seconds = at + AFTER;
  return { name: `${fault.name}-${String(nth)}`, about: fault.title, seconds, loads: [whole(USUAL, seconds)], steps: [], fault: { name: fault.name, at } };
}

/** Healthy ones by their kind. */
const HEALTHY: Readonly<Record<string, (nth: number) => Pick<Plan, 'about' | 'loads' | 'steps'>>> = {
  steady: () => ({ about: 'the usual traffic', loads: [whole(USUAL)], steps: [] }),
  campaign: (nth) => ({
    about: 'more customers for half a minute',
    loads: [whole(USUAL), { rate: USUAL * 0.4 * nth, from: 40, to: 75 }],
    steps: [],
  }),
  fewer: () => ({
    about: 'half of the customers go away and come back',
    loads: [whole(USUAL / 2), { rate: USUAL / 2, from: 0, to: 50 }, { rate: USUAL / 2, from: 85, to: 120 }],
    steps: [],
  }),
  quiet: () => ({ about: 'a quiet time: a fifth of the traffic', loads: [whole(USUAL / 5)], steps: [] }),
  gaps: (nth) => ({
    about: 'the recorder is away three times',
    loads: [whole(USUAL)],
    steps: [...gap(30 + nth, 3), ...gap(55, 10 + nth), ...gap(95, 6)],
  }),
  blind: () => ({
    about: 'the page of metrics is turned off for a while',
    loads: [whole(USUAL)],
    steps: [
      { at: 60, what: 'blind' },
      { at: 69, what: 'seeing' },
    ],
  }),
  restart: (nth) => ({ about: 'the service is restarted', loads: [whole(USUAL)], steps: [{ at: 60 + 8 * nth, what: 'restart' }] }),
  deployment: (nth) => ({ about: 'a release without a fault is deployed', loads: [whole(USUAL)], steps: [{ at: 60 + 8 * nth, what: 'deploy' }] }),
};

/** Names of the kinds of healthy recordings. */
export const HEALTHY_KINDS: readonly string[] = Object.keys(HEALTHY);

/** The `nth` (from 1) recording of a healthy kind; undefined for a name that is none. */
export function healthyPlan(kind: string, nth: number): Plan | undefined {
  const plan = Object.hasOwn(HEALTHY, kind) ? HEALTHY[kind]?.(nth) : undefined;
  return plan && { ...plan, name: `healthy-${kind}-${String(nth)}`, seconds: HEALTHY_SECONDS };
}

function whole(rate: number, seconds = HEALTHY_SECONDS): Load {
  return { rate, from: 0, to: seconds };
}

function gap(at: number, seconds: number): Step[] {
  return [
    { at, what: 'pause' },
    { at: at + seconds, what: 'resume' },
  ];
}
