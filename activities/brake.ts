import type { BrakeRule } from '../domain/brake';
import type { Clock } from '../ports/clock';
import type { KillSwitch, TransitionStore } from '../ports/store';

/** What the brake works with; `onWritten` wakes whoever sends notifications. */
export interface BrakeDeps {
  readonly killSwitch: Pick<KillSwitch, 'brake'>;
  readonly rule: BrakeRule;
  readonly clock: Clock;
  readonly onWritten: () => void;
}

/** Looks whether too many incidents opened at once, and turns the kill switch on where they did. */
export async function considerBrake(deps: BrakeDeps): Promise<void> {
  if (await deps.killSwitch.brake(deps.rule, deps.clock.now())) deps.onWritten();
}

/** Transitions that look at the brake whenever one opens an incident; a failure there fails the transition, which is then sent again. */
export function braking(transitions: TransitionStore, deps: BrakeDeps): TransitionStore {
  return {
    async apply(transition) {
      const head = await transitions.apply(transition);
      if (transition.records.some((record) => record.kind === 'opened')) await considerBrake(deps);
      return head;
    },
  };
}
