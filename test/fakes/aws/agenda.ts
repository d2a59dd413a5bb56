import type { FakeClock } from './clock';

/** What is to happen at moments of the fake's clock, without any timer: it happens when somebody looks next, as of its own moment. */
export interface Agenda {
  /** Does something at a moment (milliseconds since the epoch); what is of one moment is done in the order in which it was planned. */
  at(time: number, run: (at: number) => void): void;
  /** Does something so many milliseconds of the world's pace after a moment. */
  after(from: number, ms: number, run: (at: number) => void): void;
  /** Does everything that is due. */
  settle(): void;
}

/** An empty one; `pace` is what durations are multiplied by. */
export function makeAgenda(clock: FakeClock, pace: number): Agenda {
  const plans: { readonly time: number; readonly run: (at: number) => void }[] = [];
  let running = false;
  const agenda: Agenda = {
    at(time, run) {
      const later = plans.findIndex((plan) => plan.time > time);
      plans.splice(later < 0 ? plans.length : later, 0, { time, run });
    },
    after: (from, ms, run) => agenda.at(from + ms * pace, run),
    settle() {
      if (running) return;
      running = true;
      try {
        for (let next = plans[0]; next && next.time <= clock.now(); next = plans[0]) {
          plans.shift();
          next.run(next.time);
        }
      } finally {
        running = false;
      }
    },
  };
  return agenda;
}
